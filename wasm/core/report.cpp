#include "report.hpp"

#include "limits.hpp"
#include "time.hpp"

#include <utility>

namespace linktrail {
namespace {

constexpr std::string_view schema = "linktrail.report.v1";

IdempotencyKey key_of(const Session& session) {
  std::string key = session.id->value;
  key += ':';
  key += wire(session.flow());
  key += ':';
  key += wire(session.summary.outcome);
  if (session.summary.outcome_returned) {
    key += ':';
    key += format_iso8601(session.summary.outcome_at_ms);
  }
  return {std::move(key)};
}

void read_step(std::vector<Step>& steps, const JsonValue& object) {
  const auto status = step_status_from(object.text("status"));
  const std::string_view view_name = object.text("view_name");
  if (!status || !is_visible_ascii(view_name, limits::view_name_bytes_max) || steps.size() >= limits::steps_per_session_max)
    return;
  Step& step = steps.emplace_back();
  step.view_name = view_name;
  step.status = *status;
  step.attempts = object.whole_number("attempts").value_or(1);
  step.started_at_ms = parse_iso8601_ms(object.text("started_at"));
  step.ended_at_ms = parse_iso8601_ms(object.text("ended_at"));
}

void read_error_field(std::string& field, const JsonValue& object, std::string_view name) {
  const std::string_view text = object.text(name);
  if (is_visible_ascii(text, limits::error_field_bytes_max)) field = text;
}

}  // namespace

Report report_of(const Session& session, const std::string& client_version) {
  return {.key = key_of(session),
          .id = *session.id,
          .id_source = session.id_source,
          .flow = session.flow(),
          .outcome = session.summary.outcome,
          .occurred_at_ms = session.occurred_at_ms(),
          .steps = session.summary.steps,
          .exit = session.exit,
          .client_version = client_version};
}

bool is_stronger(const Report& a, const Report& b) {
  if (a.key == b.key) return false;
  if (a.flow != b.flow) return a.flow > b.flow;
  if ((a.outcome == Outcome::Unknown) != (b.outcome == Outcome::Unknown)) return b.outcome == Outcome::Unknown;
  if (a.occurred_at_ms != b.occurred_at_ms) return a.occurred_at_ms > b.occurred_at_ms;
  // Link's times may have whole seconds only: of two outcomes with one time the more cautious one is the later.
  return a.outcome > b.outcome;
}

void write(JsonWriter& json, const Step& step) {
  json.begin_object();
  json.key("view_name").value(step.view_name);
  json.key("status").value(wire(step.status));
  json.key("attempts").value(step.attempts);
  json.key("started_at").time_or_null(step.started_at_ms);
  json.key("ended_at").time_or_null(step.ended_at_ms);
  json.end_object();
}

void write(JsonWriter& json, const std::optional<Exit>& exit) {
  if (!exit) {
    json.null();
    return;
  }
  json.begin_object();
  json.key("error_type").value_or_null(exit->reason.error_type);
  json.key("error_code").value_or_null(exit->reason.error_code);
  json.key("status").value_or_null(exit->reason.status);
  json.key("at").value(format_iso8601(exit->at_ms));
  json.end_object();
}

void write(JsonWriter& json, const Report& report) {
  json.begin_object();
  json.key("schema").value(schema);
  json.key("idempotency_key").value(report.key.value);
  json.key("link_session_id").value(report.id.value);
  json.key("id_source").value(wire(report.id_source));
  json.key("flow").value(wire(report.flow));
  json.key("outcome").value(wire(report.outcome));
  json.key("occurred_at").value(format_iso8601(report.occurred_at_ms));
  json.key("steps").begin_array();
  for (const Step& step : report.steps) write(json, step);
  json.end_array();
  json.key("exit");
  write(json, report.exit);
  json.key("client").begin_object();
  json.key("name").value("linktrail").key("version").value(report.client_version);
  json.end_object().end_object();
}

std::string to_json(const Report& report) {
  JsonWriter json;
  write(json, report);
  return json.take();
}

bool read_report(Report& report, const JsonValue& object) {
  const auto id_source = id_source_from(object.text("id_source"));
  const auto flow = flow_from(object.text("flow"));
  const auto outcome = outcome_from(object.text("outcome"));
  const auto occurred_at_ms = parse_iso8601_ms(object.text("occurred_at"));
  const std::string_view id = object.text("link_session_id");
  const std::string_view key = object.text("idempotency_key");
  if (object.text("schema") != schema || !id_source || !flow || !outcome || !occurred_at_ms ||
      !is_visible_ascii(id, limits::session_id_bytes_max) || !is_visible_ascii(key, limits::storage_key_bytes_max)) {
    return false;
  }
  report.key.value = key;
  report.id.value = id;
  report.id_source = *id_source;
  report.flow = *flow;
  report.outcome = *outcome;
  report.occurred_at_ms = *occurred_at_ms;
  if (const JsonValue* const steps = object.find("steps"); steps != nullptr) {
    steps->for_each([&](const JsonValue& step) { read_step(report.steps, step); });
  }
  const JsonValue* const exit = object.find("exit");
  if (exit != nullptr && exit->kind == JsonValue::Kind::Object) {
    Exit& read = report.exit.emplace();
    read_error_field(read.reason.error_type, *exit, "error_type");
    read_error_field(read.reason.error_code, *exit, "error_code");
    read_error_field(read.reason.status, *exit, "status");
    read.at_ms = parse_iso8601_ms(exit->text("at")).value_or(*occurred_at_ms);
  }
  if (const JsonValue* const client = object.find("client"); client != nullptr) {
    read_error_field(report.client_version, *client, "version");
  }
  return true;
}

}  // namespace linktrail
