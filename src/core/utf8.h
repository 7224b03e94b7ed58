#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wiretight {

struct CodePoint {
  char32_t value = 0xfffd;  // U+FFFD when the bytes are no UTF-8
  std::size_t length = 0;   // bytes taken, at least 1
  bool valid = false;
};

// The code point at `at`, which must be less than text.size(). Overlong forms, surrogates and values beyond U+10FFFF
// are invalid; an invalid sequence takes its longest well-formed beginning (Unicode 15, 3.9, "maximal subpart").
CodePoint decode_utf8(std::string_view text, std::size_t at);

// Appends a scalar value; U+FFFD for anything else.
void append_utf8(std::string& out, char32_t value);

bool is_utf8(std::string_view text);

}  // namespace wiretight
