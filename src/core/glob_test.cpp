#include "core/glob.h"

#include <doctest/doctest.h>
#include <string>

using namespace wiretight;

TEST_CASE("globs") {
  CHECK(glob_match("", ""));
  CHECK_FALSE(glob_match("", "a"));
  CHECK(glob_match("*", ""));
  CHECK(glob_match("cipher-*", "cipher-null"));
  CHECK_FALSE(glob_match("cipher-*", "a-cipher-null"));
  CHECK(glob_match("*.internal:*", "db.internal:8000"));
  CHECK(glob_match("a?c", "abc"));
  CHECK_FALSE(glob_match("a?c", "ac"));
  CHECK(glob_match("*ab*ab", "abcabab"));
  CHECK_FALSE(glob_match("[a]", "a"));
  CHECK(glob_match("**a**", "bab"));
}

TEST_CASE("a pattern of many stars ends soon") {
  std::string pattern, text(5000, 'a');
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK_FALSE(glob_match(pattern + "b", text));
  CHECK(glob_match(pattern, text));
}
