/// What the page should do next. Source of the table: https://plaid.com/docs/link/web/, https://plaid.com/docs/errors/ and
/// https://plaid.com/docs/identity-verification/.
#pragma once

#include "session.hpp"
#include "vocabulary.hpp"

namespace linktrail {

/// After an exit by itself: `NewToken` exactly when it was for want of a valid link token, None when it brought no error.
[[nodiscard]] Advice advise(const ExitReason& reason);

[[nodiscard]] Advice advise(const Session& session);

}  // namespace linktrail
