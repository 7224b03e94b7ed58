#include "engine/catalogue.h"

#include <doctest/doctest.h>

using namespace wiretight;

namespace {

constexpr Rule rule = {.name = "cleartext-accepted", .check = nullptr};

constexpr std::string_view page = R"(---
title: "The endpoint answers: without TLS"
severity: critical
category: cleartext
cwe: [CWE-319]
controls: [PCI-DSS-4.0.1:4.2.1, "NIST-800-53:SC-8"]
since: 0.1.0
cap: 0
detectors: [tls-probe, opossum]
---

## Reported

```text
## Mend
- this is code
```

## Why it matters

Because.

## Not reported

Nothing.

## Mend

Answer over TLS only,
and nowhere else.

A second paragraph.

1. Start the server
   with TLS:

   ```nginx
   server {
     listen 443 ssl;
   }
   ```
2. Change the clients.
   - the ones in Java

   At once.

Then be glad.

- [ ] Look again.

```diff
-http
```

## References

- <https://docs.example/tls>
- [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110)
- RFC 8446, section 4
)";

Outcome<Weakness> parse(std::string_view text) { return parse_page({.rule = &rule, .page = text}); }

// The page with one piece replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string out(page);
  const std::size_t at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

Problem complaint(const std::string& text) {
  const auto result = parse(text);
  return result ? Problem() : result.error();
}

}  // namespace

TEST_CASE("a page is read whole") {
  const auto weakness = parse(page);
  REQUIRE_MESSAGE(weakness, weakness.error().what);
  CHECK(weakness->name == "cleartext-accepted");
  CHECK(weakness->title == "The endpoint answers: without TLS");
  CHECK(weakness->severity == Severity::critical);
  CHECK(weakness->category == Category::cleartext);
  CHECK(weakness->cwe == std::vector<std::string>{"CWE-319"});
  CHECK(weakness->controls == std::vector<std::string>{"PCI-DSS-4.0.1:4.2.1", "NIST-800-53:SC-8"});
  CHECK(weakness->detectors == std::vector<std::string>{"tls-probe", "opossum"});
  CHECK(weakness->cap == 0);
  CHECK(weakness->since == "0.1.0");
  CHECK_FALSE(weakness->opt_in);
  CHECK(weakness->page == page);
  CHECK(weakness->remediation.summary == "Answer over TLS only, and nowhere else.");
  CHECK(weakness->remediation.steps ==
        std::vector<std::string>{"Start the server with TLS:\nserver {\n  listen 443 ssl;\n}",
                                 "Change the clients.\n- the ones in Java\nAt once.", "[ ] Look again.\n-http"});
  CHECK(weakness->remediation.references == std::vector<std::string>{"https://docs.example/tls",
                                                                     "RFC 9110: https://www.rfc-editor.org/rfc/rfc9110",
                                                                     "RFC 8446, section 4"});
}

TEST_CASE("what a page need not say") {
  std::string text = with("cap: 0\ndetectors: [tls-probe, opossum]\n", "default: off\n");
  const auto weakness = parse(text);
  REQUIRE(weakness);
  CHECK_FALSE(weakness->cap);
  CHECK(weakness->detectors == std::vector<std::string>{"tls-probe"});
  CHECK(weakness->opt_in);
}

TEST_CASE("line ends of another system") {
  std::string text;
  for (const char c : page) text += c == '\n' ? "\r\n" : std::string(1, c);
  const auto weakness = parse(text);
  REQUIRE_MESSAGE(weakness, weakness.error().what);
  CHECK(weakness->remediation.steps.at(0) == "Start the server with TLS:\nserver {\n  listen 443 ssl;\n}");
}

TEST_CASE("what is wrong with a page is named, with its line") {
  const auto says = [](const std::string& text, std::string_view what, std::string_view where) {
    const Problem problem = complaint(text);
    CHECK_MESSAGE(problem.what.contains(what), problem.what);
    CHECK(problem.where == where);
  };
  const std::string here = "rules/cleartext-accepted/rule.md";
  says("", "front matter", here + ":1");
  says("---\ntitle: x\n", "does not end", here + ":2");
  says(with("cap: 0", "cap"), "name: value", here + ":8");
  says(with("since: 0.1.0", "sinse: 0.1.0"), "\"sinse\" is no key", here + ":7");
  says(with("cap: 0", "since: 0.1.0"), "\"since\" stands twice", here + ":8");
  says(with("severity: critical", "severity: dire"), "severity: one of critical", here + ":3");
  says(with("category: cleartext", "category: plain"), "category:", here + ":4");
  says(with("[CWE-319]", "CWE-319"), "cwe: a list", here + ":5");
  says(with("[CWE-319]", "[319]"), "cwe: a list", here + ":5");
  says(with("[CWE-319]", "[]"), "cwe: a list", here + ":5");
  says(with("[CWE-319]", "[CWE-319, CWE-319]"), "cwe: a list", here + ":5");
  says(with("cap: 0", "cap: 101"), "cap: a score", here + ":8");
  says(with("since: 0.1.0", "since: soon"), "since: a version", here + ":7");
  says(with("\"The endpoint answers: without TLS\"", "The endpoint answers: without TLS"), "title:", here + ":2");
  says(with("cwe: [CWE-319]\n", ""), "has no \"cwe\"", here + ":1");
  says(with("## Reported", "Words.\n\n## Reported"), "before the first section", here + ":12");
  says(with("## Reported", "## Found"), "\"Found\" is no section", here + ":12");
  says(with("## Why it matters", "## Not reported"), "\"Not reported\" stands where Why it matters is due",
       here + ":19");
  says(with("Because.", ""), "\"Why it matters\" is empty", here + ":19");
  says(std::string(page.substr(0, page.find("## References"))), "\"References\" is missing", here);
  says(with("Answer over TLS only,\nand nowhere else.\n\nA second paragraph.\n", ""), "begin with a paragraph", here);
  says(std::string(page.substr(0, page.find("1. Start"))) + "\n## References\n\n- RFC 1\n", "no list of steps", here);
  says(std::string(page.substr(0, page.find("- <https"))) + "RFC 1\n", "\"References\" has no list", here);
}

TEST_CASE("every page of the program is sound") {
  for (const CatalogueEntry& entry : rule_table()) {
    const auto weakness = parse_page(entry);
    CHECK_MESSAGE(weakness, weakness.error().where << ": " << weakness.error().what);
    if (!weakness) return;
  }
  CHECK(catalogue().size() == rule_table().size());
  for (const Weakness& weakness : catalogue()) CHECK(find_weakness(weakness.name) == &weakness);
  CHECK(find_weakness("no-such-rule") == nullptr);
}
