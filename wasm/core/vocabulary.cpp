#include "vocabulary.hpp"

#include <array>
#include <cstddef>

namespace linktrail {
namespace {

template <class Enum>
struct Word {
  std::string_view wire{};
  Enum value{};
};

/// Tables list their enumerators in order, most of them from the first one on.
template <class Enum, std::size_t size>
consteval bool is_indexed(const std::array<Word<Enum>, size>& table, std::size_t first = 0) {
  for (std::size_t i = 0; i < size; ++i) {
    if (static_cast<std::size_t>(table[i].value) != first + i) return false;
  }
  return true;
}

constexpr std::string_view wire_of(std::string_view name) { return name; }
template <class Enum>
constexpr std::string_view wire_of(const Word<Enum>& word) {
  return word.wire;
}

/// A table as one text, each name ended by a space: what is shipped, since a table of addresses is larger than its names.
template <const auto& table>
constexpr auto joined = [] {
  constexpr std::size_t length = [] {
    std::size_t sum = 0;
    for (const auto& row : table) sum += wire_of(row).size() + 1;
    return sum;
  }();
  std::array<char, length> text{};
  std::size_t at = 0;
  for (const auto& row : table) {
    for (const char c : wire_of(row)) text[at++] = c;
    text[at++] = ' ';
  }
  return text;
}();
template <const auto& table>
constexpr std::string_view names_of(joined<table>.data(), joined<table>.size());

constexpr std::size_t missing = 0xff;

/// Which of the names a text is.
std::size_t index_of(std::string_view names, std::string_view wire) {
  for (std::size_t index = 0; !names.empty(); ++index) {
    const std::size_t length = names.find(' ');
    if (names.substr(0, length) == wire) return index;
    names.remove_prefix(length + 1);
  }
  return missing;
}

std::string_view name_at(std::string_view names, std::size_t index) {
  for (; index > 0; --index) names.remove_prefix(names.find(' ') + 1);
  return names.substr(0, names.find(' '));
}

/// The value of a name in a table that lists its enumerators in order, from the first row's on.
template <const auto& table>
auto find_value(std::string_view wire) {
  using Enum = decltype(table[0].value);
  const std::size_t index = index_of(names_of<table>, wire);
  if (index == missing) return std::optional<Enum>();
  return std::optional<Enum>(static_cast<Enum>(index + static_cast<std::size_t>(table[0].value)));
}

template <const auto& table, class Enum>
std::string_view find_wire(Enum value) {
  return name_at(names_of<table>, static_cast<std::size_t>(value));
}

template <const auto& table>
bool contains(std::string_view wire) {
  return index_of(names_of<table>, wire) != missing;
}

constexpr std::string_view identity_verification_prefix = "IDENTITY_VERIFICATION_";

/// The twelve events of Identity Verification, without their common prefix.
constexpr std::array identity_verification_events{
    Word<EventName>{"CREATE_SESSION", EventName::CreateSession},
    Word<EventName>{"RESUME_SESSION", EventName::ResumeSession},
    Word<EventName>{"OPEN_UI", EventName::OpenUi},
    Word<EventName>{"RESUME_UI", EventName::ResumeUi},
    Word<EventName>{"CLOSE_UI", EventName::CloseUi},
    Word<EventName>{"START_STEP", EventName::StartStep},
    Word<EventName>{"PASS_STEP", EventName::PassStep},
    Word<EventName>{"FAIL_STEP", EventName::FailStep},
    Word<EventName>{"PENDING_REVIEW_STEP", EventName::PendingReviewStep},
    Word<EventName>{"PASS_SESSION", EventName::PassSession},
    Word<EventName>{"FAIL_SESSION", EventName::FailSession},
    Word<EventName>{"PENDING_REVIEW_SESSION", EventName::PendingReviewSession},
};
static_assert(identity_verification_events.size() == 12);
static_assert(is_indexed(identity_verification_events, 1));

constexpr auto other_documented_events = std::to_array<std::string_view>({
    "AUTO_SUBMIT_PHONE",
    "BANK_INCOME_INSIGHTS_COMPLETED",
    "CLOSE_OAUTH",
    "CONNECT_NEW_INSTITUTION",
    "ERROR",
    "FAIL_OAUTH",
    "HANDOFF",
    "IDENTITY_MATCH_FAILED",
    "IDENTITY_MATCH_PASSED",
    "LAYER_AUTOFILL_NOT_AVAILABLE",
    "LAYER_NOT_AVAILABLE",
    "LAYER_READY",
    "MATCHED_SELECT_INSTITUTION",
    "OPEN_MY_PLAID",
    "OPEN_OAUTH",
    "SEARCH_INSTITUTION",
    "SELECT_AUTH_TYPE",
    "SELECT_BRAND",
    "SELECT_DEGRADED_INSTITUTION",
    "SELECT_DOWN_INSTITUTION",
    "SELECT_FILTERED_INSTITUTION",
    "SELECT_INSTITUTION",
    "SKIP_SUBMIT_PHONE",
    "SUBMIT_ACCOUNT_NUMBER",
    "SUBMIT_CREDENTIALS",
    "SUBMIT_DOCUMENTS",
    "SUBMIT_DOCUMENTS_ERROR",
    "SUBMIT_DOCUMENTS_SUCCESS",
    "SUBMIT_MFA",
    "SUBMIT_OTP",
    "SUBMIT_PHONE",
    "SUBMIT_ROUTING_NUMBER",
    "TRANSITION_VIEW",
    "VERIFY_PHONE",
    "VIEW_DATA_TYPES",
});
static_assert(other_documented_events.size() + 2 == 37, "with OPEN and EXIT, Plaid documents 37 further names");

constexpr auto identity_verification_views = std::to_array<std::string_view>({
    "ACCEPT_TOS",
    "VERIFY_SMS",
    "KYC_CHECK",
    "DOCUMENTARY_VERIFICATION",
    "SELFIE_CHECK",
    "RISK_CHECK",
    "SCREENING",
});

constexpr auto other_documented_views = std::to_array<std::string_view>({
    "CONNECTED",
    "CONSENT",
    "CREDENTIAL",
    "ERROR",
    "EXIT",
    "INSTANT_MICRODEPOSIT_AUTHORIZED",
    "LOADING",
    "MFA",
    "NUMBERS",
    "NUMBERS_SELECT_INSTITUTION",
    "OAUTH",
    "PROFILE_DATA_REVIEW",
    "RECAPTCHA",
    "SAME_DAY_MICRODEPOSIT_AUTHORIZED",
    "SELECT_ACCOUNT",
    "SELECT_AUTH_TYPE",
    "SELECT_BRAND",
    "SELECT_INSTITUTION",
    "SELECT_SAVED_ACCOUNT",
    "SELECT_SAVED_INSTITUTION",
    "SUBMIT_PHONE",
    "UPLOAD_DOCUMENTS",
    "VERIFY_PHONE",
});
static_assert(identity_verification_views.size() + other_documented_views.size() == 30);

constexpr std::array flows{
    Word<Flow>{"idle", Flow::Idle},
    Word<Flow>{"in_progress", Flow::InProgress},
    Word<Flow>{"exited", Flow::Exited},
    Word<Flow>{"completed", Flow::Completed},
};
static_assert(is_indexed(flows));

constexpr std::array outcomes{
    Word<Outcome>{"unknown", Outcome::Unknown},
    Word<Outcome>{"passed", Outcome::Passed},
    Word<Outcome>{"pending_review", Outcome::PendingReview},
    Word<Outcome>{"failed", Outcome::Failed},
};
static_assert(is_indexed(outcomes));

constexpr std::array step_statuses{
    Word<StepStatus>{"active", StepStatus::Active},
    Word<StepStatus>{"passed", StepStatus::Passed},
    Word<StepStatus>{"failed", StepStatus::Failed},
    Word<StepStatus>{"pending_review", StepStatus::PendingReview},
};
static_assert(is_indexed(step_statuses));

constexpr std::array advices{
    Word<Advice>{"none", Advice::None},
    Word<Advice>{"continue", Advice::Continue},
    Word<Advice>{"new_token", Advice::NewToken},
    Word<Advice>{"retry_later", Advice::RetryLater},
    Word<Advice>{"manual_review", Advice::ManualReview},
    Word<Advice>{"wait", Advice::Wait},
    Word<Advice>{"ask_backend", Advice::AskBackend},
};
static_assert(is_indexed(advices));

constexpr std::array id_sources{
    Word<IdSource>{"onExit", IdSource::OnExit},
    Word<IdSource>{"onEvent", IdSource::OnEvent},
    Word<IdSource>{"onSuccess", IdSource::OnSuccess},
};
static_assert(is_indexed(id_sources));

constexpr std::array durabilities{
    Word<Durability>{"memory", Durability::Memory},
    Word<Durability>{"tab", Durability::Tab},
    Word<Durability>{"browser", Durability::Browser},
    Word<Durability>{"disk", Durability::Disk},
};
static_assert(is_indexed(durabilities));

constexpr std::array delivery_states{
    Word<DeliveryState>{"unknown", DeliveryState::Unknown},
    Word<DeliveryState>{"sending", DeliveryState::Sending},
    Word<DeliveryState>{"waiting", DeliveryState::Waiting},
    Word<DeliveryState>{"unauthorized", DeliveryState::Unauthorized},
    Word<DeliveryState>{"delivered", DeliveryState::Delivered},
    Word<DeliveryState>{"refused", DeliveryState::Refused},
    Word<DeliveryState>{"expired", DeliveryState::Expired},
    Word<DeliveryState>{"undeliverable", DeliveryState::Undeliverable},
    Word<DeliveryState>{"forgotten", DeliveryState::Forgotten},
};
static_assert(is_indexed(delivery_states));

constexpr std::array backend_verdicts{
    Word<BackendVerdict>{"", BackendVerdict::None},
    Word<BackendVerdict>{"active", BackendVerdict::Active},
    Word<BackendVerdict>{"success", BackendVerdict::Success},
    Word<BackendVerdict>{"failed", BackendVerdict::Failed},
    Word<BackendVerdict>{"pending_review", BackendVerdict::PendingReview},
    Word<BackendVerdict>{"expired", BackendVerdict::Expired},
    Word<BackendVerdict>{"canceled", BackendVerdict::Canceled},
};
static_assert(is_indexed(backend_verdicts));

constexpr std::array page_signals{
    Word<PageSignal>{"visible", PageSignal::Visible},   Word<PageSignal>{"hidden", PageSignal::Hidden},
    Word<PageSignal>{"restored", PageSignal::Restored}, Word<PageSignal>{"online", PageSignal::Online},
    Word<PageSignal>{"offline", PageSignal::Offline},
};
static_assert(is_indexed(page_signals));

}  // namespace

bool is_identity_verification(std::string_view wire) { return wire.starts_with(identity_verification_prefix); }

EventName event_name(std::string_view wire) {
  if (is_identity_verification(wire)) {
    return find_value<identity_verification_events>(wire.substr(identity_verification_prefix.size()))
        .value_or(EventName::Unknown);
  }
  if (wire == "OPEN") return EventName::Open;
  if (wire == "EXIT") return EventName::Exit;
  return contains<other_documented_events>(wire) ? EventName::OtherDocumented : EventName::Unknown;
}

ViewKind view_kind(std::string_view wire) {
  if (contains<identity_verification_views>(wire)) return ViewKind::IdentityVerificationStep;
  return contains<other_documented_views>(wire) ? ViewKind::OtherDocumented : ViewKind::Unknown;
}

std::string_view wire(Flow flow) { return find_wire<flows>(flow); }
std::optional<Flow> flow_from(std::string_view wire) { return find_value<flows>(wire); }
std::string_view wire(Outcome outcome) { return find_wire<outcomes>(outcome); }
std::optional<Outcome> outcome_from(std::string_view wire) { return find_value<outcomes>(wire); }
std::string_view wire(StepStatus status) { return find_wire<step_statuses>(status); }
std::optional<StepStatus> step_status_from(std::string_view wire) { return find_value<step_statuses>(wire); }
std::string_view wire(Advice advice) { return find_wire<advices>(advice); }
std::string_view wire(IdSource source) { return find_wire<id_sources>(source); }
std::optional<IdSource> id_source_from(std::string_view wire) { return find_value<id_sources>(wire); }
std::string_view wire(Durability durability) { return find_wire<durabilities>(durability); }
std::optional<Durability> durability_from(std::string_view wire) { return find_value<durabilities>(wire); }
std::string_view wire(DeliveryState state) { return find_wire<delivery_states>(state); }
std::optional<DeliveryState> delivery_state_from(std::string_view wire) { return find_value<delivery_states>(wire); }
std::string_view wire(BackendVerdict verdict) { return find_wire<backend_verdicts>(verdict); }
std::optional<BackendVerdict> backend_verdict_from(std::string_view wire) { return find_value<backend_verdicts>(wire); }
std::optional<PageSignal> page_signal_from(std::string_view wire) { return find_value<page_signals>(wire); }

}  // namespace linktrail
