/// The shipped module's `malloc` and `free`. Blocks come in sizes of two to a power and half-way between; one that is given
/// back waits for the next of its size, and none is ever cut up or joined. docs/decisions/011-small-malloc.md.
///
/// Never answers null: where no memory is left it ends in a trap, which the page's handlers know how to survive. Compiled
/// without the compiler's own knowledge of what `malloc` does.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

// A test brings a memory of its own.
#if defined(__EMSCRIPTEN__) && !defined(LINKTRAIL_MEMORY_OF_TEST)
#define LINKTRAIL_MEMORY_OF_MODULE
#include <emscripten/heap.h>
#endif

namespace {

/// @returns so many bytes that nobody has had before, aligned to 8; null when there are none
void* claim(std::size_t bytes);

/// What precedes each block, so that it stays aligned to 8 bytes.
struct Header {
  std::size_t size_class;
  /// While it is free: the next one of its size.
  Header* next;
};

constexpr std::size_t smallest_bytes = 16;
/// Far more than any text that the limits let through.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

std::array<Header*, 64> free_blocks{};

/// Sizes run 16, 24, 32, 48, 64, 96 …, the header counted in.
std::size_t bytes_of(std::size_t size_class) {
  return (smallest_bytes + (size_class % 2) * (smallest_bytes / 2)) << (size_class / 2);
}

std::size_t class_of(std::size_t bytes) {
  std::size_t size_class = 0;
  while (bytes_of(size_class) < bytes) ++size_class;
  return size_class;
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) {
  if (bytes > most_bytes) __builtin_trap();
  const std::size_t size_class = class_of(bytes + sizeof(Header));
  Header* block = free_blocks[size_class];
  if (block != nullptr) {
    free_blocks[size_class] = block->next;
  } else {
    block = static_cast<Header*>(claim(bytes_of(size_class)));
    if (block == nullptr) __builtin_trap();
    block->size_class = size_class;
  }
  return block + 1;
}

void free(void* pointer) {
  if (pointer == nullptr) return;
  Header* const block = static_cast<Header*>(pointer) - 1;
  block->next = free_blocks[block->size_class];
  free_blocks[block->size_class] = block;
}

}  // extern "C"

#ifdef LINKTRAIL_MEMORY_OF_MODULE

/// Where the module's own data end; the linker knows it.
extern "C" unsigned char data_end __asm__("__heap_base");

namespace {

void* claim(std::size_t bytes) {
  constexpr std::size_t page_bytes = 65536;
  static unsigned char* end = &data_end;
  unsigned char* const begin = end;
  const auto needed_bytes = reinterpret_cast<std::uintptr_t>(begin) + bytes;
  if (needed_bytes > __builtin_wasm_memory_size(0) * page_bytes && emscripten_resize_heap(needed_bytes) == 0) return nullptr;
  end += bytes;
  return begin;
}

}  // namespace

#endif
