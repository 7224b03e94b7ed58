#include "report/clean.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <optional>

#include "report/utf8.h"

namespace wiretight::report {
namespace {

struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, std::uint32_t point) {
  return std::ranges::any_of(ranges, [&](Range range) { return point >= range.first && point <= range.last; });
}

// What has no picture of its own and changes how its neighbours look: C0, C1, line separators, direction marks,
// zero-width marks, tags (Unicode 15, categories Cc, Cf, Zl, Zp).
constexpr std::array<Range, 9> invisible = {{{0x00, 0x1f},
                                             {0x7f, 0x9f},
                                             {0xad, 0xad},
                                             {0x61c, 0x61c},
                                             {0x200b, 0x200f},
                                             {0x2028, 0x202e},
                                             {0x2060, 0x206f},
                                             {0xfeff, 0xfeff},
                                             {0xe0000, 0xe007f}}};

// Marks that stand on the character before them (Unicode 15, the larger blocks of category Mn).
constexpr std::array<Range, 14> combining = {{{0x300, 0x36f},
                                              {0x483, 0x489},
                                              {0x591, 0x5bd},
                                              {0x610, 0x61a},
                                              {0x64b, 0x65f},
                                              {0xe31, 0xe31},
                                              {0xe34, 0xe3a},
                                              {0xe47, 0xe4e},
                                              {0x1ab0, 0x1aff},
                                              {0x1dc0, 0x1dff},
                                              {0x20d0, 0x20ff},
                                              {0xfe00, 0xfe0f},
                                              {0xfe20, 0xfe2f},
                                              {0xe0100, 0xe01ef}}};

// East Asian Width W and F (UAX 11), and emoji.
constexpr std::array<Range, 16> wide = {{{0x1100, 0x115f},
                                         {0x2e80, 0x303e},
                                         {0x3041, 0x33ff},
                                         {0x3400, 0x4dbf},
                                         {0x4e00, 0x9fff},
                                         {0xa000, 0xa4cf},
                                         {0xa960, 0xa97f},
                                         {0xac00, 0xd7a3},
                                         {0xf900, 0xfaff},
                                         {0xfe30, 0xfe6f},
                                         {0xff00, 0xff60},
                                         {0xffe0, 0xffe6},
                                         {0x1f300, 0x1f64f},
                                         {0x1f680, 0x1f6ff},
                                         {0x1f900, 0x1f9ff},
                                         {0x20000, 0x3fffd}}};

std::string visible(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8 next = take_utf8(text);
    if (!next.valid) {
      out += "\xef\xbf\xbd";
    } else if (next.point == '\n' && lines) {
      out += '\n';
    } else if (next.point == '\n' || next.point == '\t') {
      out += ' ';
    } else if (next.point == '\r' && text.starts_with('\n')) {
      continue;
    } else if (in(invisible, next.point)) {
      out += next.point <= 0xff ? fmt::format("\\x{:02x}", next.point) : fmt::format("\\u{:04x}", next.point);
    } else {
      out += next.bytes;
    }
  }
  return out;
}

// "https://user:password@host/" → "https://***@host/".
void hide_user_info(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = std::min(text.find_first_of("/?# \"'<>\n", at), text.size());
    const std::size_t sign = text.rfind('@', end == 0 ? 0 : end - 1);
    if (sign == std::string::npos || sign < at || sign >= end) continue;
    text.replace(at, sign - at, "***");
  }
}

bool key_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Access key ids are AKIA or ASIA and 16 more capitals and digits (AWS IAM reference, unique identifiers).
void shorten_access_keys(std::string& text) {
  constexpr std::size_t length = 20;
  for (std::size_t at = 0; at + length <= text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (!rest.starts_with("AKIA") && !rest.starts_with("ASIA")) continue;
    if (at > 0 && key_character(text[at - 1])) continue;
    if (!std::ranges::all_of(rest.substr(0, length), key_character)) continue;
    if (rest.size() > length && key_character(rest[length])) continue;
    text.replace(at + 4, length - 8, "…");
  }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The parameters of a presigned URL that let anyone use it.
void hide_signed_parameters(std::string& text) {
  for (const std::string_view name : {"x-amz-security-token=", "x-amz-signature="}) {
    for (std::size_t at = 0; at + name.size() <= text.size(); ++at) {
      if (!std::ranges::equal(std::string_view(text).substr(at, name.size()), name, {}, lower)) continue;
      at += name.size();
      const std::size_t end = std::min(text.find_first_of("& \"'<>\n", at), text.size());
      text.replace(at, end - at, "***");
    }
  }
}

}  // namespace

std::string clean(std::string_view text, bool lines) {
  std::string out = visible(text, lines);
  hide_user_info(out);
  shorten_access_keys(out);
  hide_signed_parameters(out);
  return out;
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Utf8 next = take_utf8(text);
    if (next.valid && (in(combining, next.point) || in(invisible, next.point))) continue;
    width += next.valid && in(wide, next.point) ? 2 : 1;
  }
  return width;
}

}  // namespace wiretight::report
