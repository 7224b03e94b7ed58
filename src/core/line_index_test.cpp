#include "core/line_index.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <string>

#include "core/utf8.h"

using namespace wiretight;

TEST_CASE("lines and columns count from 1, and columns are UTF-16 code units") {
  const std::string text = "ab\nä€😀x\r\n\rlast";
  const LineIndex index(text);
  CHECK(index.at(0) == Position{1, 1});
  CHECK(index.at(2) == Position{1, 3});
  CHECK(index.at(3) == Position{2, 1});
  CHECK(index.at(text.find('x')) == Position{2, 5});
  CHECK(index.at(text.find('\n', 4)) == Position{2, 7});
  CHECK(index.at(text.find("last")) == Position{4, 1});
  CHECK(index.at(text.size()) == Position{4, 5});
  CHECK(index.at(text.size() + 9) == Position{4, 5});
  CHECK(LineIndex("").at(0) == Position{1, 1});
}

TEST_CASE("any text: the position of every character is that of counting") {
  CHECK(rc::check([] {
    const auto points =
        *rc::gen::container<std::u32string>(rc::gen::element<char32_t>(U'a', U'b', U'\n', U'\r', U'ä', U'€', U'😀'));
    std::string text;
    for (const char32_t point : points) append_utf8(text, point);
    const LineIndex index(text);
    Position expected;
    std::size_t at = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      RC_ASSERT(index.at(at) == expected);
      std::string bytes;
      append_utf8(bytes, points[i]);
      at += bytes.size();
      expected.column += points[i] > 0xffff ? 2 : 1;
      const bool ends =
          points[i] == U'\n' || (points[i] == U'\r' && (i + 1 == points.size() || points[i + 1] != U'\n'));
      if (ends) expected = {expected.line + 1, 1};
    }
    RC_ASSERT(index.at(at) == expected);
  }));
}
