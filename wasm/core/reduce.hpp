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

/// Brings a state to what follows from an event at a moment, and says what to do. Nothing else is read or changed.
[[nodiscard]] Effects advance(State& state, const Event& event, const Moment& now);

/// The same of values: what follows from an event at a moment. Equal arguments give equal results; nothing else is read or
/// changed.
[[nodiscard]] Transition reduce(State state, const Event& event, const Moment& now);

}  // namespace linktrail
