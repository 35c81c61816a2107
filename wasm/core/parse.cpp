#include "parse.hpp"

#include "bounded_json.hpp"
#include "limits.hpp"
#include "sha256.hpp"
#include "time.hpp"

#include <array>
#include <utility>

namespace linktrail {
namespace {

/// Reads the fields of one callback and remembers whether any of them had to be left out.
class CallbackReader {
 public:
  explicit CallbackReader(const JsonValue& object)
      : object_(object), is_flawed_(object.whole_number("unreadable").value_or(0) > 0) {}

  [[nodiscard]] std::string_view field(std::string_view name, std::size_t bytes_max) {
    const std::string_view text = object_.text(name);
    if (text.empty()) return {};
    if (!is_visible_ascii(text, bytes_max)) {
      is_flawed_ = true;
      return {};
    }
    return text;
  }
  [[nodiscard]] std::optional<LinkSessionId> session_id() {
    const std::string_view text = field("link_session_id", limits::session_id_bytes_max);
    if (text.empty()) return std::nullopt;
    return LinkSessionId{std::string(text)};
  }
  [[nodiscard]] ExitReason exit_reason(std::string_view status_name) {
    return {.error_type = std::string(field("error_type", limits::error_field_bytes_max)),
            .error_code = std::string(field("error_code", limits::error_field_bytes_max)),
            .status = std::string(field(status_name, limits::error_field_bytes_max))};
  }
  [[nodiscard]] bool is_flawed() const { return is_flawed_; }

 private:
  const JsonValue& object_;
  bool is_flawed_;
};

Event read_started(const JsonValue& object) {
  const std::string_view page = object.text("page");
  // The page's name is a part of a storage key whose fields are parted by slashes.
  if (!is_visible_ascii(page, 64) || page.find('/') != std::string_view::npos) return Rejected{"page"};
  const JsonValue* const owner = object.find("owner");
  const bool has_owner = owner != nullptr && owner->kind == JsonValue::Kind::String;
  return Started{.scope = scope_of(object.text("endpoint"), has_owner ? std::optional(owner->string) : std::nullopt),
                 .page = PageId{std::string(page)},
                 .client_version = std::string(object.text("version")),
                 .has_locks = object.is_true("locks")};
}

Event read_on_success(const JsonValue& object) {
  CallbackReader reader(object);
  LinkSucceeded event;
  event.id = reader.session_id();
  event.is_flawed = reader.is_flawed();
  return event;
}

Event read_on_exit(const JsonValue& object) {
  CallbackReader reader(object);
  LinkExited event;
  event.id = reader.session_id();
  event.reason = reader.exit_reason("status");
  event.is_flawed = reader.is_flawed();
  return event;
}

Event read_on_event(const JsonValue& object) {
  CallbackReader reader(object);
  LinkEmitted event;
  event.wire_name = reader.field("name", limits::event_name_bytes_max);
  if (event.wire_name.empty()) return Rejected{"name"};
  event.name = event_name(event.wire_name);
  event.id = reader.session_id();
  event.view_name = reader.field("view_name", limits::view_name_bytes_max);
  event.timestamp_ms = parse_iso8601_ms(object.text("timestamp"));
  event.reason = reader.exit_reason("exit_status");
  event.is_flawed = reader.is_flawed();

  const std::string_view request_id = reader.field("request_id", limits::request_id_bytes_max);
  Fingerprint fingerprint;
  fingerprint.add(event.wire_name);
  fingerprint.add(event.view_name);
  fingerprint.add(event.timestamp_ms ? object.text("timestamp") : std::string_view());
  fingerprint.add(event.id ? std::string_view(event.id->value) : std::string_view());
  fingerprint.add(request_id);
  event.fingerprint = fingerprint.value();
  return event;
}

Event read_post_answered(const JsonValue& object) {
  PostAnswered event;
  const auto post = object.whole_number("post");
  if (!post || *post < 1 || *post > 0xffffffffLL) return Rejected{"post"};
  event.post = static_cast<std::uint32_t>(*post);
  const std::string_view kind = object.text("kind");
  if (kind == "response") {
    const std::int64_t status = object.whole_number("status").value_or(0);
    if (status < 100 || status > 999) return Rejected{"status"};
    event.kind = AnswerKind::Response;
    event.status = static_cast<int>(status);
  } else if (kind == "redirected") {
    event.kind = AnswerKind::Redirected;
  } else if (kind == "timed_out") {
    event.kind = AnswerKind::TimedOut;
  } else if (kind != "network_failed") {
    return Rejected{"kind"};
  }
  event.retry_after = std::string(object.text("retry_after"));
  event.date = std::string(object.text("date"));
  return event;
}

Event read_verdict_told(const JsonValue& object) {
  return VerdictTold{.post = static_cast<std::uint32_t>(object.whole_number("post").value_or(0)),
                     .verdict = backend_verdict_from(object.text("status")).value_or(BackendVerdict::None)};
}

std::optional<StorageKey> read_storage_key(const JsonValue& object) {
  const std::string_view key = object.text("key");
  if (!is_visible_ascii(key, limits::storage_key_bytes_max)) return std::nullopt;
  return StorageKey{std::string(key)};
}

Event read_record_stored(const JsonValue& object) {
  const auto key = read_storage_key(object);
  if (!key) return Rejected{"key"};
  const auto durability = durability_from(object.text("durability"));
  if (!durability) return Rejected{"durability"};
  return RecordStored{.key = *key, .durability = *durability};
}

Event read_records_found(const JsonValue& object) {
  const JsonValue* const records = object.find("records");
  if (records == nullptr || records->kind != JsonValue::Kind::Array) return Rejected{"records"};
  RecordsFound event;
  event.is_orphaned = object.is_true("orphaned");
  records->for_each([&](const JsonValue& record) {
    auto key = read_storage_key(record);
    if (key) event.records.push_back({.key = std::move(*key), .text = std::string(record.text("text"))});
  });
  return event;
}

Event read_page_changed(const JsonValue& object) {
  const auto signal = page_signal_from(object.text("signal"));
  if (!signal) return Rejected{"signal"};
  return PageChanged{.signal = *signal};
}

Event read_forgotten_elsewhere(const JsonValue& object) {
  const std::string_view told = object.text("told");
  const auto space = told.find(' ');  // Without one there is no time: all of it is the prefix.
  return ForgottenElsewhere{.prefix = std::string(told.substr(space + 1)), .at_ms = parse_iso8601_ms(told.substr(0, space))};
}

Event read_receipt_requested(const JsonValue& object) {
  ReceiptRequested event;
  const std::string_view id = object.text("link_session_id");
  if (!id.empty()) event.id = LinkSessionId{std::string(id)};
  return event;
}

Event read_link_driven(const JsonValue& object) {
  const auto signal = link_signal_from(object.text("signal"));
  if (!signal) return Rejected{"signal"};
  return LinkDriven{.signal = *signal};
}

template <class Plain>
Event read_plain(const JsonValue&) {
  return Plain{};
}

struct Reader {
  std::string_view type{};
  Event (*read)(const JsonValue&) = nullptr;
};

constexpr std::array readers{
    Reader{"on_event", read_on_event},
    Reader{"on_success", read_on_success},
    Reader{"on_exit", read_on_exit},
    Reader{"started", read_started},
    Reader{"post_answered", read_post_answered},
    Reader{"verdict_told", read_verdict_told},
    Reader{"record_stored", read_record_stored},
    Reader{"records_found", read_records_found},
    Reader{"storage_changed", read_plain<StorageChanged>},
    Reader{"woken", read_plain<Woken>},
    Reader{"page_changed", read_page_changed},
    Reader{"headers_resolved", read_plain<HeadersResolved>},
    Reader{"headers_failed", read_plain<HeadersFailed>},
    Reader{"flush_requested", read_plain<FlushRequested>},
    Reader{"forget_requested", read_plain<ForgetRequested>},
    Reader{"forgotten_elsewhere", read_forgotten_elsewhere},
    Reader{"disposed", read_plain<Disposed>},
    Reader{"receipt_requested", read_receipt_requested},
    Reader{"link_driven", read_link_driven},
};

}  // namespace

Event parse_event(std::string_view text) {
  const auto document = read_json(text);
  if (!document) return Rejected{"json"};
  const JsonValue& object = document->root();
  const std::string_view type = object.text("type");
  for (const Reader& reader : readers) {
    if (reader.type == type) return reader.read(object);
  }
  return Rejected{"type"};
}

Scope scope_of(std::string_view endpoint, std::optional<std::string_view> owner) {
  std::string message(endpoint);
  message += '\n';
  if (owner) {
    message += "owner ";
    message += *owner;
  }
  // Half of the digest: enough to keep owners apart, short enough for a key.
  return Scope{sha256_hex(message).substr(0, 32)};
}

}  // namespace linktrail
