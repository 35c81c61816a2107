#include "json_writer.hpp"

#include <array>
#include <charconv>
#include <cstddef>

namespace linktrail {

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
  append_string(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_string(text);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  std::array<char, 24> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return raw(std::string_view(digits.data(), static_cast<std::size_t>(written.ptr - digits.data())));
}

JsonWriter& JsonWriter::boolean(bool truth) { return raw(truth ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::value_or_null(std::string_view text) { return text.empty() ? null() : value(text); }

void JsonWriter::append_string(std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out_ += '"';
  // Whole runs at a time: nearly all text needs no escape, and a call per character is what writing would cost most.
  std::size_t run_start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out_.append(text.data() + run_start, i - run_start);
    run_start = i + 1;
    if (byte >= 0x20) {
      const std::array<char, 2> escape{'\\', text[i]};
      out_.append(escape.data(), escape.size());
    } else {
      const std::array<char, 6> escape{'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 0x0f]};
      out_.append(escape.data(), escape.size());
    }
  }
  out_.append(text.data() + run_start, text.size() - run_start);
  out_ += '"';
}

}  // namespace linktrail
