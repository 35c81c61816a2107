#include "bounded_json.hpp"

#include "limits.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace {

// The names are nlohmann's, as he asks for them.
// NOLINTBEGIN(readability-identifier-naming)

/// Where the lexer writes the text of a token, in a place that somebody else provides.
class TokenText {
 public:
  using value_type = char;
  void clear() { end_ = begin_; }
  [[gnu::noinline]] void push_back(char c) { *end_++ = c; }
  /// Ended by a NUL: the lexer has the C library read numbers.
  [[nodiscard]] const char* data() const {
    *end_ = '\0';
    return begin_;
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  void write_to(char* begin) { begin_ = end_ = begin; }

 private:
  char* begin_ = nullptr;
  char* end_ = nullptr;
};

/// What the lexer asks of a type of JSON values.
struct LexerTypes {
  using number_integer_t = std::int64_t;
  using number_unsigned_t = std::uint64_t;
  using number_float_t = double;
  using string_t = TokenText;
};

// NOLINTEND(readability-identifier-naming)

using Adapter = decltype(nlohmann::detail::input_adapter(std::declval<const char*>(), std::declval<const char*>()));
using Lexer = nlohmann::detail::lexer<LexerTypes, Adapter>;
using Token = Lexer::token_type;

}  // namespace

// nlohmann's lexer without what it does for the wording of errors alone (a copy of every character, lines and columns) and for
// comments, which are none. docs/decisions/002-json.md.
namespace nlohmann::detail {

template <>
inline void ::Lexer::reset() noexcept {
  token_buffer.clear();
}

template <>
[[gnu::noinline]] inline auto ::Lexer::get() -> char_int_type {
  ++position.chars_read_total;
  if (!next_unget) current = ia.get_character();
  next_unget = false;
  return current;
}

template <>
[[gnu::noinline]] inline void ::Lexer::unget() {
  --position.chars_read_total;
  next_unget = true;
}

template <>
inline bool ::Lexer::scan_comment() {
  return false;
}

template <>
inline char ::Lexer::get_decimal_point() noexcept {
  return '.';
}

}  // namespace nlohmann::detail

namespace linktrail {

/// Builds the document that is kept, so that no second one exists and nothing beyond a limit is ever stored. Punctuation and
/// strings of plain ASCII, which are nearly all that comes, it takes from the text as they stand; whatever can be wrong in more
/// than one way (escapes, UTF-8, numbers, literals) is read by nlohmann's lexer. His parser would stand in between, of whose
/// code most words errors.
class JsonReader {
 public:
  JsonReader(std::string_view text, JsonDocument& document)
      : at_(text.data()), end_(text.data() + text.size()), values_(document.values_), decoded_(document.decoded_) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) at_ += byte_order_mark.size();
  }

  /// False when the text is not one JSON value and nothing else.
  [[nodiscard]] bool read() {
    // As many as a callback has, at once.
    values_.reserve(16);
    return read_value(scan(), {}, 0) && scan() == Token::end_of_input;
  }

 private:
  Token scan() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    if (at_ == end_) return Token::end_of_input;
    switch (*at_) {
      case '{': return take(Token::begin_object);
      case '}': return take(Token::end_object);
      case '[': return take(Token::begin_array);
      case ']': return take(Token::end_array);
      case ':': return take(Token::name_separator);
      case ',': return take(Token::value_separator);
      case '"': return take_plain_string() ? Token::value_string : scan_with_lexer();
      // Within a text these are nothing, and at the beginning of one the lexer would pass them over.
      case '\xef':
      case '\0': return Token::parse_error;
      default: return scan_with_lexer();
    }
  }
  Token take(Token token) {
    ++at_;
    return token;
  }
  /// False when there is more in the string than its characters.
  bool take_plain_string() {
    const char* const begin = at_ + 1;
    const char* end = begin;
    while (end != end_ && is_plain(static_cast<unsigned char>(*end))) ++end;
    if (end == end_ || *end != '"') return false;
    string_ = std::string_view(begin, static_cast<std::size_t>(end - begin));
    at_ = end + 1;
    return true;
  }
  static constexpr bool is_plain(unsigned char byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }
  Token scan_with_lexer() {
    Lexer lexer(nlohmann::detail::input_adapter(at_, end_));
    // No text is longer decoded than it was, so each has room where it stood, and the NUL of the last one behind it.
    if (!decoded_) {
      decoded_from_ = at_;
      decoded_.reset(new char[static_cast<std::size_t>(end_ - at_) + 1]);
    }
    lexer.get_string().write_to(&decoded_[static_cast<std::size_t>(at_ - decoded_from_)]);
    const Token token = lexer.scan();
    at_ += lexer.get_position().chars_read_total;
    string_ = std::string_view(lexer.get_string().data(), lexer.get_string().size());
    unsigned_ = lexer.get_number_unsigned();
    integer_ = lexer.get_number_integer();
    return token;
  }

  /// Calls itself no deeper than `input_depth_max`.
  bool read_value(Token token, std::string_view name, std::size_t depth) {
    if (values_.size() >= limits::input_nodes_max) return false;
    JsonValue& value = values_.emplace_back();
    value.name = name;
    switch (token) {
      case Token::literal_null: return true;
      case Token::literal_true:
      case Token::literal_false:
        value.kind = JsonValue::Kind::Boolean;
        value.boolean = token == Token::literal_true;
        return true;
      case Token::value_unsigned: return read_unsigned(value);
      case Token::value_integer: return set_integer(value, integer_);
      case Token::value_float: value.kind = JsonValue::Kind::OtherNumber; return is_surely_finite(string_);
      case Token::value_string:
        value.kind = JsonValue::Kind::String;
        value.string = string_;
        return true;
      case Token::begin_object: return read_members(JsonValue::Kind::Object, Token::end_object, depth + 1);
      case Token::begin_array: return read_members(JsonValue::Kind::Array, Token::end_array, depth + 1);
      default: return false;
    }
  }
  bool read_unsigned(JsonValue& value) const {
    value.kind = JsonValue::Kind::OtherNumber;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return unsigned_ > most || set_integer(value, static_cast<std::int64_t>(unsigned_));
  }
  /// Whether a double surely holds a number, which otherwise nlohmann's parser may refuse.
  static bool is_surely_finite(std::string_view number) {
    const auto is_letter = [](char c) { return c == 'e' || c == 'E'; };
    const auto* const exponent = std::find_if(number.begin(), number.end(), is_letter);
    const auto length = number.end() - exponent;
    const bool has_sign = length > 1 && (exponent[1] == '+' || exponent[1] == '-');
    return number.size() <= 200 && length <= (has_sign ? 4 : 3);
  }
  static bool set_integer(JsonValue& value, std::int64_t integer) {
    value.kind = JsonValue::Kind::Integer;
    value.integer = integer;
    return true;
  }

  /// What the newest value holds.
  bool read_members(JsonValue::Kind kind, Token end, std::size_t depth) {
    if (depth > limits::input_depth_max) return false;
    const std::size_t place = values_.size() - 1;
    values_[place].kind = kind;
    Token token = scan();
    while (token != end) {
      std::string_view name;
      if (kind == JsonValue::Kind::Object) {
        if (token != Token::value_string) return false;
        name = string_;
        if (scan() != Token::name_separator) return false;
        token = scan();
      }
      if (!read_value(token, name, depth)) return false;
      token = scan();
      if (token == end) break;
      if (token != Token::value_separator) return false;
      token = scan();
      // Nothing ends with a comma.
      if (token == end) return false;
    }
    values_[place].span = static_cast<std::uint32_t>(values_.size() - place);
    return true;
  }

  const char* at_;
  const char* end_;
  std::vector<JsonValue>& values_;
  JsonDocument::Decoded& decoded_;
  /// The place in the text to which its beginning belongs.
  const char* decoded_from_ = nullptr;
  // Of the last token.
  std::string_view string_{};
  std::uint64_t unsigned_ = 0;
  std::int64_t integer_ = 0;
};

const JsonValue* JsonValue::find(std::string_view member) const {
  if (kind != Kind::Object) return nullptr;
  const JsonValue* found = nullptr;
  for_each([&](const JsonValue& child) {
    if (child.name == member) found = &child;
  });
  return found;
}

std::string_view JsonValue::text(std::string_view member) const {
  const JsonValue* const value = find(member);
  return value != nullptr && value->kind == Kind::String ? value->string : std::string_view();
}

std::optional<std::int64_t> JsonValue::whole_number(std::string_view member) const {
  const JsonValue* const value = find(member);
  if (value == nullptr || value->kind != Kind::Integer) return std::nullopt;
  return value->integer;
}

bool JsonValue::is_true(std::string_view member) const {
  const JsonValue* const value = find(member);
  return value != nullptr && value->kind == Kind::Boolean && value->boolean;
}

std::optional<JsonDocument> read_json(std::string_view text) {
  if (text.size() > limits::input_bytes_max) return std::nullopt;
  std::optional<JsonDocument> document(std::in_place);
  if (!JsonReader(text, *document).read()) document.reset();
  return document;
}

}  // namespace linktrail
