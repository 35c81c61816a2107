/// All that one trail knows. A value: it can be copied, compared and kept. What comes and goes one by one is kept in lists:
/// nothing moves for it, and the code that would move such things is most of what vectors of them bring.
#pragma once

#include "effect.hpp"
#include "link_visit.hpp"
#include "record.hpp"
#include "session.hpp"
#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace linktrail {

/// One request that has not been answered.
struct InFlight {
  std::uint32_t post = 0;
  LinkSessionId id{};
  IdempotencyKey key{};
  bool operator==(const InFlight&) const = default;
};

/// What the backend said of one session, and what it is to be asked.
struct Inquiry {
  /// What the session was like when its report was delivered.
  Milestone milestone{};
  BackendVerdict verdict = BackendVerdict::None;
  /// Whether it is what was said of that report, and not of one before it.
  bool is_heard = false;
  /// When the report was delivered, by the page's monotonic clock.
  std::int64_t began_ms = 0;
  bool operator==(const Inquiry&) const = default;
};

struct State {
  bool is_started = false;
  /// What still comes in is stored and sent once; repeating it is for whoever takes the records over.
  bool is_disposed = false;
  bool is_hidden = false;
  Scope scope{};
  PageId page{};
  std::string client_version{};

  /// In the order in which they last became current: the one that the page sees is the last one.
  std::list<Session> sessions{};

  /// Reports on their way, at most one per session, in the order in which they were recorded.
  std::list<Record> outbox{};
  /// How reports ended that are no longer in the outbox, newest last.
  std::list<Receipt> settled{};
  std::list<InFlight> in_flight{};
  std::uint32_t last_post = 0;
  /// The newest report that was delivered of the current session, at most one: it is sent again to ask. No record any more:
  /// its `attempts` are asks, `post` is the newest request, the one whose answer counts, and `Waiting` means that an ask is
  /// planned.
  std::list<Record> asked{};
  Inquiry inquiry{};
  bool is_resolving_headers = false;
  /// When the page last asked to forget, or heard that another had: by its monotonic clock. When that was asked: by the
  /// device's.
  std::optional<std::int64_t> forgotten_at_ms{};
  std::int64_t forgotten_wall_ms = 0;
  /// The latest `Retry-After` of the endpoint, by the page's monotonic clock: nothing but a completion's first attempt is
  /// sent before it.
  std::int64_t endpoint_floor_ms = 0;
  /// Records of pages that may still live: look again then.
  std::optional<std::int64_t> scan_at_ms{};
  /// Where there are no locks, the stored records are written again by then to say that this page lives.
  bool renews_leases = false;
  std::int64_t renew_at_ms = 0;
  std::optional<std::int64_t> wake_at_ms{};

  std::int64_t rejected = 0;
  /// Of the driver of Link, where there is one.
  LinkVisit visit{};
  /// What the page was last told.
  Progress shown{};
  /// Whether its unknown names have changed since.
  bool has_new_name = false;
  bool operator==(const State&) const = default;

  [[nodiscard]] Session* current_session() { return sessions.empty() ? nullptr : &sessions.back(); }
  [[nodiscard]] const Session* current_session() const { return sessions.empty() ? nullptr : &sessions.back(); }
};

}  // namespace linktrail
