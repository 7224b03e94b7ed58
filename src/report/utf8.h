#pragma once

#include <cstdint>
#include <string_view>

namespace wiretight::report {

// The first code point of a text. `bytes` are those it is written with: one byte where the text is no UTF-8.
struct Utf8 {
  std::uint32_t point = 0;
  std::string_view bytes = {};
  bool valid = false;
};

// Takes the first code point off a text that is not empty. Overlong forms, surrogates and values beyond U+10FFFF are
// no UTF-8 (RFC 3629, section 3).
inline Utf8 take_utf8(std::string_view& text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80             ? 1
                             : (lead & 0xe0) == 0xc0 ? 2
                             : (lead & 0xf0) == 0xe0 ? 3
                             : (lead & 0xf8) == 0xf0 ? 4
                                                     : 0;
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  Utf8 next{.bytes = text.substr(0, 1)};
  if (length > 0 && length <= text.size()) {
    std::uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
    bool sound = true;
    for (std::size_t i = 1; i < length; ++i) {
      sound = sound && (byte(i) & 0xc0) == 0x80;
      point = point << 6 | (byte(i) & 0x3fu);
    }
    if (sound && point >= least[length] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff))
      next = {.point = point, .bytes = text.substr(0, length), .valid = true};
  }
  text.remove_prefix(next.bytes.size());
  return next;
}

}  // namespace wiretight::report
