#include "reduce.hpp"

#include "advice.hpp"
#include "delivery.hpp"
#include "limits.hpp"
#include "link_driver.hpp"
#include "report.hpp"
#include "tracker.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace linktrail {
namespace {

/// One function per event: an event without one does not compile.
class Reducer {
 public:
  Reducer(State& state, Effects& effects, const Moment& now)
      : state_(state), effects_(effects), now_(now), delivery_(state, effects, now), driver_(state, effects, now) {}

  void operator()(const Started& event) {
    if (state_.is_started) return;
    state_.is_started = true;
    state_.scope = event.scope;
    state_.page = event.page;
    state_.client_version = event.client_version;
    state_.renews_leases = !event.has_locks;
    resolve_headers();
    emit<Scan>(effects_);
  }
  void operator()(const LinkSucceeded& event) {
    follow(event);
    driver_.hear(event);
  }
  void operator()(const LinkExited& event) {
    follow(event);
    driver_.hear(event);
  }
  void operator()(const LinkEmitted& event) {
    follow(event);
    driver_.hear(event);
  }
  void operator()(const Rejected&) { ++state_.rejected; }
  void operator()(const PostAnswered& event) { delivery_.take_answer(event); }
  void operator()(const VerdictTold& event) { delivery_.take_verdict(event); }
  void operator()(const RecordStored& event) { delivery_.take_stored(event); }
  void operator()(const RecordsFound& event) {
    delivery_.take_found(event);
    driver_.take_found(event);
  }
  void operator()(const StorageChanged&) { delivery_.look_again_soon(); }
  void operator()(const Woken&) { state_.wake_at_ms.reset(); }
  void operator()(const PageChanged& event) { delivery_.take_signal(event.signal); }
  void operator()(const HeadersResolved&) { delivery_.take_headers(); }
  void operator()(const HeadersFailed&) { delivery_.take_missing_headers(); }
  void operator()(const FlushRequested&) { delivery_.flush(); }
  void operator()(const ForgetRequested&) {
    delivery_.forget();
    driver_.forget();
  }
  void operator()(const ForgottenElsewhere& event) {
    delivery_.take_forgotten(event);
    if (event.prefix == storage_prefix_of(state_.scope)) driver_.forget();
  }
  void operator()(const Disposed&) {
    state_.is_disposed = true;
    driver_.end_now();
  }
  void operator()(const LinkDriven& event) { driver_.take(event); }
  void operator()(const ReceiptRequested& event) {
    const Session* const current = state_.current_session();
    if (event.id) {
      emit<AnswerReceipt>(effects_).receipt = delivery_.receipt_of(*event.id);
    } else if (current != nullptr) {
      emit<AnswerReceipt>(effects_).receipt = receipt_of(*current).value_or(Receipt{});
    } else {
      emit<AnswerReceipt>(effects_);
    }
  }

  /// What every transition ends with, whatever began it.
  void finish() {
    if (driver_.was_left_in_silence()) follow(LinkExited{});
    driver_.pump();
    delivery_.pump();
    tell_undeliverable();
    set_wake();
    notify();
  }

 private:
  template <class LinkEvent>
  void follow(const LinkEvent& event) {
    if (event.is_flawed) ++state_.rejected;
    const bool had_session = state_.current_session() != nullptr;
    Session* const session = track(state_, event, now_);
    const Session* const current = state_.current_session();
    const bool has_begun = current != nullptr && (!had_session || current->id != state_.shown.id);
    if (has_begun) resolve_headers();
    if (session != nullptr) report(*session);
  }

  void resolve_headers() {
    if (state_.is_resolving_headers) return;
    state_.is_resolving_headers = true;
    emit<ResolveHeaders>(effects_);
  }

  void report(Session& session) {
    if (!session.id) return;
    const Milestone milestone = session.milestone();
    if (milestone.flow == Flow::Idle || milestone == session.reported) return;
    session.reported = milestone;
    delivery_.submit(report_of(session, state_.client_version));
  }

  void tell_undeliverable() {
    for (Session& session : state_.sessions) {
      if (!session.lacks_id() || session.undeliverable_told) continue;
      if (now_.monotonic_ms - session.first_heard_ms <= limits::same_burst_ms) continue;
      session.undeliverable_told = true;
      emit<Settle>(effects_).receipt.state = DeliveryState::Undeliverable;
    }
  }

  void set_wake() {
    std::optional<std::int64_t> deadline_ms = delivery_.next_deadline_ms();
    if (const auto due_ms = state_.visit.due_ms) deadline_ms = std::min(deadline_ms.value_or(*due_ms), *due_ms);
    for (const Session& session : state_.sessions) {
      if (!session.lacks_id() || session.undeliverable_told) continue;
      const std::int64_t at_ms = session.first_heard_ms + limits::same_burst_ms + 1;
      deadline_ms = std::min(deadline_ms.value_or(at_ms), at_ms);
    }
    if (deadline_ms == state_.wake_at_ms) return;
    state_.wake_at_ms = deadline_ms;
    if (!deadline_ms) return;  // The old timer wakes to nothing.
    const std::int64_t delay_ms = *deadline_ms - now_.monotonic_ms;
    emit<WakeAfter>(effects_).delay_ms = std::clamp<std::int64_t>(delay_ms, 0, limits::wake_ms_max);
  }

  [[nodiscard]] std::optional<Receipt> receipt_of(const Session& session) const {
    if (session.lacks_id()) return Receipt{.state = DeliveryState::Undeliverable};
    if (!session.id) return std::nullopt;
    Receipt receipt = delivery_.receipt_of(*session.id);
    if (receipt.state == DeliveryState::Unknown) return std::nullopt;
    return receipt;
  }

  /// Brings what the page sees up to date, where it stands: most of it is as it was.
  void notify() {
    static const Session none{};
    const Session* const current = state_.current_session();
    const Session& session = current != nullptr ? *current : none;
    Progress& shown = state_.shown;
    bool is_new = std::exchange(state_.has_new_name, false);
    const auto show = [&](auto& was, const auto& is) {
      if (was == is) return;
      was = is;
      is_new = true;
    };
    show(shown.id, session.id);
    show(shown.flow, session.flow());
    show(shown.outcome, session.summary.outcome);
    show(shown.verdict, delivery_.verdict_of(session));
    show(shown.ui_open, session.summary.ui_open);
    show(shown.steps, session.summary.steps);
    show(shown.current_step, session.current_step());
    show(shown.exit, session.exit);
    show(shown.advice, advise(session));
    show(shown.delivery, receipt_of(session));
    show(shown.rejected, state_.rejected);
    if (is_new) emit<Notify>(effects_);
  }

  State& state_;
  Effects& effects_;
  const Moment& now_;
  Delivery delivery_;
  LinkDriver driver_;
};

}  // namespace

Effects advance(State& state, const Event& event, const Moment& now) {
  Effects effects;
  Reducer reducer(state, effects, now);
  std::visit(reducer, event);
  reducer.finish();
  return effects;
}

Transition reduce(State state, const Event& event, const Moment& now) {
  Transition transition{.state = std::move(state)};
  transition.effects = advance(transition.state, event, now);
  return transition;
}

}  // namespace linktrail
