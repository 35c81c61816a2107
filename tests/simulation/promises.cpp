#include "promises.hpp"

#include "core/bounded_json.hpp"
#include "core/encode.hpp"
#include "core/limits.hpp"
#include "core/retry.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <variant>

namespace linktrail::simulation {
namespace {

using Broken = std::optional<std::string>;

bool is_callback_of_link(const Event& event) {
  return std::holds_alternative<LinkSucceeded>(event) || std::holds_alternative<LinkExited>(event) ||
         std::holds_alternative<LinkEmitted>(event);
}

/// Walks through the effects of one step, in their order.
class Auditor {
 public:
  Auditor(const simulation::Step& step, Ledger& ledger, KeyBook& keys) : step_(step), ledger_(ledger), keys_(keys) {
    for (const Effect& effect : step.effects) {
      if (const auto* settle = std::get_if<Settle>(&effect); settle != nullptr && settle->receipt.id) {
        settled_[settle->receipt.id->value] = settle->receipt.state;
      }
    }
  }

  Broken operator()(const Store& effect) {
    const auto address = read_storage_key(effect.key);
    if (!address || address->page != step_.after.page.value) return "a record is stored under another page's name";
    if (address->scope != step_.after.scope.value) return "a record is stored under another owner";
    const std::string id(address->session_id);
    const std::string key = text_member(effect.text, "idempotency_key");
    if (text_member(effect.text, "link_session_id") != id) return "a record is stored under another session's name";
    const bool is_new = ledger_.stored_keys[id] != key;
    const bool is_completion = text_member(effect.text, "flow") == "completed";
    if (is_new && is_completion && is_callback_of_link(step_.event)) must_leave_now_.insert(key);
    if (is_new) just_stored_.insert(id);
    ledger_.stored_keys[id] = key;
    return std::nullopt;
  }
  Broken operator()(const Erase& effect) {
    const auto address = read_storage_key(effect.key);
    if (!address) return std::nullopt;
    if (address->page != step_.after.page.value) {
      return ledger_.found_keys.contains(effect.key.value)
                 ? std::nullopt
                 : Broken("another page's record is erased without having been found");
    }
    const std::string id(address->session_id);
    const auto settled = settled_.find(id);
    const bool is_expired = settled != settled_.end() && settled->second == DeliveryState::Expired;
    const auto* elsewhere = std::get_if<ForgottenElsewhere>(&step_.event);
    const bool is_forgotten = std::holds_alternative<ForgetRequested>(step_.event) ||
                              (elsewhere != nullptr && !is_since(step_.before, id, *elsewhere, step_.now));
    if (!is_expired && !is_forgotten && !is_acknowledged(id))
      return "a record is erased and the endpoint has not said 2xx: " + id;
    ledger_.stored_keys.erase(id);
    return std::nullopt;
  }
  Broken operator()(const ErasePrefix& effect) {
    if (!std::holds_alternative<ForgetRequested>(step_.event)) return "records are forgotten and nobody asked for it";
    if (effect.prefix != storage_prefix_of(step_.after.scope)) return "other records than this owner's are forgotten";
    ledger_.stored_keys.clear();
    ledger_.delivered.clear();
    ledger_.record_floors_ms.clear();
    return std::nullopt;
  }
  Broken operator()(const Post& effect) {
    const auto report = report_in(effect.body);
    if (!report) return "the body of a request is no report";
    if (report->key != effect.key) return "the key in the header is not the key in the body";
    const auto stored = ledger_.stored_keys.find(report->id.value);
    const auto delivered = ledger_.delivered.find(effect.key.value);
    if (stored == ledger_.stored_keys.end() || stored->second != effect.key.value) {
      if (delivered == ledger_.delivered.end()) return "a report is sent that was not stored before: " + effect.key.value;
      if (auto broken = check_ask(effect, delivered->second)) return broken;
    }
    const bool is_first_of_completion =
        report->flow == Flow::Completed && is_callback_of_link(step_.event) && just_stored_.contains(report->id.value);
    if (is_first_of_completion) {
      ++immediate_posts_;
    } else {
      const std::int64_t floor_ms = std::max(ledger_.floor_ms, ledger_.record_floors_ms[report->id.value]);
      if (step_.now.monotonic_ms < floor_ms) {
        return "a request leaves " + std::to_string(floor_ms - step_.now.monotonic_ms) + " ms before Retry-After";
      }
    }
    must_leave_now_.erase(effect.key.value);
    std::string meaning = report->id.value + ' ' + std::string(wire(report->flow)) + ' ' + std::string(wire(report->outcome));
    const auto [known, is_new] = keys_.try_emplace(effect.key.value, meaning);
    if (!is_new && known->second != meaning) return "one key means two things: " + effect.key.value;
    if (effect.timeout_ms < limits::post_timeout_ms || effect.timeout_ms > limits::post_timeout_ms_max)
      return "a request has no sane timeout";
    return std::nullopt;
  }
  Broken operator()(const WakeAfter& effect) {
    const bool is_sane = effect.delay_ms >= 0 && effect.delay_ms <= limits::wake_ms_max;
    return is_sane ? std::nullopt : Broken("a deadline is out of range");
  }
  Broken operator()(const Settle&) { return std::nullopt; }
  Broken operator()(const ResolveHeaders&) { return std::nullopt; }
  Broken operator()(const Scan&) { return std::nullopt; }
  Broken operator()(const AnswerReceipt&) { return std::nullopt; }
  Broken operator()(const Notify&) { return std::nullopt; }
  Broken operator()(const DriveLink&) { return std::nullopt; }

  /// What can be said only after the last effect.
  Broken finish() {
    if (!must_leave_now_.empty()) return "a completion does not leave in its own callback: " + *must_leave_now_.begin();
    for (const Before::Entry& entry : step_.before.outbox) {
      const bool is_kept = std::any_of(step_.after.outbox.begin(), step_.after.outbox.end(),
                                       [&](const Record& record) { return record.report.id.value == entry.id; });
      if (!is_kept && !settled_.contains(entry.id)) return "a report vanished and nobody was told: " + entry.id;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::size_t immediate_posts() const { return immediate_posts_; }

 private:
  /// A report that was delivered may be sent again only to ask what became of it.
  Broken check_ask(const Post& effect, Delivered& delivered) {
    if (!delivered.is_completion) return "somebody asks about a session that is not completed";
    if (delivered.verdict != BackendVerdict::Active) return "somebody asks and the backend has not said that it is undecided";
    if (ledger_.is_hidden) return "a hidden page asks";
    if (step_.after.is_disposed) return "a disposed page asks";
    if (effect.is_keepalive) return "an ask takes the share of reports";
    const Session* const session = step_.after.current_session();
    if (session == nullptr || !session->id || report_of(*session, "").key != effect.key) {
      return "somebody asks about a session that has gone on, or is not the current one";
    }
    if (++delivered.asks > limits::asks_max + delivered.extra_asks) return "somebody asks too often";
    if (delivered.extra_asks == 0 && step_.now.monotonic_ms < delivered.earliest_ms) return "somebody asks too soon";
    delivered.earliest_ms = step_.now.monotonic_ms + limits::ask_pause_first_ms / 2;
    delivered.newest_post = effect.post;
    return std::nullopt;
  }
  [[nodiscard]] bool is_acknowledged(const std::string& id) const {
    const auto* answer = std::get_if<PostAnswered>(&step_.event);
    if (answer == nullptr || answer->kind != AnswerKind::Response || answer->status < 200 || answer->status > 299) return false;
    const auto stored = ledger_.stored_keys.find(id);
    return std::any_of(step_.before.in_flight.begin(), step_.before.in_flight.end(), [&](const InFlight& entry) {
      return entry.post == answer->post && stored != ledger_.stored_keys.end() && entry.key.value == stored->second;
    });
  }

  const simulation::Step& step_;
  Ledger& ledger_;
  KeyBook& keys_;
  std::map<std::string, DeliveryState> settled_{};
  std::set<std::string> must_leave_now_{};
  std::set<std::string> just_stored_{};
  std::size_t immediate_posts_ = 0;
};

/// Only an answer to a request that the page still waits for counts: one that came after a restore is too old to know.
void take_floor(const simulation::Step& step, Ledger& ledger) {
  const auto* answer = std::get_if<PostAnswered>(&step.event);
  if (answer == nullptr || !step.asked_wait_ms) return;
  const bool is_awaited = std::any_of(step.before.in_flight.begin(), step.before.in_flight.end(),
                                      [&](const InFlight& entry) { return entry.post == answer->post; });
  if (!is_awaited || judge(answer->kind, answer->status) == Verdict::Delivered) return;
  ledger.floor_ms = std::max(ledger.floor_ms, step.now.monotonic_ms + *step.asked_wait_ms);
}

/// Takes down what is delivered, what the backend said of it, and what the page did that gives reason to ask.
void take_delivered(const simulation::Step& step, Ledger& ledger) {
  if (const auto* changed = std::get_if<PageChanged>(&step.event); changed != nullptr) {
    if (changed->signal == PageSignal::Hidden) ledger.is_hidden = true;
    if (changed->signal == PageSignal::Visible || changed->signal == PageSignal::Restored) ledger.is_hidden = false;
  }
  const auto* changed = std::get_if<PageChanged>(&step.event);
  const bool is_restored = changed != nullptr && changed->signal == PageSignal::Restored;
  if (std::holds_alternative<FlushRequested>(step.event) || is_restored) {
    for (auto& [key, delivered] : ledger.delivered) ++delivered.extra_asks;
  }
  if (const auto* told = std::get_if<VerdictTold>(&step.event); told != nullptr) {
    for (auto& [key, delivered] : ledger.delivered) {
      if (delivered.newest_post != told->post || told->verdict == BackendVerdict::None) continue;
      delivered.verdict = told->verdict;
      delivered.earliest_ms = step.now.monotonic_ms + limits::ask_pause_first_ms / 2;
    }
  }
  const auto* answer = std::get_if<PostAnswered>(&step.event);
  if (answer == nullptr) return;
  for (const Effect& effect : step.effects) {
    const auto* settle = std::get_if<Settle>(&effect);
    if (settle == nullptr || settle->receipt.state != DeliveryState::Delivered) continue;
    const std::string& key = settle->receipt.key.value;
    ledger.delivered[key] = {.newest_post = answer->post, .is_completion = key.find(":completed:") != std::string::npos};
  }
}

/// Whatever becomes of an ask, what was delivered stays delivered, and nothing is stored for it.
Broken check_answer_to_ask(const simulation::Step& step, const Ledger& ledger) {
  const auto* answer = std::get_if<PostAnswered>(&step.event);
  const auto* told = std::get_if<VerdictTold>(&step.event);
  if (answer == nullptr && told == nullptr) return std::nullopt;
  const std::uint32_t post = answer != nullptr ? answer->post : told->post;
  const auto asked = std::find_if(ledger.delivered.begin(), ledger.delivered.end(),
                                  [&](const auto& entry) { return entry.second.newest_post == post; });
  if (asked == ledger.delivered.end()) return std::nullopt;
  for (const Effect& effect : step.effects) {
    const auto* store = std::get_if<Store>(&effect);
    const auto* settle = std::get_if<Settle>(&effect);
    const bool is_stored = store != nullptr && text_member(store->text, "idempotency_key") == asked->first;
    const bool is_worse =
        settle != nullptr && settle->receipt.key.value == asked->first && settle->receipt.state != DeliveryState::Delivered;
    if (is_stored || is_worse) return "what was delivered is stored or settled again by an ask";
  }
  return std::nullopt;
}

/// What is left of a stored wait; written down anew, so that the core is not judged by itself.
std::int64_t remaining_ms(const JsonValue& object, std::string_view name, std::int64_t wall_ms) {
  const std::int64_t length_ms = std::max<std::int64_t>(0, object.whole_number(name).value_or(0));
  const std::int64_t elapsed_ms = wall_ms - object.whole_number("written_ms").value_or(0);
  return std::clamp<std::int64_t>(length_ms - elapsed_ms, 0, length_ms);
}

/// A record that is taken over brings what is left of its wait.
void take_adopted_floors(const simulation::Step& step, Ledger& ledger) {
  const auto* found = std::get_if<RecordsFound>(&step.event);
  if (found == nullptr) return;
  for (const FoundRecord& record : found->records) {
    ledger.found_keys.insert(record.key.value);
    const auto address = read_storage_key(record.key);
    if (!address || address->scope != step.after.scope.value || address->page == step.after.page.value) continue;
    const auto document = read_json(record.text);
    if (!document) continue;
    const JsonValue& stored = document->root();
    // A page that still lives keeps its own record, and its own floor.
    const bool is_from_future = stored.whole_number("written_ms").value_or(0) > step.now.wall_ms + limits::lease_ms;
    const bool is_leased = remaining_ms(stored, "lease_ms", step.now.wall_ms) > 0 && !is_from_future;
    if (!found->is_orphaned && is_leased) continue;
    const JsonValue* const report = stored.find("report");
    if (report == nullptr) continue;
    for (const Record& own : step.after.outbox) {
      if (own.report.key.value != report->text("idempotency_key")) continue;
      const bool was_own_before = std::any_of(step.before.outbox.begin(), step.before.outbox.end(),
                                              [&](const Before::Entry& entry) { return entry.key == own.report.key.value; });
      if (was_own_before) continue;
      const std::int64_t floor_ms = step.now.monotonic_ms + remaining_ms(stored, "floor_ms", step.now.wall_ms);
      ledger.record_floors_ms[own.report.id.value] = floor_ms;
    }
  }
}

Broken check_delay(const simulation::Step& step, JitterTally& jitter) {
  const auto* answer = std::get_if<PostAnswered>(&step.event);
  if (answer == nullptr) return std::nullopt;
  for (const Before::Entry& entry : step.before.outbox) {
    if (entry.post != answer->post) continue;
    const auto record = std::find_if(step.after.outbox.begin(), step.after.outbox.end(),
                                     [&](const Record& r) { return r.report.id.value == entry.id && r.post == 0; });
    if (record == step.after.outbox.end()) continue;
    const Verdict verdict = judge(answer->kind, answer->status);
    const std::int64_t delay_ms = record->due_ms - std::max(step.now.monotonic_ms, record->floor_ms);
    const std::int64_t ceiling_ms = backoff_ceiling_ms(verdict, entry.failures + 1, step.now.wall_ms - record->created_ms);
    if (delay_ms < 0 || delay_ms > ceiling_ms) return "a delay of " + std::to_string(delay_ms) + " ms is out of its range";
    const bool is_first_login = verdict == Verdict::Reauthorize && entry.reauthorizations == 0;
    if (!is_first_login) ++jitter.tenths[static_cast<std::size_t>(delay_ms * 10 / (ceiling_ms + 1))];
    if (verdict == Verdict::Refused && !record->refusal_told) return "a refusal is not told";
  }
  return std::nullopt;
}

Broken check_limits(const simulation::Step& step, std::size_t immediate_posts) {
  const State& state = step.after;
  if (state.outbox.size() > limits::records_max) return "too many records";
  if (state.settled.size() > limits::settled_max) return "too many receipts";
  if (state.sessions.size() > limits::sessions_max) return "too many sessions";
  if (state.in_flight.size() > limits::records_max) return "too many requests are remembered";
  const std::size_t allowed = std::max(step.before.in_flight.size(), limits::posts_in_flight_max) + immediate_posts;
  if (state.in_flight.size() > allowed) return "too many requests at a time";
  for (const Session& session : state.sessions) {
    if (session.marks.size() > limits::marks_per_session_max) return "too many events are kept";
    if (session.summary.steps.size() > limits::steps_per_session_max) return "too many steps are kept";
  }
  std::set<std::string> ids;
  for (const Record& record : state.outbox) {
    if (!ids.insert(record.report.id.value).second) return "one session has two records";
    const bool is_awaited = std::any_of(state.in_flight.begin(), state.in_flight.end(),
                                        [&](const InFlight& entry) { return entry.post == record.post; });
    if (record.state == DeliveryState::Sending && !is_awaited && !state.is_disposed)
      return "a record waits for an answer that nobody will hear";
    const bool is_visible = record.state == DeliveryState::Sending || record.state == DeliveryState::Waiting ||
                            record.state == DeliveryState::Unauthorized || record.state == DeliveryState::Refused;
    if (!is_visible) return "an undelivered record has a state that does not say so";
  }
  return std::nullopt;
}

}  // namespace

std::optional<Report> report_in(std::string_view body) {
  std::optional<Report> report(std::in_place);
  const auto document = read_json(body);
  if (!document || !read_report(*report, document->root())) report.reset();
  return report;
}

std::string text_member(std::string_view json, std::string_view name) {
  std::string opening = "\"";
  opening += name;
  opening += "\":\"";
  const auto at = json.find(opening);
  if (at == std::string_view::npos) return {};
  std::string text;
  // All texts are visible ASCII, of which only quotes and backslashes are escaped.
  for (std::size_t i = at + opening.size(); i < json.size() && json[i] != '"'; ++i) {
    if (json[i] == '\\') ++i;
    if (i < json.size()) text += json[i];
  }
  return text;
}

bool is_since(const Before& before, const std::string& id, const ForgottenElsewhere& forgotten, const Moment& now) {
  const auto entry =
      std::find_if(before.outbox.begin(), before.outbox.end(), [&](const auto& other) { return other.id == id; });
  return entry != before.outbox.end() && forgotten.at_ms && entry->created_ms > *forgotten.at_ms &&
         entry->created_ms <= now.wall_ms;
}

Before remember(const State& state) {
  Before before;
  before.outbox.reserve(state.outbox.size());
  for (const Record& record : state.outbox) {
    before.outbox.push_back({.id = record.report.id.value,
                             .key = record.report.key.value,
                             .created_ms = record.created_ms,
                             .post = record.post,
                             .failures = record.failures,
                             .reauthorizations = record.reauthorizations,
                             .was_refused = record.refusal_told});
  }
  before.in_flight = state.in_flight;
  return before;
}

std::int64_t JitterTally::total() const { return std::accumulate(tenths.begin(), tenths.end(), std::int64_t{0}); }

bool JitterTally::is_even() const {
  const std::int64_t share = total() / static_cast<std::int64_t>(tenths.size());
  return std::all_of(tenths.begin(), tenths.end(),
                     [&](std::int64_t count) { return count * 2 >= share && count * 2 <= share * 3; });
}

std::optional<std::string> broken_promise(const simulation::Step& step, Ledger& ledger, KeyBook& keys, JitterTally& jitter) {
  take_floor(step, ledger);
  take_adopted_floors(step, ledger);
  if (auto broken = check_answer_to_ask(step, ledger)) return broken;
  take_delivered(step, ledger);
  Auditor auditor(step, ledger, keys);
  for (const Effect& effect : step.effects) {
    if (auto broken = std::visit(auditor, effect)) return broken;
  }
  if (auto broken = auditor.finish()) return broken;
  if (auto broken = check_delay(step, jitter)) return broken;
  return check_limits(step, auditor.immediate_posts());
}

}  // namespace linktrail::simulation
