/// What every fuzz target needs: bytes as text, a demand that ends the run when it is not met, and choices from bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it so.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzzed {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
}

inline void require(bool is_met, std::string_view demand) {
  if (is_met) return;
  std::cerr << "Not met: " << demand << '\n';
  std::abort();
}

/// Reads choices from the input; nothing but zeros after its end.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : rest_(text(data, size)) {}
  [[nodiscard]] bool has_more() const { return !rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::size_t below(std::size_t n) { return byte() % n; }
  /// From a millisecond to some days, and back when the lowest bit is set.
  std::int64_t duration_ms() {
    const std::uint8_t value = byte();
    const std::int64_t size_ms = std::int64_t{1} << (value / 8);
    return value % 2 == 0 ? size_ms : -size_ms;
  }

 private:
  std::string_view rest_;
};

}  // namespace fuzzed
