/// Smaller stand-ins for functions of the C library, linked into the shipped module only. docs/decisions/006-small-libc.md.

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <limits>

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads digits; one number more than 64 bits hold sets `errno`, as the parser expects.
unsigned long long read_whole(const char* text, char** end, unsigned long long most) {
  unsigned long long value = 0;
  for (; is_digit(*text); ++text) {
    const auto digit = static_cast<unsigned long long>(*text - '0');
    if (value > (most - digit) / 10) {
      errno = ERANGE;
    } else {
      value = value * 10 + digit;
    }
  }
  if (end != nullptr) *end = const_cast<char*>(text);
  return value;
}

}  // namespace

extern "C" {

/// Of what JSON calls a number, always in tens.
unsigned long long strtoull(const char* text, char** end, int /*base*/) {
  return read_whole(text, end, std::numeric_limits<unsigned long long>::max());
}
long long strtoll(const char* text, char** end, int /*base*/) {
  const bool is_negative = *text == '-';
  const unsigned long long most =
      static_cast<unsigned long long>(std::numeric_limits<long long>::max()) + (is_negative ? 1 : 0);
  const unsigned long long value = read_whole(is_negative ? text + 1 : text, end, most);
  return static_cast<long long>(is_negative ? 0 - value : value);
}

/// Of later Emscriptens: their linker takes along what calls these, and drops it again. Missing here, they would come from the
/// file of the C library that holds the two above as well, and those there cannot be twice.
unsigned long strtoul(const char* /*text*/, char** /*end*/, int /*base*/) { __builtin_trap(); }
long strtol(const char* /*text*/, char** /*end*/, int /*base*/) { __builtin_trap(); }

/// Nothing in the core reads the value of a number with a fraction.
double strtod(const char* text, char** end) {
  while (*text != '\0') ++text;
  *end = const_cast<char*>(text);
  return 0;
}
float strtof(const char* text, char** end) { return static_cast<float>(strtod(text, end)); }
long double strtold(const char* text, char** end) { return strtod(text, end); }

/// The library's looks at four bytes at a time, in eight times the code. What is searched here is short.
void* memchr(const void* bytes, int byte, std::size_t count) {
  for (const char* at = static_cast<const char*>(bytes); count > 0; ++at, --count) {
    if (*at == static_cast<char>(byte)) return const_cast<char*>(at);
  }
  return nullptr;
}

/// Ends in a trap, which the page's handlers know how to survive; Emscripten's own says so in the console first.
void abort() { __builtin_trap(); }

}  // extern "C"
