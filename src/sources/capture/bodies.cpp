#include "sources/capture/bodies.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace wiretight::capture {
namespace {

constexpr std::size_t most_tables = 16;
constexpr int deepest = 64;
// A response has 1 MB at most.
constexpr std::uint64_t most_items = 1'000'000;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Goes through JSON token by token without building anything. It need not be whole, nor right.
class Glance {
 public:
  enum class Token : std::uint8_t {
    end,     // of what there is, or too deep
    open,    // { or [: depth() counts it already
    close,   // } or ]
    key,     // text() is the name
    string,  // text() is the value; empty where an escape is in it
    other,   // a number or a word
  };

  explicit Glance(std::string_view json) : json_(json) {}

  int depth() const { return depth_; }
  std::string_view text() const { return text_; }
  bool is_object() const { return object_; }

  Token next() {
    while (at_ < json_.size() && (is_blank(json_[at_]) || json_[at_] == ',' || json_[at_] == ':')) ++at_;
    if (at_ == json_.size()) return Token::end;
    switch (json_[at_]) {
      case '{':
      case '[':
        object_ = json_[at_] == '{';
        ++at_;
        return ++depth_ > deepest ? Token::end : Token::open;
      case '}':
      case ']':
        ++at_;
        return --depth_ < 0 ? Token::end : Token::close;
      case '"':
        return read_string();
      default: {
        const std::size_t start = at_;
        while (at_ < json_.size() && !is_blank(json_[at_]) && json_[at_] != ',' && json_[at_] != '}' &&
               json_[at_] != ']')
          ++at_;
        text_ = json_.substr(start, at_ - start);
        return Token::other;
      }
    }
  }

 private:
  Token read_string() {
    const std::size_t start = ++at_;
    bool plain = true;
    for (; at_ < json_.size() && json_[at_] != '"'; ++at_) {
      if (json_[at_] != '\\') continue;
      plain = false;
      ++at_;
    }
    if (at_ >= json_.size()) {
      at_ = json_.size();
      return Token::end;
    }
    text_ = plain ? json_.substr(start, at_ - start) : std::string_view();
    ++at_;
    std::size_t next = at_;
    while (next < json_.size() && is_blank(json_[next])) ++next;
    return next < json_.size() && json_[next] == ':' ? Token::key : Token::string;
  }

  std::string_view json_ = {};
  std::string_view text_ = {};
  std::size_t at_ = 0;
  int depth_ = 0;
  bool object_ = false;
};

void add_table(std::string_view name, std::vector<std::string>& tables) {
  // "arn:aws:dynamodb:us-east-1:123456789012:table/Music/stream/…"
  if (name.starts_with("arn:")) {
    constexpr std::string_view table = ":table/";
    const std::size_t at = name.find(table);
    if (at == std::string_view::npos) return;
    name.remove_prefix(at + table.size());
    name = name.substr(0, name.find('/'));
  }
  if (!is_table_name(name) || tables.size() == most_tables || std::ranges::find(tables, name) != tables.end()) return;
  tables.emplace_back(name);
}

bool names_table(std::string_view key) {
  return key == "TableName" || key == "TableArn" || key == "StreamArn" || key == "ResourceArn" ||
         key == "ShardIterator";
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

}  // namespace

// What is looked for stands at these depths and nowhere deeper, where the attributes of items are:
//   {"TableName": …}  {"RequestItems": {TABLE: [{"PutRequest": …}]}}  {"TransactItems": [{"Put": {"TableName": …}}]}
RequestBody read_request_body(std::string_view json) {
  RequestBody body;
  std::string_view top, key;  // the member of the outermost object that is open; the key before the value at hand
  Glance glance(json);
  for (;;) {
    switch (glance.next()) {
      case Glance::Token::end:
        return body;
      case Glance::Token::key:
        key = glance.text();
        if (glance.depth() == 1) top = key;
        if (top == "RequestItems") {
          if (glance.depth() == 2) add_table(key, body.tables);
          if (glance.depth() == 4 && is_any_of(key, {"PutRequest", "DeleteRequest"})) ++body.written;
        } else if (top == "TransactItems" && glance.depth() == 3 && is_any_of(key, {"Put", "Update", "Delete"})) {
          ++body.written;
        }
        break;
      case Glance::Token::string:
        if (names_table(key) && (glance.depth() == 1 || (glance.depth() == 4 && top == "TransactItems")))
          add_table(glance.text(), body.tables);
        key = {};
        break;
      default:
        key = {};
        break;
    }
  }
}

//   {"Count": 2, "Items": [{…}, {…}]}  {"Item": {…}}  {"Attributes": {…}}  {"Records": [{…}]}
//   {"Responses": {TABLE: [{…}]}}  {"Responses": [{"Item": {…}}]}
std::uint64_t items_returned(std::string_view json) {
  std::uint64_t told = 0, begun = 0;
  bool has_list = false;
  std::string_view top;
  Glance glance(json);
  for (;;) {
    switch (glance.next()) {
      case Glance::Token::end:
        return std::max(has_list ? told : 0, begun);
      case Glance::Token::key:
        if (glance.depth() == 1) top = glance.text();
        break;
      case Glance::Token::open:
        if (glance.depth() == 2 && is_any_of(top, {"Item", "Attributes"})) return 1;
        if (glance.depth() == 2 && top == "Items") has_list = true;
        if (has_list && told > 0) return told;
        if (!glance.is_object()) break;
        if (glance.depth() == 3 && is_any_of(top, {"Items", "Records"})) ++begun;
        if (top == "Responses" && glance.depth() == 4) ++begun;
        break;
      case Glance::Token::other:
        if (glance.depth() == 1 && top == "Count") {
          const std::string_view number = glance.text();
          std::from_chars(number.data(), number.data() + number.size(), told);
          told = std::min(told, most_items);
          if (has_list) return told;
        }
        break;
      default:
        break;
    }
  }
}

bool is_table_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  c == '.';
         });
}

}  // namespace wiretight::capture
