/// Smaller stand-ins for three families of the C library, linked into the shipped module only. The JSON parser calls them for
/// numbers with a fraction and for the text of its errors, neither of which the core reads; the real ones bring 128-bit
/// floating point and all of printf, a quarter of the module. docs/decisions/006-small-libc.md.

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdlib>
#include <limits>

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// More than a double can hold; further digits only move the decimal point.
constexpr int digits_max = 19;
/// Beyond it every number of that many digits is zero or infinite.
constexpr int exponent_max = 10'000;

/// Reads what JSON calls a number. Exact for integers below 2^53, otherwise right to about the last digits; infinite beyond
/// the range of a double.
double read_number(const char* text, char** end) {
  const char* at = text;
  const bool is_negative = *at == '-';
  if (is_negative) ++at;
  double value = 0;
  int digits = 0;
  int exponent = 0;
  const auto take_digit = [&](int place) {
    if (digits < digits_max) {
      value = value * 10 + (*at - '0');
      if (value != 0) ++digits;
      exponent += place;
    } else {
      exponent += place + 1;
    }
  };
  for (; is_digit(*at); ++at) take_digit(0);
  if (*at == '.') {
    for (++at; is_digit(*at); ++at) take_digit(-1);
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    const bool is_small = *at == '-';
    if (*at == '-' || *at == '+') ++at;
    int written = 0;
    for (; is_digit(*at); ++at) written = written < exponent_max ? written * 10 + (*at - '0') : written;
    exponent += is_small ? -written : written;
  }
  for (int left = exponent < exponent_max ? exponent : exponent_max; left > 0; --left) value *= 10;
  for (int left = exponent > -exponent_max ? exponent : -exponent_max; left < 0; ++left) value /= 10;
  if (end != nullptr) *end = const_cast<char*>(at);
  return is_negative ? -value : value;
}

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

double strtod(const char* text, char** end) { return read_number(text, end); }
float strtof(const char* text, char** end) { return static_cast<float>(read_number(text, end)); }
long double strtold(const char* text, char** end) { return read_number(text, end); }

/// The parser formats one code point of a text that nobody reads.
int snprintf(char* to, std::size_t size, const char* /*format*/, ...) {
  if (size > 0) *to = '\0';
  return 0;
}

/// Ends in a trap, which the page's handlers know how to survive; Emscripten's own says so in the console first.
void abort() { __builtin_trap(); }

}  // extern "C"
