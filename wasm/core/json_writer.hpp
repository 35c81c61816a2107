/// Appends JSON to a string. The caller opens and closes; commas and escapes are taken care of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace linktrail {

class JsonWriter {
 public:
  JsonWriter() { out_.reserve(usual_bytes); }
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  /// A name of ours, which needs no escape, in snake_case.
  JsonWriter& key(std::string_view name);
  /// Whether names are written in camelCase from now on: what a page's script gets to see is, what goes to a backend is not.
  void use_camel_case(bool does) { uses_camel_case_ = does; }
  /// Text must be valid UTF-8; all text of the core is visible ASCII or was validated on the way in.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(std::int64_t number);
  JsonWriter& boolean(bool truth);
  JsonWriter& null();
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json);
  /// The text, or null when it is empty.
  JsonWriter& value_or_null(std::string_view text);
  /// A time as text, or null.
  JsonWriter& time_or_null(const std::optional<std::int64_t>& wall_ms);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  /// Of a record; longer texts grow as strings do.
  static constexpr std::size_t usual_bytes = 1'024;

  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();
  void append_string(std::string_view text);

  std::string out_{};
  bool needs_comma_ = false;
  bool uses_camel_case_ = false;
};

}  // namespace linktrail
