#include "report/ink.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <utility>

#include "report/clean.h"
#include "report/utf8.h"

namespace wiretight::report {
namespace {

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::critical:
    case Ink::bad:
      return "1;31";
    case Ink::high:
      return "31";
    case Ink::medium:
    case Ink::unsure:
      return "33";
    case Ink::low:
      return "36";
    case Ink::info:
      return "34";
    case Ink::good:
      return "32";
    case Ink::strong:
      return "1";
    case Ink::faint:
      return "2";
  }
  return "0";
}

// The longest beginning of at most `width` columns, one character at least.
std::string_view fitting(std::string_view text, int width) {
  std::string_view rest = text;
  int used = 0;
  while (!rest.empty()) {
    const Utf8 next = take_utf8(rest);
    used += display_width(next.bytes);
    const auto taken = static_cast<std::size_t>(next.bytes.data() - text.data());
    if (used > width && taken > 0) return text.substr(0, taken);
  }
  return text;
}

}  // namespace

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return Ink::critical;
    case Severity::high:
      return Ink::high;
    case Severity::medium:
      return Ink::medium;
    case Severity::low:
      return Ink::low;
    case Severity::info:
      return Ink::info;
  }
  return Ink::info;
}

Ink ink_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::tight:
      return Ink::good;
    case Verdict::leaking:
      return Ink::bad;
    case Verdict::incomplete:
      return Ink::unsure;
  }
  return Ink::unsure;
}

std::string paint(Ink ink, std::string_view text, bool color) {
  return color && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(ink), text) : std::string(text);
}

std::string padded(std::string_view text, int width) {
  return std::string(text) + std::string(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!word.empty()) {
      const int needed = display_width(word);
      if (used > 0 && used + 1 + needed > width) {
        lines.push_back(std::move(line));
        line.clear();
        used = 0;
      }
      const std::string_view piece = used == 0 && needed > width ? fitting(word, width) : word;
      if (used > 0) line += ' ';
      used += (used > 0 ? 1 : 0) + display_width(piece);
      line += piece;
      word.remove_prefix(piece.size());
    }
  }
  lines.push_back(std::move(line));
  return lines;
}

}  // namespace wiretight::report
