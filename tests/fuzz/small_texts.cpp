/// The small parsers: JSON, times of Link, dates of HTTP, waits.
#include "fuzzed.hpp"

#include "core/bounded_json.hpp"
#include "core/limits.hpp"
#include "core/time.hpp"

#include <nlohmann/json.hpp>

namespace {

std::size_t nodes_in(const linktrail::JsonValue& value, std::size_t depth) {
  fuzzed::require(depth <= linktrail::limits::input_depth_max, "JSON is no deeper than the limit");
  std::size_t nodes = 1;
  value.for_each([&](const linktrail::JsonValue& child) { nodes += nodes_in(child, depth + 1); });
  fuzzed::require(nodes == value.span, "a value spans itself and what it holds");
  return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linktrail;
  if (size == 0) return 0;
  const std::string_view text = fuzzed::text(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: {
      const auto value = read_json(text);
      if (value)
        fuzzed::require(nodes_in(value->root(), 0) <= limits::input_nodes_max, "JSON has no more values than the limit");
      if (value) fuzzed::require(nlohmann::json::accept(text), "what is taken for JSON is JSON to nlohmann's parser");
      break;
    }
    case 1: {
      const auto at_ms = parse_iso8601_ms(text);
      // An offset may carry a time of the year 0000 or 9999 over its edge, where writing stops.
      if (!at_ms || text.substr(0, 4) == "0000" || text.substr(0, 4) == "9999") break;
      fuzzed::require(parse_iso8601_ms(format_iso8601(*at_ms)) == at_ms, "a time survives being written");
      break;
    }
    case 2: {
      const auto at_ms = parse_http_date_ms(text);
      if (at_ms) fuzzed::require(format_iso8601(*at_ms).size() == 24, "a date can be written as a time");
      break;
    }
    default: {
      const std::size_t half = text.find('|');
      const std::string_view date = half == std::string_view::npos ? std::string_view() : text.substr(half + 1);
      const auto wait_ms = retry_after_ms(text.substr(0, half), date, 1'768'471'200'000);
      if (wait_ms) fuzzed::require(*wait_ms >= 0, "no wait is negative");
      break;
    }
  }
  return 0;
}
