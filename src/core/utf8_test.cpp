#include "core/utf8.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("code points are read and written back") {
  for (char32_t value : {0x24u, 0xe9u, 0x20acu, 0xfffdu, 0x1f512u, 0x10ffffu}) {
    std::string text;
    append_utf8(text, value);
    const CodePoint point = decode_utf8(text, 0);
    CHECK(point.valid);
    CHECK(point.value == value);
    CHECK(point.length == text.size());
  }
  std::string surrogate;
  append_utf8(surrogate, 0xd800);
  CHECK(surrogate == "\xef\xbf\xbd");
}

TEST_CASE("what is no UTF-8 is invalid and takes its well-formed beginning") {
  CHECK(decode_utf8("\xc0\xaf", 0).length == 1);          // overlong
  CHECK(decode_utf8("\xed\xa0\x80", 0).length == 1);      // surrogate
  CHECK(decode_utf8("\xf4\x90\x80\x80", 0).length == 1);  // beyond U+10FFFF
  CHECK(decode_utf8("\xe2\x82x", 0).length == 2);         // cut off
  CHECK(decode_utf8("\xf0\x9f\x94", 0).length == 3);
  for (const char* text : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82x", "\xff", "\x80"})
    CHECK_FALSE(is_utf8(text));
  CHECK(is_utf8("plain, ümlaut, \xf0\x9f\x94\x92"));
}
