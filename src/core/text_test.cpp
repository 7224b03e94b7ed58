#include "core/text.h"

#include <doctest/doctest.h>

#include "core/utf8.h"

using namespace wiretight;

TEST_CASE("foreign text cannot steer a terminal") {
  CHECK(sanitise("nginx/1.22\x1b[31m red") == "nginx/1.22[31m red");
  CHECK(sanitise("a\r\nb\tc") == "a  b c");
  CHECK(sanitise("bell\x07 nul\x01 del\x7f") == "bell nul del");
  CHECK(sanitise("c1 \xc2\x9b"
                 "31m") == "c1 31m");
  CHECK(sanitise("user\xe2\x80\xae"
                 "gpj.exe") == "usergpj.exe");
  CHECK(sanitise("bad \xff\xc0 bytes") == "bad \xef\xbf\xbd\xef\xbf\xbd bytes");
  CHECK(sanitise("no \xef\xbf\xbe\xef\xbf\xbf characters") == "no  characters");
  CHECK(sanitise("Grüße, 日本") == "Grüße, 日本");
  CHECK(sanitise("abcdef", 3) == "abc…");
  CHECK(sanitise("abc", 3) == "abc");
  CHECK(is_utf8(sanitise("ééé", 3)));
}

TEST_CASE("columns on a terminal") {
  CHECK(display_width("") == 0);
  CHECK(display_width("grüße") == 5);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(display_width("ไม่") == 2);
  CHECK(display_width("￥") == 2);
  CHECK(display_width("🔒") == 2);
}

TEST_CASE("wrapping") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("unbreakableword x", 5) == std::vector<std::string>{"unbreakableword", "x"});
  CHECK(wrap("a\n\nb", 10) == std::vector<std::string>{"a", "", "b"});
  CHECK(wrap("a {\n  b c\n}", 4) == std::vector<std::string>{"a {", "  b", "  c", "}"});
  CHECK(wrap("   ", 10) == std::vector<std::string>{""});
  CHECK(wrap("", 10) == std::vector<std::string>{""});
}

TEST_CASE("times") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339(951782399) == "2000-02-28T23:59:59Z");
  CHECK(rfc3339_ms(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(rfc3339_ms(1709210096789) == "2024-02-29T12:34:56.789Z");
  CHECK(rfc3339(INT64_MAX) == "9999-12-31T23:59:59Z");
  CHECK(rfc3339(INT64_MIN) == "0000-01-01T00:00:00Z");

  CHECK(parse_rfc3339("2000-02-28T23:59:59Z") == 951782399);
  CHECK(parse_rfc3339("2000-02-29T00:59:59.5+01:00") == 951782399);
  CHECK(parse_rfc3339("2024-02-29") == 1709164800);
  for (const char* bad : {"", "2023-02-29", "2024-13-01", "2024-01-01T", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00",
                          "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "24-1-1", "tomorrow"})
    CHECK_FALSE(parse_rfc3339(bad));
}

TEST_CASE("access key ids") {
  CHECK(mask_key_id("AKIAIOSFODNN7EXAMPLE") == "AKIA…MPLE");
  CHECK(mask_key_id("AKIAMPLE") == "…");
  CHECK(mask_key_id("") == "…");
}

TEST_CASE("small helpers") {
  CHECK(trim(" \ta b\r\n") == "a b");
  CHECK(trim("   ").empty());
  CHECK(lower("TLSv1.2 É") == "tlsv1.2 É");
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(join(std::vector<std::string>{"a", "b"}, ", ") == "a, b");
}
