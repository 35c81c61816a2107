/// What the backend itself says of a session: heard in its answers, and asked for again while it has not decided.
///
/// To ask is to send the delivered report once more, under its own key. Nothing is stored for it and no receipt changes: a
/// report that was delivered stays delivered, whatever becomes of an ask.

#include "delivery.hpp"
#include "limits.hpp"

#include <algorithm>
#include <utility>

namespace linktrail {

void Delivery::listen_for(std::list<Record>& delivered) {
  Record& record = delivered.front();
  const Session* const session = state_.current_session();
  if (session == nullptr || session->id != record.report.id) return;
  // Another page may have left an older report of the session; what is said of that counts no more.
  if (report_of(*session, {}).key != record.report.key) return;
  // What was said of an earlier report stands until something is said of this one.
  state_.inquiry = {.milestone = session->milestone(), .verdict = verdict_of(*session), .began_ms = now_.monotonic_ms};
  record.state = DeliveryState::Delivered;
  record.attempts = 0;
  // The share of requests that may outlive the page is left to reports.
  record.is_keepalive = false;
  state_.asked.swap(delivered);
}

BackendVerdict Delivery::verdict_of(const Session& session) const {
  const bool is_known = !state_.asked.empty() && session.id == state_.asked.front().report.id;
  return is_known ? state_.inquiry.verdict : BackendVerdict::None;
}

void Delivery::take_verdict(const VerdictTold& told) {
  const bool is_newest = !state_.asked.empty() && state_.asked.front().post == told.post;
  if (!is_newest || told.verdict == BackendVerdict::None) return;
  state_.inquiry.verdict = told.verdict;
  state_.inquiry.is_heard = true;
  plan_ask();
}

void Delivery::take_answer_to_ask(Verdict verdict) {
  // A body that never ends must not end the asking.
  plan_ask();
  if (verdict == Verdict::Refused) state_.asked.front().state = DeliveryState::Delivered;
  if (verdict != Verdict::Reauthorize || state_.is_disposed || state_.is_resolving_headers) return;
  state_.is_resolving_headers = true;
  emit<ResolveHeaders>(effects_);
}

bool Delivery::is_undecided() const {
  return state_.inquiry.verdict == BackendVerdict::Active && state_.inquiry.is_heard &&
         state_.inquiry.milestone.flow == Flow::Completed && !state_.asked.empty();
}

void Delivery::plan_ask() {
  Record& asked = state_.asked.front();
  asked.state = DeliveryState::Delivered;
  const bool is_over =
      asked.attempts >= limits::asks_max || now_.monotonic_ms - state_.inquiry.began_ms > limits::asking_ms_max;
  if (!is_undecided() || is_over) return;
  // Half of the pause is certain, so that no ask follows at once; the other half spreads a crowd.
  const std::int64_t ceiling_ms = std::min(limits::ask_pause_ms_max, limits::ask_pause_first_ms << asked.attempts);
  asked.state = DeliveryState::Waiting;
  asked.due_ms = now_.monotonic_ms + ceiling_ms / 2 + dice_.roll(ceiling_ms / 2);
}

void Delivery::ask_now() {
  if (!is_undecided()) return;
  Record& asked = state_.asked.front();
  const bool is_under_way = std::any_of(state_.in_flight.begin(), state_.in_flight.end(),
                                        [&](const InFlight& entry) { return entry.post == asked.post; });
  if (is_under_way) return;
  asked.state = DeliveryState::Waiting;
  asked.due_ms = now_.monotonic_ms;
}

Record* Delivery::to_ask() const {
  // Reports that are under way come first.
  if (state_.asked.empty() || state_.is_hidden || state_.is_disposed || !state_.in_flight.empty()) return nullptr;
  Record& asked = state_.asked.front();
  const Session* const session = state_.current_session();
  // A session that has gone on is told of by a newer report, which will be answered.
  const bool is_current =
      session != nullptr && session->id == asked.report.id && session->milestone() == state_.inquiry.milestone;
  return is_current && asked.state == DeliveryState::Waiting ? &asked : nullptr;
}

}  // namespace linktrail
