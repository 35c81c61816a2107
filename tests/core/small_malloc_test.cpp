// The shipped module's own `malloc` and `free`, over a memory of this file.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#define malloc small_malloc
#define free small_free
#define LINKTRAIL_MEMORY_OF_TEST
// NOLINTNEXTLINE(bugprone-suspicious-include): it is only to be had under other names by its text.
#include "small_malloc.cpp"
#undef malloc
#undef free

namespace {

alignas(16) std::array<std::byte, std::size_t{8} << 20> memory;
std::size_t claimed = 0;

void* claim(std::size_t bytes) {
  if (bytes > memory.size() - claimed) return nullptr;
  void* const begin = memory.data() + claimed;
  claimed += bytes;
  return begin;
}

/// A block that is filled with one byte to its end.
struct Filled {
  unsigned char* data;
  std::size_t bytes;
  unsigned char filling;

  [[nodiscard]] bool is_whole() const {
    for (std::size_t at = 0; at < bytes; ++at) {
      if (data[at] != filling) return false;
    }
    return true;
  }
};

Filled filled(std::size_t bytes, unsigned char filling) {
  auto* const data = static_cast<unsigned char*>(small_malloc(bytes));
  std::memset(data, filling, bytes);
  return {data, bytes, filling};
}

}  // namespace

TEST_CASE("a block holds what was written into it until it is given back, whatever others do") {
  std::mt19937 chance(7);
  std::vector<Filled> blocks;
  for (int step = 0; step < 20'000; ++step) {
    if (blocks.size() < 100 || chance() % 2 == 0) {
      const std::size_t bytes = chance() % 16 == 0 ? chance() % 5'000 : chance() % 100;
      blocks.push_back(filled(bytes, static_cast<unsigned char>(step)));
      REQUIRE(reinterpret_cast<std::uintptr_t>(blocks.back().data) % 8 == 0);
    }
    if (blocks.size() < 200) continue;
    const std::size_t place = chance() % blocks.size();
    REQUIRE(blocks[place].is_whole());
    small_free(blocks[place].data);
    blocks[place] = blocks.back();
    blocks.pop_back();
  }
  for (const Filled& block : blocks) {
    CHECK(block.is_whole());
    small_free(block.data);
  }
}

TEST_CASE("what is given back is given out again, and no more is claimed") {
  const auto work = [] {
    std::vector<void*> blocks;
    for (std::size_t bytes = 0; bytes < 3'000; bytes += 37) blocks.push_back(small_malloc(bytes));
    for (void* const block : blocks) small_free(block);
  };
  work();
  const std::size_t before = claimed;
  for (int round = 0; round < 1'000; ++round) work();
  CHECK(claimed == before);
}

TEST_CASE("a block takes at most half as much again as was asked for and its header, or the smallest size") {
  for (std::size_t bytes = 1; bytes < 100'000; bytes += 13) {
    const std::size_t given = bytes_of(class_of(bytes));
    CHECK(given >= bytes);
    CHECK(given <= std::max(smallest_bytes, bytes + bytes / 2));
  }
}

TEST_CASE("blocks of no bytes are blocks, and giving back nothing does nothing") {
  void* const one = small_malloc(0);
  void* const other = small_malloc(0);
  CHECK(one != nullptr);
  CHECK(one != other);
  small_free(nullptr);
  small_free(one);
  small_free(other);
}
