/// Everything that can happen, as values. There is no second way into the core.
#pragma once

#include "link_visit.hpp"
#include "text.hpp"
#include "vocabulary.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace linktrail {

/// The trail was created. Must be the first event; a second one is ignored.
struct Started {
  Scope scope{};
  PageId page{};
  std::string client_version{};
  /// Whether the platform has Web Locks; without them records carry leases.
  bool has_locks = false;
};

/// Link called `onSuccess`.
struct LinkSucceeded {
  std::optional<LinkSessionId> id{};
  /// Whether a part of the callback was unusable and left out; it is counted.
  bool is_flawed = false;
};

/// What an exit said of itself; empty where Link said nothing.
struct ExitReason {
  std::string error_type{};
  std::string error_code{};
  std::string status{};
  bool operator==(const ExitReason&) const = default;
  [[nodiscard]] bool has_error() const { return !error_type.empty() || !error_code.empty(); }
};

/// Link called `onExit`.
struct LinkExited {
  std::optional<LinkSessionId> id{};
  ExitReason reason{};
  bool is_flawed = false;
};

/// Link called `onEvent`.
struct LinkEmitted {
  EventName name = EventName::Unknown;
  std::string wire_name{};
  std::optional<LinkSessionId> id{};
  std::string view_name{};
  /// Link's own time of the event; nothing when it was missing or unreadable.
  std::optional<std::int64_t> timestamp_ms{};
  /// Over all five fields that tell events apart: name, view, timestamp, session, request.
  std::uint64_t fingerprint = 0;
  /// Of the `EXIT` event.
  ExitReason reason{};
  bool is_flawed = false;
};

/// A callback of Link, or an event of the platform, that said nothing usable. `field` names what was wrong, never its value.
struct Rejected {
  std::string_view field{};
};

enum class AnswerKind : std::uint8_t {
  /// The endpoint answered; `status` is an HTTP status.
  Response,
  /// The answer was a redirect, which the browser hides.
  Redirected,
  /// No answer: refused, reset, offline, blocked, or no body within the limits.
  NetworkFailed,
  TimedOut,
};

/// One request ended.
struct PostAnswered {
  std::uint32_t post = 0;
  AnswerKind kind = AnswerKind::NetworkFailed;
  int status = 0;
  std::string retry_after{};
  std::string date{};
};

/// The body of a 2xx answer told what the backend holds of the session. `None` where its word is not one of Plaid's.
struct VerdictTold {
  std::uint32_t post = 0;
  BackendVerdict verdict = BackendVerdict::None;
};

/// A record reached a place where it survives as `durability` says; also sent when a write failed and another place took it.
struct RecordStored {
  StorageKey key{};
  Durability durability = Durability::Memory;
};

struct FoundRecord {
  StorageKey key{};
  std::string text{};
};

/// Records of a page that is not this one.
struct RecordsFound {
  std::list<FoundRecord> records{};
  /// True when the platform holds the lock of that page, so that it is known to be gone; false where there are no locks.
  bool is_orphaned = false;
};

/// Another page wrote a record.
struct StorageChanged {};
/// The deadline asked for has passed, or may have.
struct Woken {};
struct PageChanged {
  PageSignal signal = PageSignal::Visible;
};
/// The page's headers were asked for and are there.
struct HeadersResolved {};
struct HeadersFailed {};
struct FlushRequested {};
struct ForgetRequested {};
/// Another page of the origin has forgotten the records under this prefix.
struct ForgottenElsewhere {
  std::string prefix{};
  /// When it did, by the device's clock: a page in the background hears of it late. Nothing when it was unreadable.
  std::optional<std::int64_t> at_ms{};
};
/// The trail was disposed: others may take its records over from now on.
struct Disposed {};
/// The page asks how the newest report of a session stands; without an id, of the current session.
struct ReceiptRequested {
  std::optional<LinkSessionId> id{};
};

using Event = std::variant<Started, LinkSucceeded, LinkExited, LinkEmitted, Rejected, PostAnswered, RecordStored, RecordsFound,
                           StorageChanged, Woken, PageChanged, HeadersResolved, HeadersFailed, FlushRequested, ForgetRequested,
                           ForgottenElsewhere, Disposed, ReceiptRequested, LinkDriven, VerdictTold>;

}  // namespace linktrail
