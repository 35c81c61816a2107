/// Untrusted JSON text becomes a small tree of values, or nothing. Size, depth and number of values are limited before a
/// value is kept. Knows nothing of what the text means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linktrail {

/// One JSON value. Numbers that are not integers of 64 bits are kept as `Kind::OtherNumber`, without a value.
struct JsonValue {
  enum class Kind : std::uint8_t { Null, Boolean, Integer, OtherNumber, String, Array, Object };
  Kind kind = Kind::Null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string string{};
  /// The name of this value within its object; empty elsewhere.
  std::string name{};
  /// The items of an array, or the members of an object in the order of the text.
  std::vector<JsonValue> children{};

  /// The last member of that name, or null when this is no object or has none.
  [[nodiscard]] const JsonValue* find(std::string_view member) const;
  /// The text of a string member; empty when it is missing or of another type.
  [[nodiscard]] std::string_view text(std::string_view member) const;
  [[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view member) const;
  [[nodiscard]] bool is_true(std::string_view member) const;
};

/// Nothing when the text is no JSON (RFC 8259, valid UTF-8, no lone surrogates), or exceeds a limit of limits.hpp.
[[nodiscard]] std::optional<JsonValue> read_json(std::string_view text);

}  // namespace linktrail
