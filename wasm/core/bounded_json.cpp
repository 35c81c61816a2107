#include "bounded_json.hpp"

#include "limits.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace linktrail {
namespace {

/// Builds the tree that is kept from the tokens of nlohmann's lexer, so that no second tree exists and nothing beyond a limit
/// is ever stored. His parser would stand in between, of whose code most words errors that nobody reads.
class TreeReader {
 public:
  explicit TreeReader(std::string_view text) : lexer_(nlohmann::detail::input_adapter(text.begin(), text.end())) {}

  /// False when the text is not one JSON value and nothing else.
  [[nodiscard]] bool read(JsonValue& root) {
    return read_value(lexer_.scan(), root, 0) && lexer_.scan() == Token::end_of_input;
  }

 private:
  using Character = std::string_view::const_iterator;
  using Adapter = decltype(nlohmann::detail::input_adapter(Character(), Character()));
  using Lexer = nlohmann::detail::lexer<nlohmann::json, Adapter>;
  using Token = Lexer::token_type;

  /// Calls itself no deeper than `input_depth_max`.
  bool read_value(Token token, JsonValue& slot, std::size_t depth) {
    if (++nodes_ > limits::input_nodes_max) return false;
    switch (token) {
      case Token::literal_null: return true;
      case Token::literal_true:
      case Token::literal_false:
        slot.kind = JsonValue::Kind::Boolean;
        slot.boolean = token == Token::literal_true;
        return true;
      case Token::value_unsigned: return read_unsigned(slot);
      case Token::value_integer: return set_integer(slot, lexer_.get_number_integer());
      case Token::value_float: slot.kind = JsonValue::Kind::OtherNumber; return std::isfinite(lexer_.get_number_float());
      case Token::value_string:
        slot.kind = JsonValue::Kind::String;
        slot.string = std::move(lexer_.get_string());
        return true;
      case Token::begin_object: return read_members(slot, JsonValue::Kind::Object, Token::end_object, depth + 1);
      case Token::begin_array: return read_members(slot, JsonValue::Kind::Array, Token::end_array, depth + 1);
      default: return false;
    }
  }
  bool read_unsigned(JsonValue& slot) {
    const auto value = lexer_.get_number_unsigned();
    slot.kind = JsonValue::Kind::OtherNumber;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value > most || set_integer(slot, static_cast<std::int64_t>(value));
  }
  static bool set_integer(JsonValue& slot, std::int64_t value) {
    slot.kind = JsonValue::Kind::Integer;
    slot.integer = value;
    return true;
  }

  bool read_members(JsonValue& slot, JsonValue::Kind kind, Token end, std::size_t depth) {
    if (depth > limits::input_depth_max) return false;
    slot.kind = kind;
    Token token = lexer_.scan();
    if (token == end) return true;
    for (;;) {
      JsonValue& member = slot.children.emplace_back();
      if (kind == JsonValue::Kind::Object) {
        if (token != Token::value_string) return false;
        member.name = std::move(lexer_.get_string());
        if (lexer_.scan() != Token::name_separator) return false;
        token = lexer_.scan();
      }
      if (!read_value(token, member, depth)) return false;
      token = lexer_.scan();
      if (token == end) return true;
      if (token != Token::value_separator) return false;
      token = lexer_.scan();
    }
  }

  Lexer lexer_;
  std::size_t nodes_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view member) const {
  if (kind != Kind::Object) return nullptr;
  for (auto child = children.rbegin(); child != children.rend(); ++child) {
    if (child->name == member) return &*child;
  }
  return nullptr;
}

std::string_view JsonValue::text(std::string_view member) const {
  const JsonValue* const value = find(member);
  return value != nullptr && value->kind == Kind::String ? std::string_view(value->string) : std::string_view();
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

std::optional<JsonValue> read_json(std::string_view text) {
  if (text.size() > limits::input_bytes_max) return std::nullopt;
  std::optional<JsonValue> root(std::in_place);
  if (!TreeReader(text).read(*root)) root.reset();
  return root;
}

}  // namespace linktrail
