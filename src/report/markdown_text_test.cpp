#include "report/markdown_text.h"

#include <doctest/doctest.h>

using namespace wiretight::report;

TEST_CASE("foreign text is no markup") {
  CHECK(markdown_text("*a* _b_ [c](d) <e> ~f~ $g$ h|i") == R"(\*a\* \_b\_ \[c\](d) \<e\> \~f\~ \$g\$ h&#124;i)");
  CHECK(markdown_text("https://evil.example www.evil.example") == R"(https\://evil.example www\.evil.example)");
  CHECK(markdown_text("ask @team about #12") == "ask @<!-- -->team about #<!-- -->12");
  CHECK(markdown_text("&amp; \\") == R"(\&amp; \\)");
  CHECK(markdown_text("a\nb") == "a b");
}

TEST_CASE("nothing begins a block") {
  CHECK(markdown_text("# a") == "\\#<!-- --> a");
  CHECK(markdown_text("- a") == "\\- a");
  CHECK(markdown_text("  + a") == "\\+ a");
  CHECK(markdown_text("1. a 2. b") == "1\\. a 2. b");
  CHECK(markdown_text("=== a") == "\\=== a");
}

TEST_CASE("code between backticks stays code, even in a cell") {
  CHECK(markdown_text("set `ssl_ciphers a|b` now") == "set <code>ssl\\_ciphers a&#124;b</code> now");
  CHECK(markdown_text("``a`b``") == "``a`b``");
  CHECK(markdown_text("one ` only *x*") == R"(one \` only \*x\*)");
  CHECK(markdown_text("`` two") == R"(\`\` two)");
  CHECK(markdown_text("` `") == "");
}

TEST_CASE("code spans hold any text") {
  CHECK(markdown_code("db:8000") == "`db:8000`");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_code("`") == "`` ` ``");
  CHECK(markdown_code("a|b\nc\\|`") == R"(<code>a&#124;b c\\&#124;\`</code>)");
  CHECK(markdown_code(" ").empty());
}

TEST_CASE("a fence is longer than what it holds") {
  CHECK(markdown_block("a\n  b", 3) == "   ```\n   a\n     b\n   ```\n");
  CHECK(markdown_block("```\nx\n```", 0) == "````\n```\nx\n```\n````\n");
}

TEST_CASE("text between tags") { CHECK(html_text("<a href='x'>& @me") == "&lt;a href='x'&gt;&amp; @<!-- -->me"); }

TEST_CASE("shortening counts characters") {
  CHECK(shortened("日本語", 2) == "日本…");
  CHECK(shortened("日本語", 3) == "日本語");
  CHECK(shortened("", 0).empty());
}
