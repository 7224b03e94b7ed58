#include "core/json.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "core/utf8.h"

namespace wiretight {
namespace {

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const std::size_t before = out.size();
  fmt::format_to(std::back_inserter(out), "{}", value);
  // So that it is read back as what it was.
  if (out.find_first_of(".e", before) == std::string::npos) out += ".0";
}

void append_break(std::string& out, int indent, int depth) {
  if (indent == 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
}

class Reader {
 public:
  Reader(std::string_view text, int max_depth, std::vector<JsonSpan>* spans = nullptr)
      : text_(text), max_depth_(max_depth), spans_(spans) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  Outcome<Json> document() {
    Json value;
    skip_blanks();
    if (read(value, 0)) {
      skip_blanks();
      if (at_ == text_.size()) return value;
      complain("something follows the end of the document");
    }
    return failure(what_, place());
  }

 private:
  bool complain(std::string_view what) {
    what_ = what;
    return false;
  }

  std::string place() const {
    std::size_t line = 1, column = 1;
    for (std::size_t i = text_.starts_with("\xef\xbb\xbf") ? 3 : 0; i < at_ && i < text_.size();) {
      if (text_[i] == '\n') {
        ++line;
        column = 0;
      }
      ++column;
      i += decode_utf8(text_, i).length;
    }
    return fmt::format("{}:{}", line, column);
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  bool read(Json& out, int depth) {
    if (!spans_) return read_value(out, depth);
    const std::size_t index = spans_->size();
    spans_->push_back({.offset = at_, .length = 0});
    if (!read_value(out, depth)) return false;
    (*spans_)[index].length = at_ - (*spans_)[index].offset;
    return true;
  }

  bool read_value(Json& out, int depth) {
    if (at_ >= text_.size()) return complain("the document ends too early");
    switch (text_[at_]) {
      case '{':
        return read_object(out, depth);
      case '[':
        return read_array(out, depth);
      case '"': {
        std::string value;
        if (!read_string(value)) return false;
        out = Json(std::move(value));
        return true;
      }
      case 't':
        return read_word("true", Json(true), out);
      case 'f':
        return read_word("false", Json(false), out);
      case 'n':
        return read_word("null", Json(), out);
      default:
        return read_number(out);
    }
  }

  bool read_word(std::string_view word, Json value, Json& out) {
    if (!text_.substr(at_).starts_with(word)) return complain("a value was expected");
    at_ += word.size();
    out = std::move(value);
    return true;
  }

  bool enter(int depth) { return depth < max_depth_ || complain("the document is nested too deeply"); }

  bool read_object(Json& out, int depth) {
    if (!enter(depth)) return false;
    ++at_;
    Json::Object members;
    skip_blanks();
    if (!take('}')) {
      do {
        skip_blanks();
        if (peek() != '"') return complain("a member's name in quotes was expected");
        members.emplace_back(std::string(), Json());
        if (!read_string(members.back().first)) return false;
        skip_blanks();
        if (!take(':')) return complain("':' was expected");
        skip_blanks();
        if (!read(members.back().second, depth + 1)) return false;
        skip_blanks();
      } while (take(','));
      if (!take('}')) return complain("',' or '}' was expected");
    }
    out = Json(std::move(members));
    return true;
  }

  bool read_array(Json& out, int depth) {
    if (!enter(depth)) return false;
    ++at_;
    Json::Array items;
    skip_blanks();
    if (!take(']')) {
      do {
        skip_blanks();
        items.emplace_back();
        if (!read(items.back(), depth + 1)) return false;
        skip_blanks();
      } while (take(','));
      if (!take(']')) return complain("',' or ']' was expected");
    }
    out = Json(std::move(items));
    return true;
  }

  std::optional<char32_t> read_hex4() {
    if (text_.size() - at_ < 4) return {};
    unsigned value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
    if (error != std::errc() || end != begin + 4) return {};
    at_ += 4;
    return value;
  }

  bool read_escape(std::string& out) {
    const char kind = peek();
    constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    if (const std::size_t found = at_ < text_.size() ? from.find(kind) : std::string_view::npos;
        found != std::string_view::npos) {
      ++at_;
      out += to[found];
      return true;
    }
    if (!take('u')) return complain("no such escape");
    const auto first = read_hex4();
    if (!first) return complain("four hexadecimal digits were expected");
    char32_t value = *first;
    if (value >= 0xd800 && value <= 0xdbff && text_.substr(at_).starts_with("\\u")) {
      const std::size_t before = at_;
      at_ += 2;
      const auto second = read_hex4();
      if (!second) return complain("four hexadecimal digits were expected");
      if (*second >= 0xdc00 && *second <= 0xdfff)
        value = 0x10000 + ((value - 0xd800) << 10) + (*second - 0xdc00);
      else
        at_ = before;
    }
    append_utf8(out, value);  // half a pair becomes U+FFFD
    return true;
  }

  bool read_string(std::string& out) {
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) return complain("the string does not end");
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte == '"') {
        ++at_;
        return true;
      }
      if (byte == '\\') {
        ++at_;
        if (!read_escape(out)) return false;
      } else if (byte < 0x20) {
        return complain("a control character in a string must be escaped");
      } else if (byte < 0x80) {
        out += text_[at_++];
      } else {
        const CodePoint point = decode_utf8(text_, at_);
        if (!point.valid) return complain("the string is no UTF-8");
        out += text_.substr(at_, point.length);
        at_ += point.length;
      }
    }
  }

  std::size_t skip_digits() {
    const std::size_t before = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ - before;
  }

  bool read_number(Json& out) {
    const std::size_t begin = at_;
    const bool negative = take('-');
    if (peek() < '0' || peek() > '9') {
      at_ = begin;
      return complain("a value was expected");
    }
    const bool zero = peek() == '0';
    if (skip_digits() > 1 && zero) return complain("a number has no leading zeros");
    bool whole = true;
    if (take('.')) {
      whole = false;
      if (skip_digits() == 0) return complain("a digit was expected");
    }
    if (take('e') || take('E')) {
      whole = false;
      if (!take('+')) take('-');
      if (skip_digits() == 0) return complain("a digit was expected");
    }
    const char* first = text_.data() + begin;
    const char* last = text_.data() + at_;
    if (whole && !(negative && zero)) {
      std::int64_t value = 0;
      if (std::from_chars(first, last, value).ec == std::errc()) {
        out = Json(value);
        return true;
      }
    }
    double value = 0;
    if (std::from_chars(first, last, value).ec != std::errc()) {
      at_ = begin;
      return complain("the number is out of range");
    }
    out = Json(value);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int max_depth_ = 0;
  std::vector<JsonSpan>* spans_ = nullptr;
  std::string what_;
};

}  // namespace

const Json::Array& Json::items() const {
  static const Array none;
  const Array* items = std::get_if<Array>(&value_);
  return items ? *items : none;
}

const Json::Object& Json::members() const {
  static const Object none;
  const Object* members = std::get_if<Object>(&value_);
  return members ? *members : none;
}

const Json* Json::find(std::string_view key) const {
  for (const Member& member : members())
    if (member.first == key) return &member.second;
  return nullptr;
}

std::string_view Json::text(std::string_view key) const {
  const Json* value = find(key);
  const std::string* text = value ? value->string() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

Json& Json::set(std::string key, Json value) {
  if (!std::holds_alternative<Object>(value_)) value_ = Object();
  std::get<Object>(value_).emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (!std::holds_alternative<Array>(value_)) value_ = Array();
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string Json::dump(int indent) const {
  std::string out;
  dump_to(out, indent);
  return out;
}

void Json::dump_to(std::string& out, int indent, int depth) const {
  if (const bool* value = boolean()) {
    out += *value ? "true" : "false";
  } else if (const std::int64_t* number_value = integer()) {
    fmt::format_to(std::back_inserter(out), "{}", *number_value);
  } else if (const double* real = number()) {
    append_number(out, *real);
  } else if (const std::string* text_value = string()) {
    append_json_string(out, *text_value);
  } else if (is_array()) {
    out += '[';
    bool first = true;
    for (const Json& item : items()) {
      if (!std::exchange(first, false)) out += ',';
      append_break(out, indent, depth + 1);
      item.dump_to(out, indent, depth + 1);
    }
    if (!first) append_break(out, indent, depth);
    out += ']';
  } else if (is_object()) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : members()) {
      if (!std::exchange(first, false)) out += ',';
      append_break(out, indent, depth + 1);
      append_json_string(out, key);
      out += indent == 0 ? ":" : ": ";
      member.dump_to(out, indent, depth + 1);
    }
    if (!first) append_break(out, indent, depth);
    out += '}';
  } else {
    out += "null";
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[at++];
    } else if (byte == '\n') {
      out += "\\n";
      ++at;
    } else if (byte == '\t') {
      out += "\\t";
      ++at;
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
      ++at;
    } else if (byte < 0x80) {
      out += text[at++];
    } else {
      const CodePoint point = decode_utf8(text, at);
      // C1 controls steer terminals; the two separators end a line in JavaScript.
      if (point.value < 0xa0 || point.value == 0x2028 || point.value == 0x2029)
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(point.value));
      else
        append_utf8(out, point.value);
      at += point.length;
    }
  }
  out += '"';
}

Outcome<Json> parse_json(std::string_view text, int max_depth) { return Reader(text, max_depth).document(); }

Outcome<Json> parse_json(std::string_view text, int max_depth, std::vector<JsonSpan>& spans) {
  return Reader(text, max_depth, &spans).document();
}

}  // namespace wiretight
