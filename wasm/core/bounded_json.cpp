#include "bounded_json.hpp"

#include "limits.hpp"

#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace linktrail {
namespace {

/// Receives nlohmann's parse events; each `false` ends the parse. Values go straight into the tree that is kept, so that
/// no second tree exists and nothing beyond a limit is ever stored.
class TreeBuilder {
 public:
  // The names and parameters below are those of nlohmann's SAX interface.
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return place() != nullptr; }
  bool boolean(bool value) {
    JsonValue* const slot = place(JsonValue::Kind::Boolean);
    if (slot != nullptr) slot->boolean = value;
    return slot != nullptr;
  }
  bool number_integer(number_integer_t value) {
    JsonValue* const slot = place(JsonValue::Kind::Integer);
    if (slot != nullptr) slot->integer = value;
    return slot != nullptr;
  }
  bool number_unsigned(number_unsigned_t value) {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return place(JsonValue::Kind::OtherNumber) != nullptr;
    }
    return number_integer(static_cast<number_integer_t>(value));
  }
  bool number_float(number_float_t, const string_t&) { return place(JsonValue::Kind::OtherNumber) != nullptr; }
  bool string(string_t& value) {
    JsonValue* const slot = place(JsonValue::Kind::String);
    if (slot != nullptr) slot->string = std::move(value);
    return slot != nullptr;
  }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonValue::Kind::Object); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(JsonValue::Kind::Array); }
  bool end_array() { return close(); }
  bool key(string_t& name) {
    pending_name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

  [[nodiscard]] JsonValue take() { return std::move(root_); }

 private:
  /// Where the next value goes: the root, the end of the open array, or a new member of the open object. The pointers
  /// in `open_` stay valid because only the innermost container grows.
  JsonValue* place(JsonValue::Kind kind = JsonValue::Kind::Null) {
    if (++nodes_ > limits::input_nodes_max) return nullptr;
    JsonValue* slot = &root_;
    if (!open_.empty()) {
      JsonValue& parent = *open_.back();
      slot = &parent.children.emplace_back();
      slot->name = std::move(pending_name_);
      pending_name_.clear();
    }
    slot->kind = kind;
    return slot;
  }
  bool open(JsonValue::Kind kind) {
    if (open_.size() >= limits::input_depth_max) return false;
    JsonValue* const slot = place(kind);
    if (slot != nullptr) open_.push_back(slot);
    return slot != nullptr;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  JsonValue root_{};
  std::vector<JsonValue*> open_{};
  std::string pending_name_{};
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
  TreeBuilder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return builder.take();
}

}  // namespace linktrail
