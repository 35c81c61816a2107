#include "advice.hpp"

namespace linktrail {
namespace {

Advice after_error(const ExitReason& reason, std::int64_t recaptcha_exits) {
  const std::string_view type = reason.error_type;
  const std::string_view code = reason.error_code;
  if (reason.error_code == "INVALID_LINK_TOKEN") return Advice::NewToken;
  if (type == "API_ERROR" || code == "INTERNAL_SERVER_ERROR" || code == "plaid-internal-error" ||
      code == "PLANNED_MAINTENANCE" || type == "RATE_LIMIT_EXCEEDED" || code == "RATE_LIMIT") {
    return Advice::RetryLater;
  }
  if (type == "RECAPTCHA_ERROR" || code.starts_with("RECAPTCHA_")) {
    return recaptcha_exits > 1 ? Advice::ManualReview : Advice::Continue;
  }
  // The integration or the account is at fault: repeating cannot help.
  if (type == "INVALID_REQUEST" || type == "INVALID_INPUT" || type == "SANDBOX_ERROR" || type == "USER_ERROR") {
    return Advice::ManualReview;
  }
  return Advice::AskBackend;
}

}  // namespace

Advice advise(const ExitReason& reason) { return reason.has_error() ? after_error(reason, 1) : Advice::None; }

Advice advise(const Session& session) {
  switch (session.summary.outcome) {
    case Outcome::Passed: return Advice::None;
    case Outcome::Failed: return Advice::ManualReview;
    case Outcome::PendingReview: return Advice::Wait;
    case Outcome::Unknown: break;
  }
  if (session.has_succeeded) return Advice::AskBackend;
  if (!session.exit || session.was_resumed) return Advice::None;
  if (session.exit->reason.has_error()) return after_error(session.exit->reason, session.recaptcha_exits);
  // The screen was closed and no step begun: so ends the visit of somebody who had finished before.
  const bool may_have_finished = session.summary.ui_closed_once && session.summary.steps.empty();
  return may_have_finished ? Advice::AskBackend : Advice::Continue;
}

}  // namespace linktrail
