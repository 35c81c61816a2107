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
  void read_session_id(std::optional<LinkSessionId>& id) {
    const std::string_view text = field("link_session_id", limits::session_id_bytes_max);
    if (!text.empty()) id.emplace().value = text;
  }
  void read_exit_reason(ExitReason& reason, std::string_view status_name) {
    reason.error_type = field("error_type", limits::error_field_bytes_max);
    reason.error_code = field("error_code", limits::error_field_bytes_max);
    reason.status = field(status_name, limits::error_field_bytes_max);
  }
  [[nodiscard]] bool is_flawed() const { return is_flawed_; }

 private:
  const JsonValue& object_;
  bool is_flawed_;
};

// Each event is made where it is returned from: moved, it would bring the code that moves every kind of event.

void reject(Event& event, std::string_view field) { event.emplace<Rejected>().field = field; }

void read_started(const JsonValue& object, Event& event) {
  const std::string_view page = object.text("page");
  // The page's name is a part of a storage key whose fields are parted by slashes.
  if (!is_visible_ascii(page, 64) || page.find('/') != std::string_view::npos) return reject(event, "page");
  const JsonValue* const owner = object.find("owner");
  const bool has_owner = owner != nullptr && owner->kind == JsonValue::Kind::String;
  auto& started = event.emplace<Started>();
  started.scope = scope_of(object.text("endpoint"), has_owner ? std::optional(owner->string) : std::nullopt);
  started.page.value = page;
  started.client_version = object.text("version");
  started.has_locks = object.is_true("locks");
}

void read_on_success(const JsonValue& object, Event& event) {
  CallbackReader reader(object);
  auto& succeeded = event.emplace<LinkSucceeded>();
  reader.read_session_id(succeeded.id);
  succeeded.is_flawed = reader.is_flawed();
}

void read_on_exit(const JsonValue& object, Event& event) {
  CallbackReader reader(object);
  auto& exited = event.emplace<LinkExited>();
  reader.read_session_id(exited.id);
  reader.read_exit_reason(exited.reason, "status");
  exited.is_flawed = reader.is_flawed();
}

void read_on_event(const JsonValue& object, Event& event) {
  CallbackReader reader(object);
  const std::string_view name = reader.field("name", limits::event_name_bytes_max);
  if (name.empty()) return reject(event, "name");
  auto& emitted = event.emplace<LinkEmitted>();
  emitted.wire_name = name;
  emitted.name = event_name(name);
  reader.read_session_id(emitted.id);
  emitted.view_name = reader.field("view_name", limits::view_name_bytes_max);
  emitted.timestamp_ms = parse_iso8601_ms(object.text("timestamp"));
  reader.read_exit_reason(emitted.reason, "exit_status");
  emitted.is_flawed = reader.is_flawed();

  const std::string_view request_id = reader.field("request_id", limits::request_id_bytes_max);
  Fingerprint fingerprint;
  fingerprint.add(name);
  fingerprint.add(emitted.view_name);
  fingerprint.add(emitted.timestamp_ms ? object.text("timestamp") : std::string_view());
  fingerprint.add(emitted.id ? std::string_view(emitted.id->value) : std::string_view());
  fingerprint.add(request_id);
  emitted.fingerprint = fingerprint.value();
}

void read_post_answered(const JsonValue& object, Event& event) {
  const auto post = object.whole_number("post");
  if (!post || *post < 1 || *post > 0xffffffffLL) return reject(event, "post");
  const std::string_view kind = object.text("kind");
  const std::int64_t status = object.whole_number("status").value_or(0);
  auto& answered = event.emplace<PostAnswered>();
  answered.post = static_cast<std::uint32_t>(*post);
  if (kind == "response") {
    if (status < 100 || status > 999) return reject(event, "status");
    answered.kind = AnswerKind::Response;
    answered.status = static_cast<int>(status);
  } else if (kind == "redirected") {
    answered.kind = AnswerKind::Redirected;
  } else if (kind == "timed_out") {
    answered.kind = AnswerKind::TimedOut;
  } else if (kind != "network_failed") {
    return reject(event, "kind");
  }
  answered.retry_after = object.text("retry_after");
  answered.date = object.text("date");
}

void read_verdict_told(const JsonValue& object, Event& event) {
  auto& told = event.emplace<VerdictTold>();
  told.post = static_cast<std::uint32_t>(object.whole_number("post").value_or(0));
  told.verdict = backend_verdict_from(object.text("status")).value_or(BackendVerdict::None);
}

/// False when there is none that could be one.
bool read_storage_key(const JsonValue& object, StorageKey& key) {
  key.value = object.text("key");
  return is_visible_ascii(key.value, limits::storage_key_bytes_max);
}

void read_record_stored(const JsonValue& object, Event& event) {
  const auto durability = durability_from(object.text("durability"));
  if (!durability) return reject(event, "durability");
  auto& stored = event.emplace<RecordStored>();
  stored.durability = *durability;
  if (!read_storage_key(object, stored.key)) reject(event, "key");
}

void read_records_found(const JsonValue& object, Event& event) {
  const JsonValue* const records = object.find("records");
  if (records == nullptr || records->kind != JsonValue::Kind::Array) return reject(event, "records");
  auto& found = event.emplace<RecordsFound>();
  found.is_orphaned = object.is_true("orphaned");
  records->for_each([&](const JsonValue& record) {
    FoundRecord& read = found.records.emplace_back();
    read.text = record.text("text");
    if (!read_storage_key(record, read.key)) found.records.pop_back();
  });
}

void read_page_changed(const JsonValue& object, Event& event) {
  const auto signal = page_signal_from(object.text("signal"));
  if (!signal) return reject(event, "signal");
  event.emplace<PageChanged>().signal = *signal;
}

void read_forgotten_elsewhere(const JsonValue& object, Event& event) {
  const std::string_view told = object.text("told");
  const auto space = told.find(' ');  // Without one there is no time: all of it is the prefix.
  auto& forgotten = event.emplace<ForgottenElsewhere>();
  forgotten.prefix = told.substr(space + 1);
  forgotten.at_ms = parse_iso8601_ms(told.substr(0, space));
}

void read_receipt_requested(const JsonValue& object, Event& event) {
  auto& requested = event.emplace<ReceiptRequested>();
  const std::string_view id = object.text("link_session_id");
  if (!id.empty()) requested.id.emplace().value = id;
}

void read_link_driven(const JsonValue& object, Event& event) {
  const auto signal = link_signal_from(object.text("signal"));
  if (!signal) return reject(event, "signal");
  event.emplace<LinkDriven>().signal = *signal;
}

template <class Plain>
void read_plain(const JsonValue& /*object*/, Event& event) {
  event.emplace<Plain>();
}

struct Reader {
  std::string_view type{};
  void (*read)(const JsonValue&, Event&) = nullptr;
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
  Event event(Rejected{"json"});
  const auto document = read_json(text);
  if (!document) return event;
  reject(event, "type");
  const JsonValue& object = document->root();
  const std::string_view type = object.text("type");
  for (const Reader& reader : readers) {
    if (reader.type == type) reader.read(object, event);
  }
  return event;
}

Scope scope_of(std::string_view endpoint, std::optional<std::string_view> owner) {
  std::string message(endpoint);
  message += '\n';
  if (owner) {
    message += std::string_view("owner ");
    message += *owner;
  }
  // Half of the digest: enough to keep owners apart, short enough for a key.
  return Scope{sha256_hex(message).substr(0, 32)};
}

}  // namespace linktrail
