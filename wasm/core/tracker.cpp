#include "tracker.hpp"

#include "limits.hpp"

#include <algorithm>
#include <list>
#include <string>
#include <utility>

namespace linktrail {
namespace {

Session* find_session(State& state, const LinkSessionId& id) {
  // The newest first: it is nearly always the one.
  const auto found =
      std::find_if(state.sessions.rbegin(), state.sessions.rend(), [&](const Session& session) { return session.id == id; });
  return found == state.sessions.rend() ? nullptr : &*found;
}

/// The new session is the current one. A trail that has too many drops the one that was current longest ago, whose report has
/// long been recorded; not one that was resumed since, of which more may be heard.
Session* begin_session(State& state, std::optional<LinkSessionId> id, IdSource source, const Moment& now) {
  if (state.sessions.size() >= limits::sessions_max) state.sessions.pop_front();
  Session& session = state.sessions.emplace_back();
  session.id = std::move(id);
  session.id_source = source;
  session.first_heard_ms = now.monotonic_ms;
  return &session;
}

void name_session(Session& session, const LinkSessionId& id, IdSource source) {
  session.id = id;
  session.id_source = source;
  session.reported = {};
}

bool is_same_burst(const Session& session, const Moment& now) {
  return now.monotonic_ms - session.first_heard_ms <= limits::same_burst_ms;
}

/// Whether an id that is new belongs to a session that was heard of before its name. One that has a name keeps it: it may
/// have been reported, and the next opening of Link is another session.
bool awaits_name(const Session& session, const Moment& now) {
  return !session.id && (session.flow() == Flow::InProgress || (is_same_burst(session, now) && !session.was_resumed));
}

Session* session_named(State& state, const LinkSessionId& id, IdSource source, const Moment& now) {
  if (Session* const known = find_session(state, id); known != nullptr) {
    known->id_source = std::max(known->id_source, source);
    return known;
  }
  Session* const current = state.current_session();
  if (current != nullptr && awaits_name(*current, now)) {
    name_session(*current, id, source);
    return current;
  }
  return begin_session(state, id, source, now);
}

Session* current_or_unnamed(State& state, const Moment& now) {
  Session* const current = state.current_session();
  return current != nullptr ? current : begin_session(state, std::nullopt, IdSource::OnExit, now);
}

Session* session_of_exit(State& state, const LinkExited& event, const Moment& now) {
  if (!event.id) return current_or_unnamed(state, now);
  if (Session* const known = find_session(state, *event.id); known != nullptr) return known;
  Session* const current = state.current_session();
  if (current == nullptr) return begin_session(state, event.id, IdSource::OnExit, now);
  if (!current->id) {
    name_session(*current, *event.id, IdSource::OnExit);
    return current;
  }
  // An exit may carry Link's own id instead of the verification's. It ends the session under way; after a completion it is
  // the closing of the screen, unless it brings an error, which then belongs to another opening of Link.
  const bool is_of_current =
      current->flow() == Flow::Completed ? !event.reason.has_error() : current->id_source != IdSource::OnExit;
  return is_of_current ? current : begin_session(state, event.id, IdSource::OnExit, now);
}

void keep_name(State& state, std::list<std::string>& names, const std::string& name) {
  if (names.size() >= limits::unknown_names_max || std::find(names.begin(), names.end(), name) != names.end()) return;
  names.push_back(name);
  state.has_new_name = true;
}

void make_current(State& state, const Session& session) {
  const auto place =
      std::find_if(state.sessions.begin(), state.sessions.end(), [&](const Session& other) { return &other == &session; });
  state.sessions.splice(state.sessions.end(), state.sessions, place);
}

bool is_resumption(EventName name) { return name == EventName::ResumeSession || name == EventName::ResumeUi; }

}  // namespace

Session* track(State& state, const LinkSucceeded& event, const Moment& now) {
  Session* const session =
      event.id ? session_named(state, *event.id, IdSource::OnSuccess, now) : current_or_unnamed(state, now);
  session->add_success(now.wall_ms);
  return session;
}

Session* track(State& state, const LinkExited& event, const Moment& now) {
  Session* const session = session_of_exit(state, event, now);
  session->add_exit(event.reason, now.wall_ms);
  return session;
}

Session* track(State& state, const LinkEmitted& event, const Moment& now) {
  if (event.name == EventName::Unknown) keep_name(state, state.shown.unknown_events, event.wire_name);
  if (!is_identity_verification(event.wire_name)) {
    if (event.name != EventName::Exit) return nullptr;
    // The same as `onExit`, but its id never names a session.
    Session* const named = event.id ? find_session(state, *event.id) : nullptr;
    Session* const session = named != nullptr ? named : current_or_unnamed(state, now);
    session->add_exit(event.reason, now.wall_ms);
    return session;
  }
  Session* const session = event.id ? session_named(state, *event.id, IdSource::OnEvent, now) : current_or_unnamed(state, now);
  if (!session->add(event, now.wall_ms)) return nullptr;
  const bool names_step = event.name == EventName::StartStep || event.name == EventName::PassStep ||
                          event.name == EventName::FailStep || event.name == EventName::PendingReviewStep;
  if (names_step && !event.view_name.empty() && view_kind(event.view_name) == ViewKind::Unknown) {
    keep_name(state, state.shown.unknown_views, event.view_name);
  }
  if (is_resumption(event.name)) make_current(state, *session);
  return session;
}

}  // namespace linktrail
