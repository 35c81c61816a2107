#include "link_driver.hpp"

#include "advice.hpp"
#include "limits.hpp"
#include "record.hpp"
#include "retry.hpp"

#include <algorithm>
#include <utility>

namespace linktrail {
namespace {

bool is_outcome(EventName name) {
  return name == EventName::PassSession || name == EventName::FailSession || name == EventName::PendingReviewSession;
}

/// Link's own word that its screen is gone; `onExit`, or nothing, follows.
bool closes_screen(EventName name) { return name == EventName::CloseUi || name == EventName::Exit; }

bool shows_screen(EventName name) {
  return name == EventName::OpenUi || name == EventName::ResumeUi || name == EventName::StartStep;
}

/// The length of a note without a session: a time as `format_iso8601` writes it, and a space.
constexpr std::size_t unnamed_bytes = 25;

/// When the visit began; nothing when the text, which any script of the origin can write, is no note.
std::optional<std::int64_t> opened_ms(std::string_view note) {
  if (note.size() < unnamed_bytes || note[unnamed_bytes - 1] != ' ') return std::nullopt;
  const std::string_view id = note.substr(unnamed_bytes);
  if (!id.empty() && !is_visible_ascii(id, limits::session_id_bytes_max)) return std::nullopt;
  return parse_iso8601_ms(note.substr(0, unnamed_bytes - 1));
}

/// Where Link itself did not tell of an end; where it did, the advice is the session's.
Advice advice_after(LinkEnding ending) {
  switch (ending) {
    case LinkEnding::Completed:
    case LinkEnding::Exited: return Advice::None;
    case LinkEnding::Closed: return Advice::Continue;
    case LinkEnding::ScriptFailed: return Advice::RetryLater;
    case LinkEnding::TokenFailed:
    case LinkEnding::HandlerFailed: return Advice::NewToken;
  }
  return Advice::None;
}

}  // namespace

void LinkDriver::take(const LinkDriven& event) {
  switch (event.signal) {
    case LinkSignal::Attached:
      visit_.is_attached = true;
      show();
      emit<Scan>(effects_);
      return;
    case LinkSignal::OpenRequested:
      if (!visit_.is_awaited) begin(0);
      return;
    case LinkSignal::CloseRequested: return close();
    case LinkSignal::Detached: return end_now();
    case LinkSignal::ScriptLoaded: visit_.has_script = true; [[fallthrough]];
    case LinkSignal::ScriptFailed:
      visit_.is_script_loading = false;
      return visit_.has_script ? open_when_ready() : take_script_failure();
    case LinkSignal::TokenReceived: visit_.has_token = true; return open_when_ready();
    case LinkSignal::TokenFailed:
      if (visit_.phase == LinkPhase::Preparing) settle(LinkEnding::TokenFailed);
      return;
    case LinkSignal::HandlerOpened: visit_.is_awaited = visit_.has_handler = true; return reconsider();
    case LinkSignal::HandlerFailed:
      if (visit_.has_handler) settle(LinkEnding::HandlerFailed);
      return;
  }
}

void LinkDriver::begin(int renewals) {
  destroy_handler();
  visit_.phase = LinkPhase::Preparing;
  visit_.is_awaited = true;
  visit_.has_script = visit_.has_token = visit_.is_closing = false;
  visit_.script_failures = 0;
  visit_.renewals = renewals;
  visit_.due_ms.reset();
  // Nothing wakes a trail that was disposed.
  if (state_.is_disposed) return settle(LinkEnding::Closed);
  show();
  load_script();
  order(LinkOrder::RequestToken, limits::link_token_timeout_ms);
}

void LinkDriver::load_script() {
  if (visit_.is_script_loading) return;
  visit_.is_script_loading = true;
  order(LinkOrder::LoadScript, limits::link_script_timeout_ms);
}

void LinkDriver::take_script_failure() {
  if (visit_.phase != LinkPhase::Preparing) return;
  if (++visit_.script_failures >= limits::link_script_attempts_max) return settle(LinkEnding::ScriptFailed);
  const std::int64_t half_ms = (limits::link_script_pause_ms << visit_.script_failures) / 4;
  wait(half_ms + Dice(now_.entropy).roll(half_ms));
}

void LinkDriver::open_when_ready() {
  if (visit_.phase != LinkPhase::Preparing || !visit_.has_script || !visit_.has_token) return;
  visit_.phase = LinkPhase::Open;
  visit_.has_handler = true;
  // What was heard until now was said by another Link.
  visit_.heard = {};
  visit_.due_ms.reset();
  visit_.interrupted.clear();
  // What the last exit advised is being done, and the next exit is another one.
  if (Session* const session = state_.current_session(); session != nullptr) session->was_resumed = true;
  write_note(format_iso8601(now_.wall_ms) + ' ');
  show();
  order(LinkOrder::OpenHandler);
}

void LinkDriver::hear(const LinkSucceeded&) {
  visit_.heard.success = true;
  reconsider();
}

void LinkDriver::hear(const LinkExited& event) {
  visit_.heard.exit = true;
  visit_.heard.advice = advise(event.reason);
  reconsider();
}

void LinkDriver::hear(const LinkEmitted& event) {
  if (is_outcome(event.name)) visit_.heard.outcome = true;
  if (closes_screen(event.name)) visit_.heard.screen_closed = true;
  if (shows_screen(event.name)) visit_.heard.screen_closed = false;
  reconsider();
}

void LinkDriver::reconsider() {
  if (!visit_.has_handler) return;
  const LinkWords& heard = visit_.heard;
  const LinkPhase before = visit_.phase;
  const bool is_over = heard.exit || (heard.success && heard.screen_closed);
  const std::int64_t asked_to_close_ms = visit_.is_closing ? visit_.due_ms.value_or(0) : INT64_MAX;
  visit_.phase = LinkPhase::Open;
  visit_.due_ms.reset();
  const Session* const session = state_.current_session();
  const bool can_be_named = session != nullptr && session->id && session->flow() != Flow::Completed;
  // At first it may be the session of the visit before, until Link names another.
  if (can_be_named && !visit_.note.empty() && !visit_.note.ends_with(session->id->value)) {
    visit_.note.resize(unnamed_bytes);
    write_note(visit_.note.append(session->id->value));
  }
  if (heard.completion()) {
    erase_note();
    visit_.phase = LinkPhase::Finished;
    wait(limits::link_last_screen_ms);
  }
  // After an outcome an `onSuccess` is all that can still come; without one, nobody knows yet how this ends.
  if (heard.screen_closed) wait(heard.outcome ? limits::same_burst_ms : limits::link_silence_ms);
  if (is_over) wait(limits::link_burst_ms);
  if (is_over || visit_.is_closing) visit_.phase = LinkPhase::Closing;
  if (visit_.is_closing) visit_.due_ms = std::min(visit_.due_ms.value_or(asked_to_close_ms), asked_to_close_ms);
  if (visit_.phase != before) show();
}

void LinkDriver::close() {
  if (visit_.phase == LinkPhase::Preparing) return end_now();
  if (!visit_.has_handler || visit_.is_closing) return;
  visit_.is_closing = true;
  wait(limits::link_exit_ms);
  reconsider();
  order(LinkOrder::ExitHandler);
}

void LinkDriver::end_now() {
  if (visit_.phase == LinkPhase::Preparing) return settle(LinkEnding::Closed);
  if (!visit_.has_handler) return;
  visit_.is_closing = true;
  wait(0);
}

bool LinkDriver::was_left_in_silence() const {
  return is_due() && visit_.has_handler && !visit_.heard.exit && !visit_.heard.completion();
}

void LinkDriver::pump() {
  if (!is_due()) return;
  visit_.due_ms.reset();
  if (visit_.phase == LinkPhase::Preparing) return load_script();
  const bool may_be_read = visit_.phase == LinkPhase::Finished && !visit_.heard.screen_closed;
  if (!may_be_read || visit_.is_closing) return end();
  // The handler stays until the screen is closed, or Link is opened anew.
  tell_end(LinkEnding::Completed);
}

void LinkDriver::end() {
  const LinkWords& heard = visit_.heard;
  const bool may_renew = visit_.is_awaited && !visit_.is_closing && visit_.renewals < limits::link_renewals_max;
  const Session* const session = state_.current_session();
  // What this visit heard goes first: the session may be that of the visit before it.
  if (heard.completion()) return settle(LinkEnding::Completed);
  if (heard.advice == Advice::NewToken && may_renew) return begin(visit_.renewals + 1);
  if (visit_.is_closing && !heard.exit) return settle(LinkEnding::Closed);
  const bool has_completed = session != nullptr && session->flow() == Flow::Completed;
  settle(has_completed && heard.advice == Advice::None ? LinkEnding::Completed : LinkEnding::Exited);
}

void LinkDriver::destroy_handler() {
  if (visit_.has_handler) order(LinkOrder::DestroyHandler);
  visit_.has_handler = false;
}

void LinkDriver::settle(LinkEnding ending) {
  destroy_handler();
  visit_.phase = LinkPhase::Idle;
  visit_.due_ms.reset();
  // What an earlier page left unfinished still is.
  if (visit_.interrupted.empty()) erase_note();
  show();
  tell_end(ending);
}

void LinkDriver::tell_end(LinkEnding ending) {
  if (!visit_.is_awaited) return;
  visit_.is_awaited = false;
  const Session* const session = state_.current_session();
  // The session of an earlier visit, which was completed, has no advice on an error of this one.
  const bool is_of_another = ending == LinkEnding::Exited && session != nullptr && session->flow() == Flow::Completed;
  const Advice advice = is_of_another ? visit_.heard.advice : advice_after(ending);
  auto& effect = emit<DriveLink>(effects_);
  effect.order = LinkOrder::Settle;
  effect.ending = ending;
  effect.advice = advice;
}

void LinkDriver::order(LinkOrder what, std::int64_t timeout_ms) {
  auto& effect = emit<DriveLink>(effects_);
  effect.order = what;
  effect.timeout_ms = timeout_ms;
  effect.phase = visit_.phase;
  effect.interrupted = visit_.interrupted;
}

void LinkDriver::show() { order(LinkOrder::Show); }

void LinkDriver::take_found(const RecordsFound& found) {
  if (!visit_.is_attached) return;  // The note waits for a page with a driver.
  for (const FoundRecord& record : found.records) {
    // A note has the key of a record without a session: it belongs to its page as records do, and is forgotten with them.
    const auto address = read_storage_key(record.key);
    if (!address || !address->session_id.empty() || address->page == state_.page.value) continue;
    const auto at_ms = opened_ms(record.text);
    const bool is_too_old = at_ms && now_.wall_ms - *at_ms > limits::record_age_ms_max;
    const bool is_own = address->scope == state_.scope.value;
    if (is_own && at_ms && !is_too_old) adopt(record.text, *at_ms);
    // Somebody else's waits for them, and not for ever.
    if (is_own || is_too_old) emit<Erase>(effects_).key = record.key;
  }
}

void LinkDriver::adopt(std::string_view note, std::int64_t at_ms) {
  const bool is_forgetting = state_.forgotten_at_ms && now_.monotonic_ms - *state_.forgotten_at_ms <= limits::forgetting_ms;
  if (is_forgetting && at_ms <= state_.forgotten_wall_ms) return;
  // It may be found in two copies, of which one does not name the session yet.
  if (visit_.has_handler || note <= visit_.interrupted) return;
  visit_.interrupted = std::string(note);
  write_note(visit_.interrupted);
  show();
}

void LinkDriver::forget() {
  erase_note();
  visit_.interrupted.clear();
  show();
}

StorageKey LinkDriver::note_key() const { return storage_key(state_.scope, state_.page, {}); }

void LinkDriver::write_note(const std::string& note) {
  auto& effect = emit<Store>(effects_);
  effect.key = note_key();
  effect.text = note;
  visit_.note = note;
}

void LinkDriver::erase_note() {
  if (visit_.note.empty()) return;
  emit<Erase>(effects_).key = note_key();
  visit_.note.clear();
}

}  // namespace linktrail
