/// What is posted to the customer's backend of one session, and when one report says more than another.
#pragma once

#include "bounded_json.hpp"
#include "json_writer.hpp"
#include "session.hpp"
#include "text.hpp"
#include "vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linktrail {

struct Report {
  IdempotencyKey key{};
  LinkSessionId id{};
  IdSource id_source = IdSource::OnExit;
  Flow flow = Flow::InProgress;
  Outcome outcome = Outcome::Unknown;
  std::int64_t occurred_at_ms = 0;
  std::vector<Step> steps{};
  std::optional<Exit> exit{};
  std::string client_version{};
  bool operator==(const Report&) const = default;
};

/// The report due for a session that has an id. Its key is made of id, flow and outcome; an outcome that returned to an
/// earlier value is told apart by Link's time of the event that decided it, so that no two meanings share a key.
[[nodiscard]] Report report_of(const Session& session, const std::string& client_version);

/// Whether `a` must not be undone by `b`: it tells of a later flow, or of an outcome where `b` has none, or of the later
/// one of two outcomes. Two reports with one key are equally strong.
[[nodiscard]] bool is_stronger(const Report& a, const Report& b);

/// As a report has it; a page's script sees the same in camelCase.
void write(JsonWriter& json, const Step& step);
void write(JsonWriter& json, const std::optional<Exit>& exit);

/// The body of the POST, `linktrail.report.v1`.
void write(JsonWriter& json, const Report& report);
[[nodiscard]] std::string to_json(const Report& report);

/// Reads what `write` wrote; nothing when a field is missing or out of its vocabulary.
[[nodiscard]] bool read_report(Report& report, const JsonValue& object);

}  // namespace linktrail
