#include "syntax/yaml.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>
#include <yaml.h>

#include "core/line_index.h"
#include "core/text.h"
#include "core/utf8.h"

namespace wiretight::yaml {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t most_repeated = 1000;

std::string string(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

std::string to_text(Position position) { return fmt::format("{}:{}", position.line, position.column); }

// libyaml counts characters where everybody else counts bytes.
class CharacterIndex {
 public:
  explicit CharacterIndex(std::string_view text) : text_(text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (goes_on(text[at])) continue;
      if (count++ % stride == 0) bytes_.push_back(at);
    }
  }

  // The offset of the character with that number, from 0.
  std::size_t byte_of(std::size_t character) const {
    if (character / stride >= bytes_.size()) return text_.size();
    std::size_t at = bytes_[character / stride];
    for (std::size_t left = character % stride; left > 0 && at < text_.size(); --left) {
      ++at;
      while (at < text_.size() && goes_on(text_[at])) ++at;
    }
    return at;
  }

 private:
  static constexpr std::size_t stride = 64;
  static bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

  std::string_view text_;
  std::vector<std::size_t> bytes_;  // offset of every `stride`th character
};

struct Parser : yaml_parser_t {
  Parser() : yaml_parser_t{}, ready(yaml_parser_initialize(this) != 0) {}
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(this); }

  bool ready = false;
};

struct Event : yaml_event_t {
  Event() : yaml_event_t{} {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(this); }
};

// libyaml compares each %TAG line with all before it, so that a few megabytes of them would take hours.
bool has_too_many_directives(std::string_view text) {
  constexpr int most = 100;
  int count = 0;
  for (std::size_t at = text.find("%TAG"); at != std::string_view::npos; at = text.find("%TAG", at + 1)) {
    const bool begins_line = at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
    if (begins_line && ++count > most) return true;
  }
  return false;
}

bool has_core_meaning(const Node& node) {
  return node.kind == Kind::scalar && node.style == Style::plain && node.tag.empty();
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

bool is_merge_key(const Node& key) {
  return key.text == "<<" && (has_core_meaning(key) || key.tag == "tag:yaml.org,2002:merge");
}

// The mappings that the value of "<<" names: one, or a list of them. False when it is anything else.
bool take_mappings(const Node& value, std::vector<const Node*>& out) {
  if (value.kind == Kind::mapping) {
    out.push_back(&value);
    return true;
  }
  const bool all = std::ranges::all_of(value.items, [](const Node* item) { return item->kind == Kind::mapping; });
  if (value.kind != Kind::sequence || !all) return false;
  out.insert(out.end(), value.items.begin(), value.items.end());
  return true;
}

}  // namespace

// Makes the tree out of libyaml's events. What returns a bool has complained when that is false.
class Builder {
 public:
  Builder(std::string_view text, const Limits& limits) : limits_(limits), text_(text) {
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(skipped_ = byte_order_mark.size());
  }

  Outcome<File> read() {
    if (!check_text() || !take_events()) return std::unexpected(std::move(problem_));
    return std::move(file_);
  }

 private:
  struct Anchored {
    const Node* node = nullptr;  // none while the node is being read
    std::size_t weight = 0;      // nodes, each alias counted as the tree that it stands for
    std::size_t height = 0;      // levels
  };

  // A sequence or mapping that is being read.
  struct Open {
    Node* node = nullptr;
    std::size_t seen_before = 0;
    std::size_t height = 1;
    const Node* key = nullptr;  // of the member whose value comes next
  };

  bool complain(std::size_t offset, std::string what) {
    problem_ = {.what = std::move(what), .where = to_text(lines_.at(offset))};
    return false;
  }

  bool check_text() {
    if (text_.size() > limits_.bytes)
      return complain(0, fmt::format("the text is longer than {} bytes", limits_.bytes));
    lines_ = LineIndex(text_);
    characters_ = CharacterIndex(text_);
    for (std::size_t at = 0; at < text_.size();) {
      const CodePoint point = decode_utf8(text_, at);
      if (!point.valid) return complain(at, "the text is no UTF-8");
      at += point.length;
    }
    return !has_too_many_directives(text_) || complain(0, "there are too many %TAG directives");
  }

  bool take_events() {
    Parser parser;
    if (!parser.ready) return complain(0, "there is no memory to read it");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text_.data()), text_.size());
    for (;;) {
      Event event;
      if (yaml_parser_parse(&parser, &event) == 0) return complain(parser);
      if (event.type == YAML_STREAM_END_EVENT) return true;
      begin_ = characters_.byte_of(event.start_mark.index);
      end_ = characters_.byte_of(event.end_mark.index);
      if (!take(event)) return false;
    }
  }

  // In the words of libyaml.
  bool complain(const Parser& parser) {
    if (parser.error == YAML_MEMORY_ERROR) return complain(0, "there is no memory to read it");
    std::string what = parser.context == nullptr ? "" : std::string(parser.context) + ": ";
    what += parser.problem == nullptr ? "this cannot be read" : parser.problem;
    // The reader of bytes tells an offset, scanner and parser a mark.
    const bool of_bytes = parser.error == YAML_READER_ERROR;
    return complain(of_bytes ? parser.problem_offset : characters_.byte_of(parser.problem_mark.index), std::move(what));
  }

  bool take(const Event& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        file_.documents.emplace_back();
        anchors_.clear();
        return true;
      case YAML_SCALAR_EVENT:
        return take_scalar(event);
      case YAML_ALIAS_EVENT:
        return take_alias(string(event.data.alias.anchor));
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event.data.sequence_start;
        const Style style = start.style == YAML_FLOW_SEQUENCE_STYLE ? Style::flow : Style::block;
        return open(Kind::sequence, style, string(start.tag), string(start.anchor));
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event.data.mapping_start;
        const Style style = start.style == YAML_FLOW_MAPPING_STYLE ? Style::flow : Style::block;
        return open(Kind::mapping, style, string(start.tag), string(start.anchor));
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        close();
        return true;
      default:
        return true;
    }
  }

  // A new node, or nullptr after a complaint.
  Node* make(Kind kind, Style style, std::string tag, std::string anchor) {
    if (!count(1, 1)) return nullptr;
    if (!tag.empty() || !anchor.empty()) skip_properties();
    Node& node = file_.documents.back().nodes_.emplace_back();
    node.kind = kind;
    node.style = style;
    node.tag = std::move(tag);
    node.anchor = std::move(anchor);
    node.span.offset = begin_;
    if (!node.anchor.empty()) anchors_[node.anchor] = {};
    return &node;
  }

  // Holds a node, or the tree that an alias stands for, against the limits.
  bool count(std::size_t weight, std::size_t height) {
    seen_ += weight;
    if (seen_ > limits_.nodes)
      return complain(begin_, fmt::format("there are more than {} nodes, aliases counted in full", limits_.nodes));
    if (open_.size() + height > limits_.depth)
      return complain(begin_, fmt::format("it is more than {} levels deep", limits_.depth));
    return true;
  }

  // For libyaml a node begins with its tag and anchor.
  void skip_properties() {
    while (begin_ < end_ && (text_[begin_] == '!' || text_[begin_] == '&')) {
      const bool verbatim = text_.substr(begin_).starts_with("!<");
      begin_ = std::min(text_.find_first_of(verbatim ? ">" : " \t\r\n,[]{}", begin_), end_);
      if (verbatim && begin_ < end_) ++begin_;
      skip_blanks_and_comments();
    }
  }

  void skip_blanks_and_comments() {
    while (begin_ < end_) {
      const char c = text_[begin_];
      if (c == '#') {
        begin_ = std::min(text_.find_first_of("\r\n", begin_), end_);
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++begin_;
      } else {
        return;
      }
    }
  }

  bool take_scalar(const Event& event) {
    const auto& scalar = event.data.scalar;
    Node* node = make(Kind::scalar, style_of(scalar.style), string(scalar.tag), string(scalar.anchor));
    if (node == nullptr) return false;
    node->text = std::string_view(reinterpret_cast<const char*>(scalar.value), scalar.length);
    finish(*node, end_, 1, 1);
    return true;
  }

  bool take_alias(const std::string& name) {
    const auto found = anchors_.find(name);
    if (found == anchors_.end())
      return complain(begin_, fmt::format("no anchor \"{}\" stands before", sanitise(name, 100)));
    const Anchored& anchored = found->second;
    if (anchored.node == nullptr)
      return complain(begin_, fmt::format("the alias \"{}\" stands within what it names", sanitise(name, 100)));
    if (!count(anchored.weight, anchored.height)) return false;
    last_end_ = end_;
    add(*anchored.node, anchored.height);
    return true;
  }

  bool open(Kind kind, Style style, std::string tag, std::string anchor) {
    const std::size_t seen_before = seen_;
    Node* node = make(kind, style, std::move(tag), std::move(anchor));
    if (node != nullptr) open_.push_back({.node = node, .seen_before = seen_before});
    return node != nullptr;
  }

  void close() {
    const Open last = open_.back();
    open_.pop_back();
    Node& node = *last.node;
    if (node.kind == Kind::mapping) merge(node);
    // A block ends for libyaml where the next thing begins.
    finish(node, node.style == Style::flow ? end_ : last_end_, seen_ - last.seen_before, last.height);
  }

  void finish(Node& node, std::size_t end, std::size_t weight, std::size_t height) {
    const std::size_t begin = node.span.offset;
    end = std::max(end, begin);
    if (node.style == Style::literal || node.style == Style::folded) {
      while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    }
    const Position first = lines_.at(begin), behind = lines_.at(end);
    node.span = {.offset = begin + skipped_,
                 .length = end - begin,
                 .line = first.line,
                 .column = first.column,
                 .end_line = behind.line,
                 .end_column = behind.column};
    if (!node.anchor.empty()) anchors_[node.anchor] = {.node = &node, .weight = weight, .height = height};
    last_end_ = end;
    add(node, height);
  }

  // Puts a complete node where it belongs.
  void add(const Node& node, std::size_t height) {
    if (open_.empty()) {
      file_.documents.back().root_ = &node;
      return;
    }
    Open& parent = open_.back();
    parent.height = std::max(parent.height, height + 1);
    if (parent.node->kind == Kind::sequence) {
      parent.node->items.push_back(&node);
    } else if (parent.key == nullptr) {
      parent.key = &node;
    } else {
      parent.node->members.push_back({.key = std::exchange(parent.key, nullptr), .value = &node});
    }
  }

  // Tells the keys that are repeated, and replaces "<<" by what it stands for: https://yaml.org/type/merge.html
  void merge(Node& mapping) {
    std::set<std::string_view> keys;
    std::vector<const Node*> from;
    for (const Member& member : std::exchange(mapping.members, {})) {
      const Node& key = *member.key;
      if (is_merge_key(key) && take_mappings(*member.value, from)) continue;
      if (key.kind == Kind::scalar && !keys.insert(key.text).second && file_.repeated.size() < most_repeated)
        file_.repeated.push_back({.what = fmt::format("the key \"{}\" is repeated", sanitise(key.text, 100)),
                                  .where = yaml::to_text(key.span)});
      mapping.members.push_back(member);
    }
    for (const Node* other : from) {
      for (const Member& member : other->members) {
        if (member.key->kind == Kind::scalar && !keys.insert(member.key->text).second) continue;
        mapping.members.push_back({.key = member.key, .value = member.value, .merged = true});
      }
    }
  }

  Limits limits_;
  std::string_view text_;    // without the byte order mark
  std::size_t skipped_ = 0;  // its length
  LineIndex lines_{{}};
  CharacterIndex characters_{{}};
  Problem problem_;
  File file_;
  std::vector<Open> open_;
  std::map<std::string, Anchored> anchors_;
  std::size_t seen_ = 0;      // nodes of the file, each alias counted as the tree that it stands for
  std::size_t begin_ = 0;     // of the event in hand
  std::size_t end_ = 0;       // where it ends
  std::size_t last_end_ = 0;  // where the last complete node ends
};

std::string to_text(const Span& span) { return fmt::format("{}:{}", span.line, span.column); }

const Node* Node::find(std::string_view key) const {
  const auto is_key = [&](const Member& member) { return member.key->kind == Kind::scalar && member.key->text == key; };
  const auto found = std::find_if(members.rbegin(), members.rend(), is_key);
  return found == members.rend() ? nullptr : found->value;
}

bool Node::is_null() const {
  return has_core_meaning(*this) && (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

std::optional<bool> Node::boolean() const {
  if (!has_core_meaning(*this)) return std::nullopt;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Node::integer() const {
  if (!has_core_meaning(*this)) return std::nullopt;
  std::string_view digits = text;
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0o")) {
    base = digits[1] == 'x' ? 16 : 8;
    digits.remove_prefix(2);
    if (digits.starts_with('-')) return std::nullopt;
  } else if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

Outcome<File> parse(std::string_view text, const Limits& limits) { return Builder(text, limits).read(); }

}  // namespace wiretight::yaml
