/// One Identity Verification session: the facts Link told of it, and what they add up to. The order in which they arrived
/// does not matter, nor does hearing them twice.
#pragma once

#include "event.hpp"
#include "text.hpp"
#include "time.hpp"
#include "vocabulary.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linktrail {

struct Step {
  std::string view_name{};
  StepStatus status = StepStatus::Active;
  std::int64_t attempts = 0;
  std::optional<std::int64_t> started_at_ms{};
  std::optional<std::int64_t> ended_at_ms{};
  bool operator==(const Step&) const = default;
};

struct Exit {
  ExitReason reason{};
  std::int64_t at_ms = 0;
  bool operator==(const Exit&) const = default;
};

/// One event of Identity Verification, as it is kept.
struct Mark {
  std::int64_t at_ms = 0;
  /// Breaks ties of `at_ms` by cause, since Link's times may have whole seconds only.
  std::uint8_t rank = 0;
  EventName name = EventName::Unknown;
  /// Whether `at_ms` is Link's own time, not that of the arrival.
  bool is_dated = false;
  std::string view_name{};
  std::uint64_t fingerprint = 0;
  bool operator==(const Mark&) const = default;
};

/// What a sequence of marks, in their order, adds up to.
struct Summary {
  std::vector<Step> steps{};
  Outcome outcome = Outcome::Unknown;
  /// Link's time of the event that decided the outcome.
  std::int64_t outcome_at_ms = 0;
  /// Whether the outcome had been this one before and another in between.
  bool outcome_returned = false;
  /// One bit per outcome that was replaced by another.
  std::uint8_t replaced_outcomes = 0;
  bool ui_open = false;
  bool ui_closed_once = false;
  std::int64_t first_at_ms = 0;
  /// Steps that no longer fitted; they are missing from `steps`.
  std::int64_t steps_dropped = 0;
  bool operator==(const Summary&) const = default;

  void add(const Mark& mark);

 private:
  void add_step(const Mark& mark, StepStatus status);
  void add_outcome(const Mark& mark, Outcome next);
};

/// What a report says that the ones before it did not: a report is due whenever this changes.
struct Milestone {
  Flow flow = Flow::Idle;
  Outcome outcome = Outcome::Unknown;
  /// Of an outcome that came back to an earlier value; 0 otherwise.
  std::int64_t returned_at_ms = 0;
  bool operator==(const Milestone&) const = default;
};

/// Invariant: `marks` is sorted, has no two equal fingerprints, and `summary` is what `base` and `marks` add up to.
struct Session {
  std::optional<LinkSessionId> id{};
  IdSource id_source = IdSource::OnExit;
  std::list<Mark> marks{};
  /// What the marks that no longer fit added up to.
  Summary base{};
  Summary summary{};
  bool has_succeeded = false;
  std::int64_t succeeded_at_ms = 0;
  std::optional<Exit> exit{};
  /// Whether Link's screen was opened or a step begun after the last exit.
  bool was_resumed = false;
  std::int64_t recaptcha_exits = 0;
  /// When the session was first heard of, by the page's monotonic clock.
  std::int64_t first_heard_ms = 0;
  /// What was last reported under the present id.
  Milestone reported{};
  /// Whether the page was told that this session has no id to report.
  bool undeliverable_told = false;
  bool operator==(const Session&) const = default;

  /// False when the event was known already.
  bool add(const LinkEmitted& event, std::int64_t arrival_wall_ms);
  void add_success(std::int64_t arrival_wall_ms);
  void add_exit(const ExitReason& reason, std::int64_t arrival_wall_ms);

  [[nodiscard]] Flow flow() const;
  [[nodiscard]] Milestone milestone() const;
  /// Whether something happened that a backend should hear of, and Link never named the session.
  [[nodiscard]] bool lacks_id() const;
  [[nodiscard]] bool has_events() const { return !marks.empty(); }
  /// The step under way; empty when there is none.
  [[nodiscard]] std::string_view current_step() const;
  /// When the present flow and outcome came about.
  [[nodiscard]] std::int64_t occurred_at_ms() const;
};

}  // namespace linktrail
