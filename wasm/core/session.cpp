#include "session.hpp"

#include "limits.hpp"

#include <algorithm>
#include <iterator>

namespace linktrail {
namespace {

/// The causal order of events that carry the same time. Between contradicting results the more cautious one comes last,
/// and so wins.
std::uint8_t rank_of(EventName name) {
  switch (name) {
    case EventName::OpenUi:
    case EventName::ResumeUi: return 1;
    case EventName::CreateSession:
    case EventName::ResumeSession: return 2;
    case EventName::StartStep: return 3;
    case EventName::PassStep: return 4;
    case EventName::PendingReviewStep: return 5;
    case EventName::FailStep: return 6;
    case EventName::PassSession: return 7;
    case EventName::PendingReviewSession: return 8;
    case EventName::FailSession: return 9;
    case EventName::CloseUi: return 10;
    case EventName::Unknown:
    case EventName::Open:
    case EventName::Exit:
    case EventName::OtherDocumented: return 0;
  }
  return 0;
}

bool comes_before(const Mark& a, const Mark& b) {
  if (a.at_ms != b.at_ms) return a.at_ms < b.at_ms;
  return a.rank < b.rank;
}

/// Whether an event that came `since_exit_ms` after the exit tells that the person is back, and is no straggler of the burst
/// in which the exit came: nobody opens Link again while that lasts.
bool shows_resumption(EventName name, std::int64_t since_exit_ms) {
  if (name == EventName::StartStep) return since_exit_ms > limits::same_burst_ms;
  return since_exit_ms > limits::link_burst_ms && (name == EventName::OpenUi || name == EventName::ResumeUi ||
                                                   name == EventName::CreateSession || name == EventName::ResumeSession);
}

Step* find_step(std::vector<Step>& steps, std::string_view view_name) {
  for (Step& step : steps) {
    if (step.view_name == view_name) return &step;
  }
  return nullptr;
}

}  // namespace

void Summary::add(const Mark& mark) {
  if (first_at_ms == 0) first_at_ms = mark.at_ms;
  switch (mark.name) {
    case EventName::OpenUi:
    case EventName::ResumeUi: ui_open = true; break;
    case EventName::CloseUi:
      ui_open = false;
      ui_closed_once = true;
      break;
    case EventName::StartStep: add_step(mark, StepStatus::Active); break;
    case EventName::PassStep: add_step(mark, StepStatus::Passed); break;
    case EventName::FailStep: add_step(mark, StepStatus::Failed); break;
    case EventName::PendingReviewStep: add_step(mark, StepStatus::PendingReview); break;
    case EventName::PassSession: add_outcome(mark, Outcome::Passed); break;
    case EventName::FailSession: add_outcome(mark, Outcome::Failed); break;
    case EventName::PendingReviewSession: add_outcome(mark, Outcome::PendingReview); break;
    case EventName::CreateSession:
    case EventName::ResumeSession:
    case EventName::Unknown:
    case EventName::Open:
    case EventName::Exit:
    case EventName::OtherDocumented: break;
  }
}

void Summary::add_step(const Mark& mark, StepStatus status) {
  if (mark.view_name.empty()) return;
  Step* step = find_step(steps, mark.view_name);
  if (step == nullptr) {
    if (steps.size() >= limits::steps_per_session_max) {
      ++steps_dropped;
      return;
    }
    step = &steps.emplace_back();
    step->view_name = mark.view_name;
  } else if (status == StepStatus::Active && step->status == StepStatus::Active && !mark.is_dated) {
    return;  // A start without a time cannot be told from its duplicate.
  }
  step->status = status;
  if (status == StepStatus::Active) {
    ++step->attempts;
    if (!step->started_at_ms) step->started_at_ms = mark.at_ms;
    step->ended_at_ms.reset();
  } else {
    step->attempts = std::max<std::int64_t>(1, step->attempts);
    step->ended_at_ms = mark.at_ms;
  }
}

void Summary::add_outcome(const Mark& mark, Outcome next) {
  if (next == outcome) return;
  const auto bit = [](Outcome o) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(o)); };
  outcome_returned = (replaced_outcomes & bit(next)) != 0;
  replaced_outcomes = static_cast<std::uint8_t>(replaced_outcomes | bit(outcome));
  outcome = next;
  outcome_at_ms = mark.at_ms;
}

bool Session::add(const LinkEmitted& event, std::int64_t arrival_wall_ms) {
  std::list<Mark> added;
  Mark& mark = added.emplace_back();
  mark.at_ms = event.timestamp_ms.value_or(arrival_wall_ms);
  mark.rank = rank_of(event.name);
  mark.name = event.name;
  mark.is_dated = event.timestamp_ms.has_value();
  mark.view_name = event.view_name;
  mark.fingerprint = event.fingerprint;

  // Nearly always the last place.
  auto place = marks.end();
  while (place != marks.begin() && comes_before(mark, *std::prev(place))) --place;
  // An event without a time cannot be told from its duplicate; it is kept, and adding it twice does no harm. One with a time
  // lies among those of its time and rank.
  for (auto known = place; mark.is_dated && known != marks.begin() && !comes_before(*std::prev(known), mark); --known) {
    if (std::prev(known)->is_dated && std::prev(known)->fingerprint == mark.fingerprint) return false;
  }
  const bool is_newest = place == marks.end();
  if (exit && is_newest && shows_resumption(event.name, arrival_wall_ms - exit->at_ms)) was_resumed = true;
  if (is_newest) summary.add(mark);
  marks.splice(place, added);
  if (marks.size() > limits::marks_per_session_max) {
    base.add(marks.front());
    marks.pop_front();
  }
  if (!is_newest) {
    summary = base;
    for (const Mark& kept : marks) summary.add(kept);
  }
  return true;
}

void Session::add_success(std::int64_t arrival_wall_ms) {
  if (has_succeeded) return;
  has_succeeded = true;
  succeeded_at_ms = arrival_wall_ms;
}

void Session::add_exit(const ExitReason& reason, std::int64_t arrival_wall_ms) {
  // `EXIT` and `onExit` tell of the same exit, in either order and in the same burst; the one that names an error says more.
  const bool is_burst = exit && arrival_wall_ms - exit->at_ms <= limits::same_burst_ms;
  const bool repeats_error =
      is_burst && exit->reason.error_type == reason.error_type && exit->reason.error_code == reason.error_code;
  const bool is_same = exit && !was_resumed && (!reason.has_error() || repeats_error);
  // One of the two may lack the status.
  if (is_same && is_burst && exit->reason.status.empty()) exit->reason.status = reason.status;
  if (is_same) return;
  const bool is_recaptcha =
      std::string_view(reason.error_type) == "RECAPTCHA_ERROR" || reason.error_code.starts_with("RECAPTCHA_");
  if (is_recaptcha) ++recaptcha_exits;
  exit = Exit{.reason = reason, .at_ms = arrival_wall_ms};
  was_resumed = false;
}

Flow Session::flow() const {
  if (has_succeeded || summary.outcome != Outcome::Unknown) return Flow::Completed;
  if (exit) return Flow::Exited;
  return has_events() ? Flow::InProgress : Flow::Idle;
}

Milestone Session::milestone() const {
  return {.flow = flow(), .outcome = summary.outcome, .returned_at_ms = summary.outcome_returned ? summary.outcome_at_ms : 0};
}

bool Session::lacks_id() const {
  if (id) return false;
  return flow() == Flow::Completed || (flow() == Flow::Exited && has_events());
}

std::string_view Session::current_step() const {
  const auto is_active = [](const Step& step) { return step.status == StepStatus::Active; };
  if (flow() == Flow::Completed || std::none_of(summary.steps.begin(), summary.steps.end(), is_active)) return {};
  for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
    if (mark->name != EventName::StartStep) continue;
    for (const Step& step : summary.steps) {
      if (is_active(step) && step.view_name == mark->view_name) return step.view_name;
    }
  }
  return {};
}

std::int64_t Session::occurred_at_ms() const {
  if (summary.outcome != Outcome::Unknown) return summary.outcome_at_ms;
  if (has_succeeded) return succeeded_at_ms;
  if (exit) return exit->at_ms;
  return summary.first_at_ms;
}

}  // namespace linktrail
