#include "encode.hpp"

#include "json_writer.hpp"
#include "report.hpp"
#include "time.hpp"

#include <list>
#include <variant>

namespace linktrail {
namespace {

void write_id_or_null(JsonWriter& json, const std::optional<LinkSessionId>& id) {
  if (id) {
    json.value(id->value);
  } else {
    json.null();
  }
}

void write(JsonWriter& json, const Receipt& receipt) {
  json.use_camel_case(true);
  json.begin_object().key("link_session_id");
  write_id_or_null(json, receipt.id);
  json.key("state").value(wire(receipt.state));
  json.key("attempts").value(receipt.attempts);
  json.key("durability").value(wire(receipt.durability));
  json.key("last_status");
  if (receipt.last_status) {
    json.value(static_cast<std::int64_t>(*receipt.last_status));
  } else {
    json.null();
  }
  json.key("next_attempt_at").time_or_null(receipt.next_attempt_ms);
  json.key("idempotency_key").value_or_null(receipt.key.value);
  json.end_object();
}

void write(JsonWriter& json, const std::list<std::string>& names) {
  json.begin_array();
  for (const std::string& name : names) json.value(name);
  json.end_array();
}

void write(JsonWriter& json, const Progress& progress) {
  json.use_camel_case(true);
  json.begin_object().key("link_session_id");
  write_id_or_null(json, progress.id);
  json.key("flow").value(wire(progress.flow));
  json.key("outcome").value(wire(progress.outcome));
  json.key("verdict").value_or_null(wire(progress.verdict));
  json.key("ui_open").boolean(progress.ui_open);
  json.key("steps").begin_array();
  for (const Step& step : progress.steps) write(json, step);
  json.end_array();
  json.key("current_step").value_or_null(progress.current_step);
  json.key("exit");
  write(json, progress.exit);
  json.key("advice").value(wire(progress.advice));
  json.key("delivery");
  if (progress.delivery) {
    write(json, *progress.delivery);
  } else {
    json.null();
  }
  json.key("unknown_events");
  write(json, progress.unknown_events);
  json.key("unknown_views");
  write(json, progress.unknown_views);
  json.key("rejected").value(progress.rejected);
  json.end_object();
}

/// One function per effect: an effect without one does not compile.
class EffectWriter {
 public:
  explicit EffectWriter(JsonWriter& json) : json_(json) {}

  void operator()(const Store& effect) {
    begin("store").key("key").value(effect.key.value).key("text").value(effect.text);
    stored_ = effect.text;
  }
  void operator()(const Erase& effect) { begin("erase").key("key").value(effect.key.value); }
  void operator()(const ErasePrefix& effect) {
    begin("erase_prefix").key("prefix").value(effect.prefix);
    std::string told = format_iso8601(effect.at_ms);
    told += ' ';
    told += effect.prefix;
    json_.key("told").value(told);
  }
  void operator()(const Post& effect) {
    begin("post").key("post").value(static_cast<std::int64_t>(effect.post));
    json_.key("key").value(effect.key.value);
    json_.key("body");
    if (ends_stored_text(effect.body)) {
      json_.value(static_cast<std::int64_t>(effect.body.size()));
    } else {
      json_.value(effect.body);
    }
    json_.key("timeout_ms").value(effect.timeout_ms);
    json_.key("keepalive").boolean(effect.is_keepalive);
  }
  void operator()(const ResolveHeaders&) { begin("resolve_headers"); }
  void operator()(const WakeAfter& effect) { begin("wake_after").key("delay_ms").value(effect.delay_ms); }
  void operator()(const Scan&) { begin("scan"); }
  void operator()(const Settle& effect) {
    begin("settle").key("receipt");
    write(json_, effect.receipt);
    const DeliveryState state = effect.receipt.state;
    json_.key("undelivered")
        .boolean(state == DeliveryState::Refused || state == DeliveryState::Expired || state == DeliveryState::Undeliverable);
  }
  void operator()(const AnswerReceipt& effect) {
    begin("answer_receipt").key("receipt");
    write(json_, effect.receipt);
    json_.key("settled").boolean(effect.receipt.is_settled());
  }
  void operator()(const Notify&) { begin("notify"); }
  void operator()(const DriveLink& effect) { write(begin("link"), effect); }

 private:
  JsonWriter& begin(std::string_view what) {
    json_.use_camel_case(false);
    return json_.begin_object().key("do").value(what);
  }

  /// A record's text is an object that ends with its report.
  [[nodiscard]] bool ends_stored_text(std::string_view body) const {
    std::string_view text = stored_;
    if (text.empty()) return false;
    text.remove_suffix(1);
    return text.ends_with(body);
  }

  JsonWriter& json_;
  std::string_view stored_{};
};

}  // namespace

std::string encode(const Effects& effects) {
  JsonWriter json;
  json.begin_array();
  EffectWriter writer(json);
  for (const Effect& effect : effects) {
    std::visit(writer, effect);
    json.end_object();
  }
  json.end_array();
  return json.take();
}

std::string encode(const Progress& progress) {
  JsonWriter json;
  write(json, progress);
  return json.take();
}

}  // namespace linktrail
