/// The only file that knows Emscripten: two functions, JSON text in, the bytes of JSON text out.

#include "core/encode.hpp"
#include "core/parse.hpp"
#include "core/reduce.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <emscripten/bind.h>

namespace {

/// What JavaScript gets to see of a text: where it lies. It is good until the next call.
struct Answer {
  emscripten::memory_view<std::uint8_t> bytes;
};

/// One instance of the module is one core, with a memory of its own: this is all that lives in it.
linktrail::State state;
std::string answer_text;

/// As a view of the bytes: of a string embind would look at each byte twice, which in code that ran once costs as much as all
/// the core does.
Answer answer(std::string json) {
  answer_text = std::move(json);
  return {emscripten::typed_memory_view(answer_text.size(), reinterpret_cast<const std::uint8_t*>(answer_text.data()))};
}

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

/// Takes one event and returns the effects to carry out, in order. `wall_ms` is the device's clock, `monotonic_ms` one that
/// never goes back within the page, `entropy` a fresh random fraction. Never throws.
Answer handle(const std::string& event, double wall_ms, double monotonic_ms, double entropy) {
  const linktrail::Moment now{
      .wall_ms = whole_ms(wall_ms), .monotonic_ms = whole_ms(monotonic_ms), .entropy = entropy_bits(entropy)};
  return answer(linktrail::encode(linktrail::advance(state, linktrail::parse_event(event), now)));
}

/// What the page sees, as JSON text; it has changed since the last `notify`.
Answer progress() { return answer(linktrail::encode(state.shown)); }

}  // namespace

namespace emscripten::internal {

/// By address: a view by value would need `emscripten::val`, and its part of the glue.
template <>
struct BindingType<Answer> {
  using WireType = const void*;
  /// Later versions of embind say besides to whom the value belongs, which of an address is nobody's question.
  template <typename... Policies>
  // NOLINTNEXTLINE(readability-identifier-naming): embind calls it so.
  static WireType toWireType(const Answer& answer, Policies... /*policies*/) {
    static struct {
      std::size_t size;
      const void* data;
    } wire;
    wire = {answer.bytes.size, answer.bytes.data};
    return &wire;
  }
};

/// Later versions of embind list all bindings for threads that start later, of which there are none here. embind's own function
/// stands in one file with its forty types.
struct InitFunc;
// NOLINTNEXTLINE(readability-identifier-naming): embind calls it so.
extern "C" void _embind_register_bindings(InitFunc* /*bindings*/) {}

}  // namespace emscripten::internal

/// Only the types that cross: embind's own list brings forty, with glue for each.
EMSCRIPTEN_BINDINGS(linktrail) {
  using namespace emscripten::internal;
  constexpr unsigned uint8_array = 1;
  _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
  _embind_register_std_string(TypeID<std::string>::get(), "std::string");
  _embind_register_memory_view(TypeID<Answer>::get(), uint8_array, "Answer");
  emscripten::function("handle", &handle);
  emscripten::function("progress", &progress);
}
