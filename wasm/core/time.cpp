#include "time.hpp"

#include <algorithm>
#include <cstddef>

namespace linktrail {
namespace {

constexpr std::int32_t second_ms = 1'000;
constexpr std::int32_t day_ms = 86'400'000;
constexpr std::int64_t year_0_ms = -62'167'219'200'000;
constexpr std::int64_t year_9999_end_ms = 253'402'300'799'999;

// Numbers of 32 bits: WebAssembly divides those of 64 by a constant as slowly as by anything.
struct Date {
  std::int32_t year = 1970;
  std::int32_t month = 1;
  std::int32_t day = 1;
};

/// Days since 1970-01-01 of a proleptic Gregorian date; the year begins in March so that the leap day ends it.
constexpr std::int32_t days_from(const Date& date) {
  const std::int32_t y = date.month <= 2 ? date.year - 1 : date.year;
  const std::int32_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int32_t year_of_era = y - era * 400;
  const std::int32_t shifted_month = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int32_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
  const std::int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

constexpr Date date_from(std::int32_t days) {
  const std::int32_t z = days + 719'468;
  const std::int32_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int32_t day_of_era = z - era * 146'097;
  const std::int32_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int32_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int32_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {.year = year, .month = month, .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

constexpr bool exists(const Date& date) {
  if (date.month < 1 || date.month > 12 || date.day < 1) return false;
  const Date back = date_from(days_from(date));
  return back.month == date.month && back.day == date.day;
}

/// Reads from the front of a text; the first mismatch makes everything after it fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::int32_t digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    std::int32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void expect(std::string_view literal) {
    if (rest_.starts_with(literal)) {
      rest_.remove_prefix(literal.size());
    } else {
      ok_ = false;
    }
  }
  [[nodiscard]] bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] std::string_view take(std::size_t count) {
    if (rest_.size() < count) {
      ok_ = false;
      return {};
    }
    const auto front = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return front;
  }
  [[nodiscard]] bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
  [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

 private:
  static constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
  std::int32_t fail() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

struct TimeOfDay {
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;
  [[nodiscard]] constexpr bool exists() const { return hour < 24 && minute < 60 && second <= 60; }
  [[nodiscard]] constexpr std::int32_t ms() const { return ((hour * 60 + minute) * 60 + second) * second_ms; }
};

TimeOfDay scan_time(Scanner& scanner) {
  TimeOfDay time;
  time.hour = scanner.digits(2);
  scanner.expect(":");
  time.minute = scanner.digits(2);
  scanner.expect(":");
  time.second = scanner.digits(2);
  return time;
}

/// The fraction after a second, in milliseconds; further digits are read and dropped.
std::int32_t scan_fraction_ms(Scanner& scanner) {
  if (!scanner.accept('.')) return 0;
  std::int32_t ms = 0;
  std::int32_t unit = 100;
  for (int digits = 0; digits < 9 && scanner.at_digit(); ++digits) {
    ms += scanner.digits(1) * unit;
    unit /= 10;
  }
  return ms;
}

/// Minutes east of UTC.
std::int32_t scan_offset_minutes(Scanner& scanner) {
  if (scanner.accept('Z')) return 0;
  const bool west = scanner.accept('-');
  if (!west) scanner.expect("+");
  const std::int32_t hours = scanner.digits(2);
  scanner.expect(":");
  const std::int32_t minutes = hours * 60 + scanner.digits(2);
  return west ? -minutes : minutes;
}

void put_digits(char* to, std::int32_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    to[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

std::optional<std::int64_t> parse_iso8601_ms(std::string_view text) {
  Scanner scanner(text);
  Date date;
  date.year = scanner.digits(4);
  scanner.expect("-");
  date.month = scanner.digits(2);
  scanner.expect("-");
  date.day = scanner.digits(2);
  scanner.expect("T");
  const TimeOfDay time = scan_time(scanner);
  const std::int32_t fraction_ms = scan_fraction_ms(scanner);
  const std::int32_t offset_minutes = scan_offset_minutes(scanner);
  if (!scanner.finished() || !exists(date) || !time.exists()) return std::nullopt;
  return std::int64_t{days_from(date)} * day_ms + time.ms() + fraction_ms - std::int64_t{offset_minutes} * 60 * second_ms;
}

std::string format_iso8601(std::int64_t wall_ms) {
  const std::int64_t clamped = std::clamp(wall_ms, year_0_ms, year_9999_end_ms);
  auto days = static_cast<std::int32_t>(clamped / day_ms);
  auto rest = static_cast<std::int32_t>(clamped % day_ms);
  if (rest < 0) {
    rest += day_ms;
    --days;
  }
  const Date date = date_from(days);
  std::string out = "0000-00-00T00:00:00.000Z";
  char* const text = out.data();
  put_digits(text, date.year, 4);
  put_digits(text + 5, date.month, 2);
  put_digits(text + 8, date.day, 2);
  put_digits(text + 11, rest / 3'600'000, 2);
  put_digits(text + 14, rest / 60'000 % 60, 2);
  put_digits(text + 17, rest / second_ms % 60, 2);
  put_digits(text + 20, rest % second_ms, 3);
  return out;
}

std::optional<std::int64_t> parse_http_date_ms(std::string_view text) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  Scanner scanner(text);
  (void)scanner.take(3);  // The day's name follows from the date and is not checked.
  scanner.expect(", ");
  Date date;
  date.day = scanner.digits(2);
  scanner.expect(" ");
  const auto month = months.find(scanner.take(3));
  date.month = month % 3 == 0 ? static_cast<std::int32_t>(month / 3) + 1 : 0;
  scanner.expect(" ");
  date.year = scanner.digits(4);
  scanner.expect(" ");
  const TimeOfDay time = scan_time(scanner);
  scanner.expect(" GMT");
  if (!scanner.finished() || !exists(date) || !time.exists()) return std::nullopt;
  return std::int64_t{days_from(date)} * day_ms + time.ms();
}

std::optional<std::int64_t> retry_after_ms(std::string_view value, std::string_view date_header, std::int64_t wall_ms) {
  if (!value.empty() && value.size() <= 9) {
    Scanner seconds(value);
    const std::int64_t wait = seconds.digits(value.size());
    if (seconds.finished()) return wait * second_ms;
  }
  const auto until = parse_http_date_ms(value);
  if (!until) return std::nullopt;
  const std::int64_t from = parse_http_date_ms(date_header).value_or(wall_ms);
  return std::max<std::int64_t>(0, *until - from);
}

}  // namespace linktrail
