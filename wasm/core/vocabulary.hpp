/// The words of Link and of linktrail: one table per vocabulary, read in both directions. A name that Link may add
/// tomorrow is data: it maps to `Unknown` and is kept by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace linktrail {

/// Event names of `onEvent`. Source: https://plaid.com/docs/link/web/ (state of September 2026).
enum class EventName : std::uint8_t {
  Unknown,
  CreateSession,
  ResumeSession,
  OpenUi,
  ResumeUi,
  CloseUi,
  StartStep,
  PassStep,
  FailStep,
  PendingReviewStep,
  PassSession,
  FailSession,
  PendingReviewSession,
  Open,
  Exit,
  /// A documented name of another product or of Link itself that tells nothing about an Identity Verification.
  OtherDocumented,
};

[[nodiscard]] EventName event_name(std::string_view wire);
/// Known or not, an event of Identity Verification; only these may name the session.
[[nodiscard]] bool is_identity_verification(std::string_view wire);

/// What is known of a view name. Any view named by a step event is a step, whatever this says.
enum class ViewKind : std::uint8_t { Unknown, IdentityVerificationStep, OtherDocumented };
[[nodiscard]] ViewKind view_kind(std::string_view wire);

enum class Flow : std::uint8_t { Idle, InProgress, Exited, Completed };
[[nodiscard]] std::string_view wire(Flow flow);
[[nodiscard]] std::optional<Flow> flow_from(std::string_view wire);

enum class Outcome : std::uint8_t { Unknown, Passed, PendingReview, Failed };
[[nodiscard]] std::string_view wire(Outcome outcome);
[[nodiscard]] std::optional<Outcome> outcome_from(std::string_view wire);

enum class StepStatus : std::uint8_t { Active, Passed, Failed, PendingReview };
[[nodiscard]] std::string_view wire(StepStatus status);
[[nodiscard]] std::optional<StepStatus> step_status_from(std::string_view wire);

enum class Advice : std::uint8_t { None, Continue, NewToken, RetryLater, ManualReview, Wait, AskBackend };
[[nodiscard]] std::string_view wire(Advice advice);

/// Which callback named the session; a stronger source replaces a weaker one.
enum class IdSource : std::uint8_t { OnExit, OnEvent, OnSuccess };
[[nodiscard]] std::string_view wire(IdSource source);
[[nodiscard]] std::optional<IdSource> id_source_from(std::string_view wire);

/// What the stored copy of a record survives.
enum class Durability : std::uint8_t { Memory, Tab, Browser, Disk };
[[nodiscard]] std::string_view wire(Durability durability);
[[nodiscard]] std::optional<Durability> durability_from(std::string_view wire);

enum class DeliveryState : std::uint8_t {
  Unknown,
  Sending,
  Waiting,
  Unauthorized,
  Delivered,
  Refused,
  Expired,
  Undeliverable,
  Forgotten,
};
[[nodiscard]] std::string_view wire(DeliveryState state);
[[nodiscard]] std::optional<DeliveryState> delivery_state_from(std::string_view wire);

/// What the customer's backend said of a session, in the words of Plaid's `status`; `None` is nothing yet.
enum class BackendVerdict : std::uint8_t { None, Active, Success, Failed, PendingReview, Expired, Canceled };
[[nodiscard]] std::string_view wire(BackendVerdict verdict);
[[nodiscard]] std::optional<BackendVerdict> backend_verdict_from(std::string_view wire);

/// What happened to the page, as the platform told it.
enum class PageSignal : std::uint8_t { Visible, Hidden, Restored, Online, Offline };
[[nodiscard]] std::optional<PageSignal> page_signal_from(std::string_view wire);

}  // namespace linktrail
