/// Untrusted JSON text becomes a list of values that point into it, or nothing. Size, depth and number of values are limited
/// before a value is kept. Knows nothing of what the text means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linktrail {

/// One JSON value. Numbers that are not integers of 64 bits are kept as `Kind::OtherNumber`, without a value.
///
/// What an array or an object holds lies right behind it: a value is a part of its document, and is never copied out of it.
struct JsonValue {
  enum class Kind : std::uint8_t { Null, Boolean, Integer, OtherNumber, String, Array, Object };
  Kind kind = Kind::Null;
  bool boolean = false;
  /// How many values there are from this one to the next that is not within it.
  std::uint32_t span = 1;
  std::int64_t integer = 0;
  std::string_view string{};
  /// The name of this value within its object; empty elsewhere.
  std::string_view name{};

  /// The last member of that name, or null when this is no object or has none.
  [[nodiscard]] const JsonValue* find(std::string_view member) const;
  /// The text of a string member; empty when it is missing or of another type.
  [[nodiscard]] std::string_view text(std::string_view member) const;
  [[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view member) const;
  [[nodiscard]] bool is_true(std::string_view member) const;

  /// The items of an array, or the members of an object in the order of the text; none for any other value.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const JsonValue* child = this + 1; child != this + span; child += child->span) visit(*child);
  }
};

/// Owns the values of one text. The text must outlive it.
class JsonDocument {
 public:
  [[nodiscard]] const JsonValue& root() const { return values_.front(); }

 private:
  friend class JsonReader;
  std::vector<JsonValue> values_{};
  /// The strings that had escapes or more than ASCII, each where it stood in the text.
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): a vector would be written full of zeros first.
  using Decoded = std::unique_ptr<char[]>;
  Decoded decoded_{};
};

/// Nothing when the text is no JSON (RFC 8259, valid UTF-8, no lone surrogates), exceeds a limit of limits.hpp, or has a number
/// that may be beyond a double: more than 200 characters, or an exponent of more than two digits.
[[nodiscard]] std::optional<JsonDocument> read_json(std::string_view text);

}  // namespace linktrail
