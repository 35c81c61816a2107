#include "json_writer.hpp"

#include "time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace linktrail {
namespace {

constexpr bool needs_escape(unsigned char byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  out_ += '"';
  while (uses_camel_case_) {
    const auto joint = name.find('_');
    if (joint == std::string_view::npos) break;
    out_ += name.substr(0, joint);
    out_ += static_cast<char>(name[joint + 1] - 'a' + 'A');
    name.remove_prefix(joint + 2);
  }
  out_ += name;
  out_ += std::string_view("\":");  // As a view, whose length is known: otherwise `strlen` comes along.
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_string(text);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  // By hand: `std::to_chars` brings tables of half a kilobyte.
  std::array<char, 20> digits{};
  std::size_t from = digits.size();
  auto rest = static_cast<std::uint64_t>(number);
  if (number < 0) rest = 0 - rest;
  do {
    digits[--from] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0) digits[--from] = '-';
  return raw(std::string_view(digits.data() + from, digits.size() - from));
}

JsonWriter& JsonWriter::boolean(bool truth) { return raw(truth ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::time_or_null(const std::optional<std::int64_t>& wall_ms) {
  return wall_ms ? value(format_iso8601(*wall_ms)) : null();
}

JsonWriter& JsonWriter::value_or_null(std::string_view text) { return text.empty() ? null() : value(text); }

void JsonWriter::append_string(std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  // Plain bytes into room for the worst of all but control characters: writing texts is half of what an event costs, and in
  // those of records, which hold JSON, every few bytes need an escape.
  const std::size_t start = out_.size();
  out_.resize(start + 2 * text.size() + 2);
  char* to = out_.data() + start;
  *to++ = '"';
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (needs_escape(byte)) *to++ = '\\';
    if (byte >= 0x20) {
      *to++ = character;
      continue;
    }
    const auto written = static_cast<std::size_t>(to - out_.data());
    out_.resize(out_.size() + 4);
    to = out_.data() + written;
    for (const char digit : {'u', '0', '0', hex[byte >> 4], hex[byte & 0x0f]}) *to++ = digit;
  }
  *to++ = '"';
  out_.resize(static_cast<std::size_t>(to - out_.data()));
}

}  // namespace linktrail
