/// Storage can be written by every script of the origin: any text is a record or is not, and a record that was read is
/// written and read again as the same.
#include "fuzzed.hpp"

#include "core/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linktrail;
  const Moment now{.wall_ms = 1'768'471'200'000, .monotonic_ms = 5'000};
  const std::string_view text = fuzzed::text(data, size);
  (void)read_storage_key(StorageKey{std::string(text.substr(0, 300))});
  const auto first = read_stored_text(text, now);
  if (!first) return 0;
  const auto second = read_stored_text(to_stored_text(first->record, to_json(first->record.report), now), now);
  fuzzed::require(second.has_value(), "what was read can be read again");
  fuzzed::require(second->record.report == first->record.report, "a report survives being stored");
  fuzzed::require(second->record.failures == first->record.failures, "a count survives being stored");
  fuzzed::require(second->record.floor_ms == first->record.floor_ms, "a floor survives being stored");
  fuzzed::require(!is_stronger(second->record.report, first->record.report), "a copy is no stronger than its original");
  fuzzed::require(second->lease_until_ms - now.wall_ms <= 60'000, "a lease ends");
  return 0;
}
