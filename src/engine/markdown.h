#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"

// The little of Markdown that a rule's page is made of: front matter, sections, paragraphs, lists and fenced code.
namespace wiretight {

// One line "name: value" of the front matter, as it is written. `line` counts from 1 within the page.
struct PageField {
  std::string_view name = {};
  std::string_view value = {};
  std::size_t line = 0;
};

// What follows a heading of the second level, up to the next one.
struct PageSection {
  std::string_view title = {};
  std::string_view body = {};
  std::size_t line = 0;
};

// Views into the text that was read.
struct Page {
  std::vector<PageField> fields = {};
  std::vector<PageSection> sections = {};
};

// Fails where there is no front matter, where a line of it is no "name: value", and where text stands before the first
// section. The problem's place is the line.
Outcome<Page> split_page(std::string_view text);

// A piece of a section. A paragraph and a list item are one line each, whatever their breaks were, but for the items of
// an inner list, which begin a new one; code keeps its lines without the indentation that its fence has.
struct PageBlock {
  enum class Kind { paragraph, item, code };
  Kind kind = Kind::paragraph;
  std::string text = {};
  bool under_item = false;    // code that belongs to the list item before it
  std::string language = {};  // of code: the first word behind its fence
};

std::vector<PageBlock> blocks_of(std::string_view body);

}  // namespace wiretight
