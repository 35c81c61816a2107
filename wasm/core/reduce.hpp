/// The one function through which everything goes.
#pragma once

#include "effect.hpp"
#include "event.hpp"
#include "state.hpp"
#include "time.hpp"

namespace linktrail {

struct Transition {
  State state{};
  Effects effects{};
};

/// What follows from an event at a moment. Equal arguments give equal results; nothing else is read or changed.
[[nodiscard]] Transition reduce(State state, const Event& event, const Moment& now);

}  // namespace linktrail
