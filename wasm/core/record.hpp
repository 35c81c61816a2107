/// A report on its way: the unit that is stored before it is sent, and erased only when the endpoint has said 2xx.
#pragma once

#include "report.hpp"
#include "text.hpp"
#include "time.hpp"
#include "vocabulary.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace linktrail {

struct Record {
  Report report{};
  StorageKey key{};
  /// `Sending`, `Waiting`, `Unauthorized` or `Refused`.
  DeliveryState state = DeliveryState::Waiting;
  /// When the report came about here, by the device's clock; a stronger report of the session is as young as itself.
  std::int64_t created_ms = 0;
  /// The next attempt, by the page's monotonic clock and, to show and to store, by the device's.
  std::int64_t due_ms = 0;
  std::int64_t due_wall_ms = 0;
  /// No attempt before this, whatever happens: `Retry-After`. By the page's monotonic clock.
  std::int64_t floor_ms = 0;
  /// Requests started for the present report.
  std::int64_t attempts = 0;
  /// Failures in a row, over all reports of the session.
  std::int64_t failures = 0;
  std::optional<int> last_status{};
  Durability durability = Durability::Memory;
  /// The newest request under way for the present report; 0 when there is none.
  std::uint32_t post = 0;
  /// Whether that request may outlive the page.
  bool is_keepalive = true;
  /// Answers in a row that asked for a login.
  std::int64_t reauthorizations = 0;
  /// Whether the page was told that this report was refused.
  bool refusal_told = false;
  /// Copies under the names of pages that are gone, to be erased as soon as this page's own copy is as safe.
  std::list<StorageKey> former_keys{};
  bool operator==(const Record&) const = default;
};

/// Where a record lives, taken from its storage key.
struct RecordAddress {
  std::string_view scope{};
  std::string_view page{};
  /// Empty for the note of a visit, which is no record.
  std::string_view session_id{};
};

/// What every storage key of this version begins with.
inline constexpr std::string_view storage_prefix = "linktrail/1/";

[[nodiscard]] StorageKey storage_key(const Scope& scope, const PageId& page, const LinkSessionId& id);
/// The beginning of all keys of one scope.
[[nodiscard]] std::string storage_prefix_of(const Scope& scope);
[[nodiscard]] std::optional<RecordAddress> read_storage_key(const StorageKey& key);

/// The stored text. Waits are stored as lengths beside the time of writing, so that a clock set back cannot stretch them.
/// `report_json` is `to_json(record.report)`, for whoever has it.
[[nodiscard]] std::string to_stored_text(const Record& record, std::string_view report_json, const Moment& now);

struct StoredRecord {
  Record record{};
  /// Its page has said that it lives until then; meaningful only where there are no locks. By the device's clock.
  std::int64_t lease_until_ms = 0;
};

/// The record as this page takes it over: times are translated to the page's clocks. Nothing when the text is damaged.
[[nodiscard]] std::optional<StoredRecord> read_stored_text(std::string_view text, const Moment& now);

}  // namespace linktrail
