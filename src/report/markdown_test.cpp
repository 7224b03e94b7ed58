#include "report/markdown.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "core/text.h"
#include "core/utf8.h"
#include "report/sample.h"

using namespace wiretight;
using namespace wiretight::report;

namespace {

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

std::size_t run_of_ticks(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] == '`') ++end;
  return end - at;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

// What is left for a reader of Markdown to find markup in: no fenced blocks, no code spans, no escaped characters, and
// no HTML block, in which there is none but HTML.
std::string outside_code(const std::string& text) {
  std::string out;
  std::size_t fence = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("<details><summary>")) continue;
    const std::size_t ticks = run_of_ticks(trim(line), 0);
    if (fence > 0 || ticks >= 3) {
      if (fence == 0) {
        fence = ticks;
      } else if (ticks >= fence && ticks == trim(line).size()) {
        fence = 0;
      }
      continue;
    }
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t run = run_of_ticks(line, at);
      if (line[at] == '\\') {
        at += 2;
      } else if (run == 0) {
        out += line[at++];
      } else {
        std::size_t end = at + run;
        while (end < line.size() && run_of_ticks(line, end) != run)
          end += std::max<std::size_t>(run_of_ticks(line, end), 1);
        at = end < line.size() ? end + run : at + run;
      }
    }
    out += '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("the verdict first, then the findings, then what is folded") {
  const std::string text = markdown(sample::leaking());
  CHECK(
      text.starts_with("## ❌ wiretight: LEAKING, grade F (15/100)\n\n"
                       "1 critical, 1 high, 1 info at db.example:443 in 340 ms\n\n"
                       "| Severity | Rule | Where | What |\n| --- | --- | --- | --- |\n"
                       "| **critical** | `cleartext-accepted` | `db.example:8000` | "));
  CHECK(has(text, "\n| **high** (firm) | `cipher-broken` | `db.example:443 (192.0.2.1)` | "));
  CHECK(has(text, "\n1. Start the server with TLS and close port 8000.\n2. Change the clients to https.\n"));
  CHECK(has(text, "\n- <https://docs.example/tls>\n"));
  CHECK(has(text, "| -60 | at most 20 | `cleartext-accepted` | what crosses without TLS"));
  CHECK(count(text, "<details>") == count(text, "</details>"));
  CHECK_MESSAGE(!has(text, "Targets"), "one target needs no table");
}

TEST_CASE("what could not be assessed stands before the findings, unfolded") {
  const std::string text = markdown(sample::several());
  CHECK(text.starts_with("## ⚠️ wiretight: INCOMPLETE, no grade\n"));
  const std::size_t gaps = text.find(
      "**Could not be assessed**\n\n- `gone.example:443`, `192.0.2.9:443`: the connection "
      "was refused\n");
  REQUIRE(gaps != std::string::npos);
  CHECK(gaps < text.find("| Severity |"));
  CHECK(has(text, "| `gone.example:443` | ⚠️ incomplete | none |"));
  CHECK(has(text, "| `sound.example:443` | ✅ tight | A+ (100/100) |"));
}

TEST_CASE("findings of one rule share their mend") {
  const std::string text = markdown(sample::crowd(60));
  CHECK(
      has(text, "<summary><code>cleartext-accepted</code>: DynamoDB requests are answered without TLS (6)</summary>"));
  CHECK(count(text, "1. Start the server with TLS") == 1);
}

TEST_CASE("code of a step is a block under it") {
  Results results = sample::leaking();
  results.findings[0].remediation.steps = {"Listen on TLS:\nserver {\n  listen 443 ssl;\n}"};
  CHECK(has(markdown(results), "1. Listen on TLS:\n\n   ```\n   server {\n     listen 443 ssl;\n   }\n   ```\n"));
}

TEST_CASE("suppressed findings are named with their reasons") {
  const std::string text = markdown(sample::suppressed());
  CHECK(text.starts_with("## ✅ wiretight: TIGHT"));
  CHECK(has(text, "<summary>Suppressed: 1</summary>"));
  CHECK(has(text, "| critical | `cleartext-accepted` | `db.example:8000` | configuration | a test bench |"));
}

TEST_CASE("never longer than GitHub takes, and what is left out is counted") {
  Results results = sample::crowd(20000);
  results.suppressed = results.findings;
  const std::string text = markdown(results);
  CHECK(text.size() <= most_markdown);
  CHECK(is_utf8(text));
  CHECK(text.starts_with("## ⚠️ wiretight: INCOMPLETE"));
  CHECK(has(text, " lines left out here for want of room."));
  CHECK(has(text, " findings left out here for want of room."));
  CHECK(has(text, "1 rule left out here for want of room."));
  CHECK(has(text, " targets left out here for want of room."));
  CHECK(has(text, " suppressed findings left out here for want of room."));
  CHECK(has(text, "<sub>wiretight 0.1.0, rules aaaaaaaaaaaa, 2026-11-24T03:03:52Z</sub>"));
  CHECK(count(text, "<details>") == count(text, "</details>"));
  for (const std::size_t most : {3000U, 5000U, 10000U, 20000U}) CHECK(markdown(results, most).size() <= most);
}

TEST_CASE("foreign text brings in no markup") {
  const std::string whole = markdown(sample::hostile());
  CHECK(!has(whole.substr(whole.find("<summary>"), whole.find("</summary>") - whole.find("<summary>")), "<script"));
  const std::string text = outside_code(whole);
  for (const std::string markup : {"<script", "<!-- <", "@team", "#1 ", "](http", " www.evil", "https://user"}) {
    CHECK_MESSAGE(!has(text, markup), markup);
  }
  CHECK(count(whole, "<details>") == count(whole, "</details>"));
  const std::size_t row = whole.find("| **high**");
  REQUIRE(row != std::string::npos);
  CHECK_MESSAGE(count(whole.substr(row, whole.find('\n', row) - row), "|") == 5, "no bar of the text ends a cell");
}
