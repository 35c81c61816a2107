// The shipped module's own functions of the C library, held against the host's.

#include <doctest/doctest.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>

#define strtod small_strtod
#define strtof small_strtof
#define strtold small_strtold
#define strtoull small_strtoull
#define strtoll small_strtoll
#define strtoul small_strtoul
#define strtol small_strtol
#define memchr small_memchr
#define abort small_abort
// NOLINTNEXTLINE(bugprone-suspicious-include): it is only to be had under other names by its text.
#include "small_libc.cpp"
#undef strtod
#undef strtof
#undef strtold
#undef strtoull
#undef strtoll
#undef strtoul
#undef strtol
#undef memchr
#undef abort

TEST_CASE("the small strtoll and strtoull agree with the host's, also on what no longer fits") {
  for (const char* const text :
       {"0", "-0", "7", "-7", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "99999999999999999999"}) {
    CAPTURE(text);
    errno = 0;
    const long long expected = std::strtoll(text, nullptr, 10);
    const bool is_out_of_range = errno == ERANGE;
    errno = 0;
    char* end = nullptr;
    const long long value = small_strtoll(text, &end, 10);
    CHECK((errno == ERANGE) == is_out_of_range);
    if (!is_out_of_range) CHECK(value == expected);
    CHECK(*end == '\0');
    if (*text == '-') continue;
    errno = 0;
    const unsigned long long most = std::strtoull(text, nullptr, 10);
    const bool is_too_much = errno == ERANGE;
    errno = 0;
    const unsigned long long whole = small_strtoull(text, &end, 10);
    CHECK((errno == ERANGE) == is_too_much);
    if (!is_too_much) CHECK(whole == most);
  }
}

TEST_CASE("the small strtod passes a number over") {
  const std::string text("1234.5e-6");
  char* end = nullptr;
  CHECK(small_strtod(text.c_str(), &end) == 0.0);
  CHECK(end == text.c_str() + text.size());
}

TEST_CASE("the small memchr finds the first of a byte, and nothing beyond the end") {
  const std::string text("a\0b\xff b", 6);
  for (const int byte : {97, 0, 98, 255, 32, 122}) {
    for (std::size_t count = 0; count <= text.size(); ++count) {
      CAPTURE(byte);
      CAPTURE(count);
      CHECK(small_memchr(text.data(), byte, count) == std::memchr(text.data(), byte, count));
    }
  }
}
