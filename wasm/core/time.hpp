/// Times that come from outside as text: ISO 8601 timestamps of Link and HTTP's `Retry-After`. No clock is read here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linktrail {

/// The moment at which an event is handled. The core never asks for the time or for chance; both come in with the event.
struct Moment {
  /// Milliseconds since 1970-01-01T00:00:00Z by the device's clock, which may jump in either direction.
  std::int64_t wall_ms = 0;
  /// Milliseconds of a clock that only moves forward while the page lives; its zero is the page's.
  std::int64_t monotonic_ms = 0;
  /// A fresh random number for every event; the source of all jitter.
  std::uint64_t entropy = 0;
  bool operator==(const Moment&) const = default;
};

/// Reads `2026-01-15T10:00:00.123Z`: date, `T`, time, 0 to 9 fraction digits (milliseconds are kept), then `Z` or an
/// offset `+hh:mm`. Nothing for anything else, nor for a date that does not exist.
[[nodiscard]] std::optional<std::int64_t> parse_iso8601_ms(std::string_view text);

/// Writes `2026-01-15T10:00:00.123Z`. Times outside the years 0000 to 9999 are clamped.
[[nodiscard]] std::string format_iso8601(std::int64_t wall_ms);

/// Reads an HTTP-date in its preferred form, `Thu, 15 Jan 2026 10:00:00 GMT` (RFC 9110, section 5.6.7).
[[nodiscard]] std::optional<std::int64_t> parse_http_date_ms(std::string_view text);

/// The wait that a `Retry-After` value asks for, in milliseconds, never negative: whole seconds, or an HTTP-date. A date
/// is measured against the answer's own `Date` where that is readable, since the device's clock may be wrong.
[[nodiscard]] std::optional<std::int64_t> retry_after_ms(std::string_view value, std::string_view date_header,
                                                         std::int64_t wall_ms);

}  // namespace linktrail
