/// The only file that knows Emscripten: one class, JSON text in, the bytes of JSON text out.

#include "core/encode.hpp"
#include "core/parse.hpp"
#include "core/reduce.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <emscripten/bind.h>
#include <emscripten/val.h>

namespace {

/// JavaScript numbers are not checked on their way in: anything may arrive, NaN included.
std::int64_t whole_ms(double ms) {
  constexpr double most = 9e15;
  if (!std::isfinite(ms) || ms > most || ms < -most) return 0;
  return static_cast<std::int64_t>(ms);
}

/// A fraction of [0, 1) as the 53 bits that it carries.
std::uint64_t entropy_bits(double fraction) {
  if (!(fraction >= 0.0 && fraction < 1.0)) return 0;
  return static_cast<std::uint64_t>(fraction * 9007199254740992.0);
}

class Core {
 public:
  /// Takes one event and returns the effects to carry out, in order. `wall_ms` is the device's clock, `monotonic_ms` one
  /// that never goes back within the page, `entropy` a fresh random fraction. Never throws.
  emscripten::val handle(const std::string& event, double wall_ms, double monotonic_ms, double entropy) {
    const linktrail::Moment now{
        .wall_ms = whole_ms(wall_ms), .monotonic_ms = whole_ms(monotonic_ms), .entropy = entropy_bits(entropy)};
    linktrail::Transition transition = linktrail::reduce(std::move(state_), linktrail::parse_event(event), now);
    state_ = std::move(transition.state);
    return answer(linktrail::encode(transition.effects));
  }

  /// What the page sees, as JSON text; it has changed since the last `notify`.
  emscripten::val progress() { return answer(linktrail::encode(state_.shown)); }

 private:
  /// embind would look at each byte of a string twice, which in code that ran once costs as much as all the core does.
  emscripten::val answer(std::string json) {
    answer_ = std::move(json);
    return emscripten::val(
        emscripten::typed_memory_view(answer_.size(), reinterpret_cast<const std::uint8_t*>(answer_.data())));
  }

  std::string answer_{};
  linktrail::State state_{};
};

}  // namespace

EMSCRIPTEN_BINDINGS(linktrail) {
  emscripten::class_<Core>("Core").constructor<>().function("handle", &Core::handle).function("progress", &Core::progress);
}
