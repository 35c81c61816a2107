/// Any text may arrive as an event: it becomes an event or a rejection, and what follows from it can be told as JSON.
#include "fuzzed.hpp"

#include "core/bounded_json.hpp"
#include "core/encode.hpp"
#include "core/parse.hpp"
#include "core/reduce.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linktrail;
  const Event event = parse_event(fuzzed::text(data, size));
  const Moment now{.wall_ms = 1'768'471'200'000, .monotonic_ms = 1'000, .entropy = size};
  const Transition started =
      reduce(State{}, Started{.scope = {"scope"}, .page = {"page"}, .client_version = "0", .has_locks = true}, now);
  const Transition first = reduce(started.state, event, now);
  fuzzed::require(read_json(encode(first.effects)).has_value(), "effects are JSON");
  fuzzed::require(read_json(encode(first.state.shown)).has_value(), "the progress is JSON");
  const Transition again = reduce(started.state, event, now);
  fuzzed::require(again.state == first.state, "equal inputs give equal states");
  return 0;
}
