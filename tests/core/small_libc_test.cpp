// The shipped module's own readers of numbers, held against the host's.

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#define strtod small_strtod
#define strtof small_strtof
#define strtold small_strtold
#define strtoull small_strtoull
#define strtoll small_strtoll
#define strtoul small_strtoul
#define strtol small_strtol
#define snprintf small_snprintf
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
#undef snprintf
#undef abort

namespace {

double read_small(const std::string& text) {
  char* end = nullptr;
  const double value = small_strtod(text.c_str(), &end);
  CHECK(end == text.c_str() + text.size());
  return value;
}

}  // namespace

TEST_CASE("the small strtod reads whole numbers exactly, and others to within the last digits") {
  for (const char* const text : {"0", "-0", "1", "9007199254740991", "-9007199254740991", "1e3", "12E+2", "1000e-3"}) {
    CAPTURE(text);
    CHECK(read_small(text) == std::strtod(text, nullptr));
  }
  std::uint64_t seed = 88'172'645'463'325'252ULL;
  for (int i = 0; i < 20'000; ++i) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    const std::string text = std::to_string(seed % 1'000'000) + "." + std::to_string(seed >> 44) + "e" +
                             std::to_string(static_cast<int>(seed % 501) - 250);
    CAPTURE(text);
    const double expected = std::strtod(text.c_str(), nullptr);
    CHECK(std::abs(read_small(text) - expected) <= std::abs(expected) * 1e-13);
  }
}

TEST_CASE("the small strtod is infinite and zero where the host's is, and takes its time for neither") {
  CHECK(std::isinf(read_small("1e400")));
  CHECK(std::isinf(read_small("-1e999999999999")));
  CHECK(std::isinf(read_small(std::string(400, '9'))));
  CHECK(read_small("1e-400") == 0.0);
  CHECK(read_small("1." + std::string(500, '0')) == 1.0);
  CHECK(read_small("0." + std::string(500, '0') + "1e501") == doctest::Approx(1.0));
  CHECK(read_small("0e999999999") == 0.0);
  CHECK(read_small("1e-999999999999") == 0.0);
}

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

TEST_CASE("the small snprintf writes an empty text") {
  std::array<char, 4> buffer{'x', 'x', 'x', 'x'};
  CHECK(small_snprintf(buffer.data(), buffer.size(), "<U+%.4X>", 7) == 0);
  CHECK(buffer[0] == '\0');
}
