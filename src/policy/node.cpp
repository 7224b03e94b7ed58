#include "policy/node.h"

#include <fmt/format.h>

#include "core/line_index.h"

namespace wiretight::policy {
namespace {

constexpr int max_depth = 64;

class Builder {
 public:
  Builder(std::string_view text, const std::string& file, const std::vector<JsonSpan>& spans)
      : text_(text), file_(file), spans_(spans), lines_(text) {}

  // Takes as many spans as the value has values in it.
  Node build(const Json& json) {
    const JsonSpan span = spans_[next_++];
    Node node;
    if (const std::string* text = json.string()) {
      node.kind = Node::Kind::text;
      node.parts.push_back({.text = *text, .known = true});
    } else if (const bool* value = json.boolean()) {
      node.kind = Node::Kind::boolean;
      node.parts.push_back({.text = *value ? "true" : "false", .known = true});
    } else if (json.integer() || json.number()) {
      node.kind = Node::Kind::number;
      node.parts.push_back({.text = std::string(text_.substr(span.offset, span.length)), .known = true});
    } else if (json.is_array()) {
      node.kind = Node::Kind::list;
      node.place = place(span);
      for (const Json& item : json.items()) node.items.push_back(build(item));
    } else if (json.is_object()) {
      node.kind = Node::Kind::object;
      node.place = place(span);
      for (const auto& [name, member] : json.members()) node.members.emplace_back(name, build(member));
      if (is_intrinsic(json)) {
        node.kind = Node::Kind::unknown;
        node.members.clear();
        node.parts.push_back({.text = json.dump(), .known = false});
      }
    }
    return node;
  }

 private:
  static bool is_intrinsic(const Json& json) {
    if (json.members().size() != 1) return false;
    const std::string& name = json.members().front().first;
    return name == "Ref" || name.starts_with("Fn::");
  }

  FilePlace place(const JsonSpan& span) const {
    const Position begin = lines_.at(span.offset), end = lines_.at(span.offset + span.length);
    return {.file = file_,
            .line = begin.line,
            .column = begin.column,
            .end_line = end.line,
            .end_column = end.column,
            .offset = span.offset,
            .length = span.length};
  }

  std::string_view text_;
  const std::string& file_;
  const std::vector<JsonSpan>& spans_;
  LineIndex lines_;
  std::size_t next_ = 0;
};

}  // namespace

const Node* Node::find(std::string_view name) const {
  for (const auto& [key, value] : members)
    if (key == name) return &value;
  return nullptr;
}

std::string_view Node::literal() const {
  return kind == Kind::text && parts.size() == 1 && parts[0].known ? std::string_view(parts[0].text) : "";
}

Outcome<Node> read_json(std::string_view text, const std::string& file) {
  std::vector<JsonSpan> spans;
  Outcome<Json> json = parse_json(text, max_depth, spans);
  if (!json) return failure(json.error().what, fmt::format("{}:{}", file, json.error().where));
  return Builder(text, file, spans).build(*json);
}

}  // namespace wiretight::policy
