#include "engine/markdown.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "core/text.h"

namespace wiretight {
namespace {

// Hands out the lines of a text without their ends.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  std::optional<std::string_view> next() {
    if (at_ >= text_.size()) return std::nullopt;
    begin_ = at_;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    at_ = end + 1;
    ++number_;
    std::string_view line = text_.substr(begin_, end - begin_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::size_t number() const { return number_; }  // of the line handed out last, from 1
  std::size_t begin() const { return begin_; }    // its offset
  std::size_t end() const { return std::min(at_, text_.size()); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  std::size_t number_ = 0;
};

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Follows fenced code (CommonMark 4.5) from line to line. A fence may be indented as deep as the list item it is in.
class Fence {
 public:
  enum class Part { outside, opening, code, closing };

  Part take(std::string_view line) {
    const std::string_view text = trim(line);
    const char mark = text.empty() ? '\0' : text.front();
    const std::size_t length = std::min(text.find_first_not_of(mark), text.size());
    if (length_ > 0) {
      if (mark != mark_ || length < length_ || length < text.size()) return Part::code;
      length_ = 0;
      return Part::closing;
    }
    if ((mark != '`' && mark != '~') || length < 3) return Part::outside;
    if (mark == '`' && text.find('`', length) != std::string_view::npos) return Part::outside;
    mark_ = mark;
    length_ = length;
    indent_ = indent_of(line);
    const std::string_view info = trim(text.substr(length));
    language_ = info.substr(0, info.find(' '));
    return Part::opening;
  }
  std::size_t indent() const { return indent_; }
  std::string_view language() const { return language_; }

 private:
  char mark_ = '\0';
  std::size_t length_ = 0;  // of the fence that is open; 0 for none
  std::size_t indent_ = 0;
  std::string_view language_ = {};
};

// What follows the marker of a list item ("- ", "* ", "1. "); nothing where the line has none.
std::optional<std::string_view> item_text(std::string_view line) {
  std::size_t marker = 1;
  if (!line.starts_with('-') && !line.starts_with('*')) {
    marker = std::min(line.find_first_not_of("0123456789"), line.size());
    if (marker == 0 || marker == line.size() || line[marker] != '.') return std::nullopt;
    ++marker;
  }
  if (marker >= line.size() || line[marker] != ' ') return std::nullopt;
  return trim(line.substr(marker));
}

class BlockReader {
 public:
  std::vector<PageBlock> read(std::string_view body) {
    Lines lines(body);
    while (const auto line = lines.next()) {
      switch (fence_.take(*line)) {
        case Fence::Part::outside:
          take_text(*line);
          break;
        case Fence::Part::opening:
          blocks_.push_back({.kind = PageBlock::Kind::code,
                             .text = {},
                             .under_item = in_item_,
                             .language = std::string(fence_.language())});
          continues_ = false;
          break;
        case Fence::Part::code:
          blocks_.back().text += line->substr(std::min(indent_of(*line), fence_.indent()));
          blocks_.back().text += '\n';
          break;
        case Fence::Part::closing:
          break;
      }
    }
    return std::move(blocks_);
  }

 private:
  void take_text(std::string_view line) {
    const std::string_view text = trim(line);
    const std::size_t indent = indent_of(line);
    if (text.empty()) {
      continues_ = false;
    } else if (text.starts_with('#') && indent == 0) {
      continues_ = in_item_ = false;
    } else if (const auto item = item_text(text); item && !(in_item_ && indent >= inner)) {
      begin(PageBlock::Kind::item, *item);
    } else if (in_item_ && (indent >= inner || continues_)) {
      // After code or a blank line the item goes on in a new line of its own.
      append(item || !continues_ ? '\n' : ' ', text);
    } else if (continues_) {
      append(' ', text);
    } else {
      begin(PageBlock::Kind::paragraph, text);
    }
  }

  void begin(PageBlock::Kind kind, std::string_view text) {
    blocks_.push_back({.kind = kind, .text = std::string(text)});
    in_item_ = kind == PageBlock::Kind::item;
    open_ = blocks_.size() - 1;
    continues_ = true;
  }

  void append(char between, std::string_view text) {
    blocks_[open_].text += between;
    blocks_[open_].text += text;
    continues_ = true;
  }

  static constexpr std::size_t inner = 2;  // blanks that put a line into the item above it

  Fence fence_;
  std::vector<PageBlock> blocks_;
  std::size_t open_ = 0;    // the paragraph or item that text is added to
  bool in_item_ = false;    // the open block is an item, and nothing has ended its list
  bool continues_ = false;  // the line before belongs to the open block
};

}  // namespace

Outcome<Page> split_page(std::string_view text) {
  Lines lines(text);
  Page page;
  auto line = lines.next();
  if (!line || *line != "---") return failure("the page does not begin with front matter (\"---\")", "1");
  for (line = lines.next(); line && *line != "---"; line = lines.next()) {
    const std::size_t colon = line->find(':');
    const std::string_view name = line->substr(0, std::min(colon, line->size()));
    if (colon == std::string_view::npos || name.empty() || name != trim(name))
      return failure("\"name: value\" was expected", std::to_string(lines.number()));
    page.fields.push_back({.name = name, .value = trim(line->substr(colon + 1)), .line = lines.number()});
  }
  if (!line) return failure("the front matter does not end (\"---\")", std::to_string(lines.number()));

  Fence fence;
  std::size_t body = 0;
  while ((line = lines.next())) {
    const bool outside = fence.take(*line) == Fence::Part::outside;
    if (outside && line->starts_with("## ")) {
      body = lines.end();
      page.sections.push_back({.title = trim(line->substr(3)), .body = {}, .line = lines.number()});
    } else if (!page.sections.empty()) {
      page.sections.back().body = text.substr(body, lines.end() - body);
    } else if (!trim(*line).empty()) {
      return failure("text stands before the first section", std::to_string(lines.number()));
    }
  }
  return page;
}

std::vector<PageBlock> blocks_of(std::string_view body) { return BlockReader().read(body); }

}  // namespace wiretight
