/// A page under test: the core, a clock that the test sets, and the effects of the last event sorted by kind.
#pragma once

#include "core/effect.hpp"
#include "core/event.hpp"
#include "core/reduce.hpp"
#include "core/state.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace linktrail::testing {

/// 2026-01-15T10:00:00Z.
inline constexpr std::int64_t epoch_ms = 1'768'471'200'000;

inline LinkEmitted emitted(const char* name, const char* id, std::int64_t at_ms, const char* view = "") {
  LinkEmitted event;
  event.wire_name = std::string("IDENTITY_VERIFICATION_") + name;
  event.name = event_name(event.wire_name);
  if (id != nullptr) event.id = LinkSessionId{id};
  event.view_name = view;
  event.timestamp_ms = epoch_ms + at_ms;
  Fingerprint fingerprint;
  fingerprint.add(event.wire_name);
  fingerprint.add(view);
  fingerprint.add(std::to_string(at_ms));
  fingerprint.add(id != nullptr ? id : "");
  event.fingerprint = fingerprint.value();
  return event;
}

class Page {
 public:
  explicit Page(const char* name = "page-1", const char* scope = "scope-1", bool has_locks = true) {
    tell(Started{.scope = {scope}, .page = {name}, .client_version = "1.0.0", .has_locks = has_locks});
    tell(HeadersResolved{});
  }

  Page& tell(const Event& event) {
    Transition transition = reduce(std::move(state), event, {.wall_ms = wall_ms, .monotonic_ms = now_ms, .entropy = entropy});
    state = std::move(transition.state);
    effects = std::move(transition.effects);
    return *this;
  }
  Page& pass(std::int64_t ms) {
    now_ms += ms;
    wall_ms += ms;
    return *this;
  }
  Page& succeed(const char* id) { return tell(LinkSucceeded{.id = LinkSessionId{id}}); }
  Page& answer(int status, std::string retry_after = {}, std::string date = {}) {
    return tell(PostAnswered{.post = state.last_post,
                             .kind = AnswerKind::Response,
                             .status = status,
                             .retry_after = std::move(retry_after),
                             .date = std::move(date)});
  }
  Page& fail() { return tell(PostAnswered{.post = state.last_post, .kind = AnswerKind::NetworkFailed}); }

  template <class Kind>
  [[nodiscard]] std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const Effect& effect : effects) {
      if (const auto* const kind = std::get_if<Kind>(&effect)) found.push_back(*kind);
    }
    return found;
  }
  template <class Kind>
  [[nodiscard]] bool has() const {
    return !all<Kind>().empty();
  }
  /// The position of the first effect of a kind; past the end when there is none.
  template <class Kind>
  [[nodiscard]] std::size_t position() const {
    const auto is_kind = [](const Effect& effect) { return std::holds_alternative<Kind>(effect); };
    return static_cast<std::size_t>(std::distance(effects.begin(), std::find_if(effects.begin(), effects.end(), is_kind)));
  }
  [[nodiscard]] DeliveryState delivery() const {
    return state.shown.delivery ? state.shown.delivery->state : DeliveryState::Unknown;
  }

  State state{};
  Effects effects{};
  std::int64_t wall_ms = epoch_ms;
  std::int64_t now_ms = 1'000;
  std::uint64_t entropy = 42;
};

}  // namespace linktrail::testing
