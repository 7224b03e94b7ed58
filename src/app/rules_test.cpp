#include "app/rules.h"

#include <doctest/doctest.h>

#include "app/page.h"
#include "core/json.h"
#include "core/text.h"

using namespace wiretight;

TEST_CASE("the table has every rule once, under its category") {
  const std::string table = rules_table(catalogue(), {.width = 100});
  for (const Weakness& weakness : catalogue()) {
    CAPTURE(weakness.name);
    const std::size_t at = table.find("\n  " + weakness.name + " ");
    REQUIRE(at != std::string::npos);
    CHECK(table.find("\n  " + weakness.name + " ", at + 1) == std::string::npos);
    const std::size_t heading = table.rfind("\n" + std::string(to_text(weakness.category)) + "\n", at);
    CHECK((heading != std::string::npos || table.starts_with(std::string(to_text(weakness.category)) + "\n")));
  }
}

TEST_CASE("every page fits the width, code aside, and says what its front matter says") {
  for (const Weakness& weakness : catalogue()) {
    const std::string page = rule_page(weakness, {.width = 80});
    CAPTURE(page);
    CHECK(page.starts_with(weakness.name + "\n"));
    CHECK(page.find("\nWhy it matters\n") != std::string::npos);
    CHECK(page.find(weakness.cwe.front()) != std::string::npos);
    CHECK(page.find('\x1b') == std::string::npos);
    CHECK(page.find("```") == std::string::npos);
    for (const std::string_view line : split(page, '\n')) {
      const bool code = line.starts_with("      ");
      // A word cannot be broken: an address of a reference.
      const bool one_word = trim(line).find(' ') == std::string_view::npos;
      CAPTURE(line);
      CHECK((code || one_word || display_width(line) <= 80));
    }
  }
}

TEST_CASE("the catalogue as JSON") {
  const auto all = parse_json(rules_json(catalogue()));
  REQUIRE(all);
  REQUIRE(all->find("rules") != nullptr);
  CHECK(all->find("rules")->items().size() == catalogue().size());
  for (const Weakness& weakness : catalogue()) {
    const auto one = parse_json(rule_json(weakness));
    REQUIRE(one);
    CHECK(one->text("name") == weakness.name);
    CHECK(one->text("page") == weakness.page);
  }
}

TEST_CASE("Markdown for a terminal") {
  CHECK(body_lines(
            "One [page](https://a.example/b) of\ntwo lines.\n\n- first\n- second\n  line\n\n```sh\nmake  it\n```\n",
            {.width = 60}) ==
        "  One page <https://a.example/b> of two lines.\n"
        "\n"
        "  - first\n"
        "  - second line\n"
        "\n"
        "      make  it\n");
}

TEST_CASE("the notation of the tests is explained") {
  const std::string text =
      body_lines("```endpoint\nhttp answer=aws  # expect: cleartext-accepted\ntls whole\n```\n", {.width = 80});
  CHECK(text.find("    A server of the tests, and what is found there:\n") == 0);
  CHECK(text.find("      http answer=aws                          → cleartext-accepted\n") != std::string::npos);
  CHECK(text.find("      tls whole\n") != std::string::npos);
}
