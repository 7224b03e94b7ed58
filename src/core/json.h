#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/problem.h"

namespace wiretight {

// A JSON value that keeps the order of its members. Used for evidence, results, configuration and baselines; the hot
// readers (CloudTrail) do not use it. Strings are UTF-8; the writer escapes control bytes and replaces invalid UTF-8.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(unsigned value) : value_(std::int64_t{value}) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  // Json::object({{"a", 1}, {"b", "x"}})
  static Json object(std::initializer_list<Member> members = {}) { return Json(Object(members)); }
  static Json array(std::initializer_list<Json> items = {}) { return Json(Array(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  const std::string* string() const { return std::get_if<std::string>(&value_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  const double* number() const { return std::get_if<double>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  // Items and members; empty for other kinds.
  const Array& items() const;
  const Object& members() const;
  // The member of that name, or nullptr.
  const Json* find(std::string_view key) const;
  // The string of that member, or "" when it is absent or no string.
  std::string_view text(std::string_view key) const;

  // Appends a member (no check for a duplicate) or an item; a null value becomes an object or array first.
  Json& set(std::string key, Json value);
  Json& push(Json value);

  bool operator==(const Json&) const = default;

  // The value as text: `indent` 0 writes one line.
  std::string dump(int indent = 0) const;
  void dump_to(std::string& out, int indent = 0, int depth = 0) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_ = {};
};

// Appends `text` as a JSON string with quotes.
void append_json_string(std::string& out, std::string_view text);

// Reads one JSON document: at most `max_depth` deep, whole input used. The problem's place is "line:column".
Outcome<Json> parse_json(std::string_view text, int max_depth = 512);

// Where a value stands in the text, in bytes. Members' names are not part of it.
struct JsonSpan {
  std::size_t offset = 0;
  std::size_t length = 0;
};

// As parse_json; `spans` gets one span for each value, in the order in which the values begin: a value before its
// members and items, these as they come.
Outcome<Json> parse_json(std::string_view text, int max_depth, std::vector<JsonSpan>& spans);

}  // namespace wiretight
