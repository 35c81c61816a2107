/// Which session a callback of Link belongs to. Knows nothing of delivery.
#pragma once

#include "event.hpp"
#include "state.hpp"
#include "time.hpp"

namespace linktrail {

/// Each takes one callback into the state and returns the session that it changed, or null when it changed none.
Session* track(State& state, const LinkSucceeded& event, const Moment& now);
Session* track(State& state, const LinkExited& event, const Moment& now);
Session* track(State& state, const LinkEmitted& event, const Moment& now);

}  // namespace linktrail
