#include "core/utf8.h"

namespace wiretight {

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned first = byte(at);
  if (first < 0x80) return {.value = first, .length = 1, .valid = true};

  std::size_t more = 0;
  char32_t value = 0;
  // What the second byte may be, after table 3-7 of the Unicode standard: keeps out overlong forms and surrogates.
  unsigned low = 0x80, high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    more = 1;
    value = first & 0x1f;
  } else if (first >= 0xe0 && first <= 0xef) {
    more = 2;
    value = first & 0x0f;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    more = 3;
    value = first & 0x07;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  } else {
    return {.value = 0xfffd, .length = 1, .valid = false};
  }
  for (std::size_t index = 1; index <= more; ++index) {
    if (at + index >= text.size() || byte(at + index) < low || byte(at + index) > high)
      return {.value = 0xfffd, .length = index, .valid = false};
    value = (value << 6) | (byte(at + index) & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return {.value = value, .length = more + 1, .valid = true};
}

void append_utf8(std::string& out, char32_t value) {
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) value = 0xfffd;
  auto put = [&](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xc0 | (value >> 6));
    put(0x80 | (value & 0x3f));
  } else if (value < 0x10000) {
    put(0xe0 | (value >> 12));
    put(0x80 | ((value >> 6) & 0x3f));
    put(0x80 | (value & 0x3f));
  } else {
    put(0xf0 | (value >> 18));
    put(0x80 | ((value >> 12) & 0x3f));
    put(0x80 | ((value >> 6) & 0x3f));
    put(0x80 | (value & 0x3f));
  }
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (!point.valid) return false;
    at += point.length;
  }
  return true;
}

}  // namespace wiretight
