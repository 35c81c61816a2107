/// What the page should do next. Source of the table: https://plaid.com/docs/link/web/, https://plaid.com/docs/errors/ and
/// https://plaid.com/docs/identity-verification/.
#pragma once

#include "session.hpp"
#include "vocabulary.hpp"

namespace linktrail {

/// Whether an exit was for want of a valid link token.
[[nodiscard]] bool lacks_token(const ExitReason& reason);

[[nodiscard]] Advice advise(const Session& session);

}  // namespace linktrail
