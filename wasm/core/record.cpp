#include "record.hpp"

#include "bounded_json.hpp"
#include "json_writer.hpp"
#include "limits.hpp"

#include <algorithm>
#include <utility>

namespace linktrail {
namespace {

constexpr std::int64_t stored_version = 1;

/// The text before the next slash, which is removed with it; nothing when there is no slash or no text.
std::optional<std::string_view> take_field(std::string_view& rest) {
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const std::string_view field = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  return field;
}

/// What is left of a wait of `length_ms` that began at `since_ms`; never more than all of it.
std::int64_t remaining_ms(std::int64_t length_ms, std::int64_t since_ms, std::int64_t now_ms) {
  const std::int64_t length = std::max<std::int64_t>(0, length_ms);
  return std::clamp<std::int64_t>(length - (now_ms - since_ms), 0, length);
}

/// Times and counts come from storage that other scripts can write: out of range is as good as none.
std::int64_t bounded(const JsonValue& object, std::string_view name, std::int64_t most = 253'402'300'799'999) {
  return std::clamp<std::int64_t>(object.whole_number(name).value_or(0), 0, most);
}

}  // namespace

std::string storage_prefix_of(const Scope& scope) {
  std::string prefix(storage_prefix);
  prefix += scope.value;
  prefix += '/';
  return prefix;
}

StorageKey storage_key(const Scope& scope, const PageId& page, const LinkSessionId& id) {
  std::string key = storage_prefix_of(scope);
  key += page.value;
  key += '/';
  key += id.value;
  return {std::move(key)};
}

std::optional<RecordAddress> read_storage_key(const StorageKey& key) {
  std::string_view rest = key.value;
  if (!rest.starts_with(storage_prefix)) return std::nullopt;
  rest.remove_prefix(storage_prefix.size());
  const auto scope = take_field(rest);
  const auto page = scope ? take_field(rest) : std::nullopt;
  if (!page || !(rest.empty() || is_visible_ascii(rest, limits::session_id_bytes_max))) return std::nullopt;
  return RecordAddress{.scope = *scope, .page = *page, .session_id = rest};
}

std::string to_stored_text(const Record& record, std::string_view report_json, const Moment& now) {
  JsonWriter json;
  json.begin_object();
  json.key("version").value(stored_version);
  json.key("refused").boolean(record.state == DeliveryState::Refused);
  json.key("created_ms").value(record.created_ms);
  json.key("written_ms").value(now.wall_ms);
  json.key("wait_ms").value(std::max<std::int64_t>(0, record.due_ms - now.monotonic_ms));
  json.key("floor_ms").value(std::max<std::int64_t>(0, record.floor_ms - now.monotonic_ms));
  json.key("lease_ms").value(limits::lease_ms);
  json.key("attempts").value(record.attempts);
  json.key("failures").value(record.failures);
  json.key("last_status");
  if (record.last_status) {
    json.value(static_cast<std::int64_t>(*record.last_status));
  } else {
    json.null();
  }
  json.key("report").raw(report_json);
  json.end_object();
  return json.take();
}

std::optional<StoredRecord> read_stored_text(std::string_view text, const Moment& now) {
  std::optional<StoredRecord> read;
  const auto document = read_json(text);
  if (!document) return read;
  const JsonValue& object = document->root();
  const JsonValue* const report = object.find("report");
  if (object.whole_number("version") != stored_version || report == nullptr) return read;
  StoredRecord& stored = read.emplace();
  Record& record = stored.record;
  if (!read_report(record.report, *report)) {
    read.reset();
    return read;
  }
  const std::int64_t written_ms = bounded(object, "written_ms");
  constexpr std::int64_t floor_ms_max = limits::retry_after_ms_max + limits::retry_after_ms_max / limits::retry_after_spread;
  // No more than can have been asked for: it holds back all reports of the owner, on every page that takes the record over.
  const std::int64_t floor_ms = remaining_ms(bounded(object, "floor_ms", floor_ms_max), written_ms, now.wall_ms);
  record.created_ms = std::min(bounded(object, "created_ms"), now.wall_ms);
  record.attempts = bounded(object, "attempts");
  record.failures = bounded(object, "failures");
  if (const auto status = object.whole_number("last_status"); status && *status >= 100 && *status <= 999) {
    record.last_status = static_cast<int>(*status);
  }
  record.floor_ms = now.monotonic_ms + floor_ms;
  // A page that opens is a fresh chance: only what the endpoint itself asked for, or a refusal, makes it wait.
  std::int64_t wait_ms = floor_ms;
  if (object.is_true("refused")) {
    record.state = DeliveryState::Refused;
    record.refusal_told = true;
    const std::int64_t pause_ms = bounded(object, "wait_ms", limits::refused_backoff_ms_max);
    wait_ms = std::max(wait_ms, remaining_ms(pause_ms, written_ms, now.wall_ms));
  }
  record.due_ms = now.monotonic_ms + wait_ms;
  record.due_wall_ms = now.wall_ms + wait_ms;
  // Written in the future: the clock was set back since, by so much that a page that lives would have renewed its lease.
  const bool is_from_future = written_ms > now.wall_ms + limits::lease_ms;
  const std::int64_t lease_ms = is_from_future ? 0 : bounded(object, "lease_ms", limits::lease_ms);
  stored.lease_until_ms = now.wall_ms + remaining_ms(lease_ms, written_ms, now.wall_ms);
  return read;
}

}  // namespace linktrail
