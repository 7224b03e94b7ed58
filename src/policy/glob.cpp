#include "policy/glob.h"

#include <algorithm>

namespace wiretight::policy {
namespace {

bool is_run(char16_t symbol) { return symbol == any_run || symbol == any_run_in_segment; }

// Adds a position and those that it reaches without a byte: past runs, which may be empty.
void add(const Pattern& pattern, Positions& to, std::size_t position) {
  for (;; ++position) {
    to.push_back(static_cast<std::uint16_t>(position));
    if (position >= pattern.size() || !is_run(pattern[position])) return;
  }
}

void tidy(const Pattern& pattern, Positions& positions) {
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  for (std::size_t i = positions.size(); i-- > 1;) {
    if (positions[i] < pattern.size() && pattern[positions[i]] == any_run) {
      positions.erase(positions.begin(), positions.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }
}

bool takes(char16_t symbol, char byte) {
  switch (symbol) {
    case any_one:
    case any_run:
      return true;
    case any_one_in_segment:
    case any_run_in_segment:
      return byte != ':';
    default:
      if (symbol < either_case) return symbol == static_cast<unsigned char>(byte);
      if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
      return symbol - either_case == static_cast<unsigned char>(byte);
  }
}

}  // namespace

Positions positions_after(const Pattern& pattern, std::string_view text) {
  // Most patterns begin with plain text, and most of them end here.
  std::size_t same = 0;
  while (same < pattern.size() && same < text.size() && pattern[same] == static_cast<unsigned char>(text[same])) ++same;
  if (same < text.size() && (same == pattern.size() || pattern[same] < any_one)) return {};
  Positions at;
  add(pattern, at, same);
  tidy(pattern, at);
  for (const char byte : text.substr(same)) {
    if (at.empty() || accepts_all(pattern, at)) break;
    at = next_positions(pattern, at, byte);
  }
  return at;
}

Positions next_positions(const Pattern& pattern, const Positions& at, char byte) {
  Positions next;
  for (const std::uint16_t position : at) {
    if (position >= pattern.size() || !takes(pattern[position], byte)) continue;
    add(pattern, next, is_run(pattern[position]) ? position : position + std::size_t{1});
  }
  if (next.size() > 1) tidy(pattern, next);
  return next;
}

bool accepts(const Pattern& pattern, const Positions& at) { return !at.empty() && at.back() == pattern.size(); }

bool accepts_all(const Pattern& pattern, const Positions& at) {
  return accepts(pattern, at) && at.size() > 1 && pattern[at[at.size() - 2]] == any_run &&
         at[at.size() - 2] + std::size_t{1} == pattern.size();
}

bool matches(const Pattern& pattern, std::string_view text) { return accepts(pattern, positions_after(pattern, text)); }

}  // namespace wiretight::policy
