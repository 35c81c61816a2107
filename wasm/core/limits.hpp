/// Every limit of the core, with its unit, in one place. A limit that is reached is counted or visible, never silent.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linktrail::limits {

// What one input may be.
/// All records of a page are one input, each in up to three places: `records_max` of them, as long as they can be, are 2 MiB.
inline constexpr std::size_t input_bytes_max = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t input_depth_max = 8;
inline constexpr std::size_t input_nodes_max = 8192;

// Text that is kept. All of it is visible ASCII, so characters are bytes.
inline constexpr std::size_t session_id_bytes_max = 256;
inline constexpr std::size_t event_name_bytes_max = 96;
inline constexpr std::size_t view_name_bytes_max = 96;
inline constexpr std::size_t request_id_bytes_max = 128;
inline constexpr std::size_t error_field_bytes_max = 96;
inline constexpr std::size_t storage_key_bytes_max = 512;

// What one trail keeps.
inline constexpr std::size_t sessions_max = 8;
/// The oldest of more are kept only as what they add up to.
inline constexpr std::size_t marks_per_session_max = 160;
inline constexpr std::size_t steps_per_session_max = 32;
inline constexpr std::size_t unknown_names_max = 32;
inline constexpr std::size_t records_max = 64;
inline constexpr std::size_t settled_max = 64;
inline constexpr std::size_t posts_in_flight_max = 6;
inline constexpr std::size_t former_keys_max = 8;

/// Callbacks without an id belong to the session whose events arrive within this time; two exits with one error are one.
inline constexpr std::int64_t same_burst_ms = 2'000;

// Delivery.
/// Of the first attempt; each failure adds as much again, up to the maximum, since an endpoint that is only slow would never be
/// done.
inline constexpr std::int64_t post_timeout_ms = 10'000;
inline constexpr std::int64_t post_timeout_ms_max = 60'000;
/// The ceiling of the first back-off; each further one doubles, up to the report's age and the maximum.
inline constexpr std::int64_t backoff_first_ms = 300;
inline constexpr std::int64_t backoff_ms_max = 300'000;
/// The same for an endpoint that refused a report: somebody must mend something before it can go through.
inline constexpr std::int64_t refused_backoff_first_ms = 600'000;
inline constexpr std::int64_t refused_backoff_ms_max = 21'600'000;
/// A report is given up when it is both older than this and has failed that often: age alone may be a clock set right.
inline constexpr std::int64_t record_age_ms_max = 7LL * 24 * 3'600'000;
inline constexpr std::int64_t failures_before_expiry = 16;
/// Of a `Retry-After` no more than this counts: after it no record is left that could wait.
inline constexpr std::int64_t retry_after_ms_max = record_age_ms_max;
/// By chance it is waited for longer, by up to its length divided by this: many pages may have been told the same moment.
inline constexpr std::int64_t retry_after_spread = 10;
/// What another owner left behind, and never came back for.
inline constexpr std::int64_t foreign_record_age_ms_max = 30LL * 24 * 3'600'000;
/// Records that turn up within this time after `forget()`, and are older than it, were forgotten too.
inline constexpr std::int64_t forgetting_ms = 10'000;
/// Two clocks that are read one after the other may differ by this much and still run alike.
inline constexpr std::int64_t clock_noise_ms = 5;
/// Longer waits are cut into pieces: a browser's timer overflows at 2^31 ms.
inline constexpr std::int64_t wake_ms_max = 3'600'000;
/// Where the platform has no Web Locks, a record belongs to its page for this long after each renewal.
inline constexpr std::int64_t lease_ms = 30'000;
inline constexpr std::int64_t lease_renewal_ms = 10'000;
/// A page that writes lives, and takes its lock behind the request: other pages look at what it wrote only then.
inline constexpr std::int64_t neighbour_patience_ms = 1'000;

// The driver of Link.
inline constexpr std::int64_t link_script_timeout_ms = 10'000;
inline constexpr int link_script_attempts_max = 4;
/// The most that the pause after the first failed load may be; each further one doubles. At least half of it is waited.
inline constexpr std::int64_t link_script_pause_ms = 500;
inline constexpr std::int64_t link_token_timeout_ms = 20'000;
/// Tokens asked for in one visit because Link refused the one before.
inline constexpr int link_renewals_max = 2;
/// After Link's last word its handler lives on for this long: the callbacks of one end come in a burst, in any order.
inline constexpr std::int64_t link_burst_ms = 250;
/// The screen was closed, and neither a success nor an exit has come: it may, seconds later.
inline constexpr std::int64_t link_silence_ms = 10'000;
/// Link was asked to close and does not answer.
inline constexpr std::int64_t link_exit_ms = 3'000;
/// Completed, and nothing tells that the last screen was closed: the page is told of the end all the same.
inline constexpr std::int64_t link_last_screen_ms = 120'000;

// Asking the backend again, while it says `active` of a completed session.
/// The ceiling of the first pause; each further one doubles, up to the maximum.
inline constexpr std::int64_t ask_pause_first_ms = 2'000;
inline constexpr std::int64_t ask_pause_ms_max = 30'000;
inline constexpr std::int64_t asks_max = 20;
/// From the report's delivery; an ask that a hidden page put off may come later.
inline constexpr std::int64_t asking_ms_max = 600'000;

}  // namespace linktrail::limits
