#include "report/ink.h"

#include <doctest/doctest.h>

using namespace wiretight;
using namespace wiretight::report;

TEST_CASE("ink is escape codes and nothing without colour") {
  CHECK(paint(Ink::critical, "x", true) == "\x1b[1;31mx\x1b[0m");
  CHECK(paint(Ink::critical, "x", false) == "x");
  CHECK_MESSAGE(paint(Ink::faint, "", true).empty(), "no codes round nothing");
  CHECK(ink_of(Severity::high) == Ink::high);
  CHECK_MESSAGE(ink_of(Verdict::incomplete) == Ink::unsure, "not known is never green");
}

TEST_CASE("padding counts columns, not bytes") {
  CHECK(padded("日本", 6) == "日本  ");
  CHECK(padded("grüße", 3) == "grüße");
}

TEST_CASE("text hangs under itself") {
  CHECK(hang("  a  ", 5, "one two three four", 25) == "  a  one two three four\n");
  CHECK(hang("  a  ", 5, "one two three four five six", 25) == "  a  one two three four\n     five six\n");
  CHECK(hang("> ", 2, "", 40) == "> \n");
  CHECK_MESSAGE(hang("", 90, "aaaa bbbb cccc dddd eeee", 40).starts_with("aaaa bbbb cccc dddd\n"),
                "20 columns are left, however narrow the terminal");
}
