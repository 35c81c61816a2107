/// Chance that is a value: the same seed gives the same numbers on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace linktrail::simulation {

/// SplitMix64's finaliser: neighbouring inputs give unrelated outputs.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

class Chance {
 public:
  explicit constexpr Chance(std::uint64_t seed) : state_(mixed(seed)) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return mixed(state_);
  }
  /// Both ends included.
  constexpr std::int64_t between(std::int64_t least, std::int64_t most) {
    const auto span = static_cast<std::uint64_t>(most - least) + 1;
    return least + static_cast<std::int64_t>(next() % span);
  }
  constexpr bool one_in(std::int64_t n) { return between(1, n) == 1; }
  constexpr std::int64_t any_of(std::initializer_list<std::int64_t> values) {
    return values.begin()[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(values.size()) - 1))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace linktrail::simulation
