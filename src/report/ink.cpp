#include "report/ink.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/text.h"

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

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + spaces(used < width ? width - used : 0);
}

std::string hang(std::string_view head, std::size_t start, std::string_view text, std::size_t width) {
  constexpr std::size_t least = 20;
  std::string out(head);
  bool first = true;
  for (const std::string& line : wrap(text, std::max(width, start + least) - start)) {
    out += (first ? "" : spaces(start)) + line + "\n";
    first = false;
  }
  return out;
}

}  // namespace wiretight::report
