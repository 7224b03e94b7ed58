#include "app/page.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/text.h"
#include "engine/markdown.h"
#include "report/ink.h"

namespace wiretight {
namespace {

// "[text](address)" becomes "text <address>"; the rest stays as it is written.
std::string without_links(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('[');
    const std::size_t middle = open == std::string_view::npos ? open : text.find("](", open);
    const std::size_t close = middle == std::string_view::npos ? middle : text.find(')', middle);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    out +=
        fmt::format("{} <{}>", text.substr(open + 1, middle - open - 1), text.substr(middle + 2, close - middle - 2));
    text.remove_prefix(close + 1);
  }
  return out.append(text);
}

std::string wrapped_at(std::string_view first, std::size_t column, std::string_view text, int width) {
  std::string out;
  const std::size_t room = static_cast<std::size_t>(width) - column;
  for (const std::string& line : wrap(text, room)) {
    out += out.empty() ? std::string(first) : std::string(column, ' ');
    out += line + "\n";
  }
  return out;
}

// A line of "what is served   # expect: rule" for readers who do not run the tests.
std::string served_line(std::string_view line) {
  constexpr std::string_view mark = "# expect:";
  const std::size_t comment = line.find(mark);
  if (comment == std::string_view::npos) return std::string(line);
  return fmt::format("{:<40} → {}", trim(line.substr(0, comment)), trim(line.substr(comment + mark.size())));
}

std::string code_lines(const PageBlock& block) {
  std::string out;
  const bool notation = block.language == "endpoint";
  for (const std::string_view line : split(trim(block.text), '\n')) {
    if (line.empty()) {
      out += "\n";
    } else {
      out += fmt::format("      {}\n", notation ? served_line(line) : std::string(line));
    }
  }
  return out;
}

}  // namespace

std::string heading_line(std::string_view title, const report::ConsoleStyle& style) {
  return "\n" + report::paint(report::Ink::strong, title, style.color) + "\n";
}

std::string body_lines(std::string_view body, const report::ConsoleStyle& style) {
  std::string out;
  PageBlock::Kind before = PageBlock::Kind::paragraph;
  for (const PageBlock& block : blocks_of(body)) {
    const bool close_together = block.kind == before && block.kind == PageBlock::Kind::item;
    if (!out.empty() && !close_together) out += "\n";
    before = block.kind;
    if (block.kind == PageBlock::Kind::code) {
      if (block.language == "endpoint") {
        out += "    " +
               report::paint(report::Ink::faint, "A server of the tests, and what is found there:", style.color) + "\n";
      }
      out += code_lines(block);
    } else {
      const bool item = block.kind == PageBlock::Kind::item;
      out += wrapped_at(item ? "  - " : "  ", item ? 4 : 2, without_links(block.text), style.width);
    }
  }
  return out;
}

}  // namespace wiretight
