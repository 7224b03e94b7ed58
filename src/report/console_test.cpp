#include "report/console.h"

#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>

#include "core/file.h"
#include "core/text.h"
#include "core/utf8.h"
#include "report/sample.h"

using namespace wiretight;
using namespace wiretight::report;

namespace {

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

std::string without_codes(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x1b') {
      out += text[at];
    } else {
      at = text.find('m', at);
    }
  }
  return out;
}

std::size_t widest(const std::string& text) {
  std::size_t columns = 0;
  for (const std::string_view line : split(text, '\n')) columns = std::max(columns, display_width(line));
  return columns;
}

// Compares with a file of tests/golden/console/, or writes it anew when WIRETIGHT_GOLDEN is "update".
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = fmt::format("tests/golden/console/{}.txt", name);
  const char* mode = std::getenv("WIRETIGHT_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "update") {
    std::filesystem::create_directories("tests/golden/console");
    REQUIRE(write_file(path, text).has_value());
  }
  const auto golden = read_file(path, 1 << 20);
  REQUIRE_MESSAGE(golden.has_value(), path);
  CHECK_MESSAGE(text == *golden, path, " differs; WIRETIGHT_GOLDEN=update writes it anew: read the difference");
}

}  // namespace

TEST_CASE("the reports of the samples at several widths") {
  for (const char* sample : {"tight", "leaking", "incomplete", "suppressed", "several"}) {
    for (const int width : {40, 80, 120}) {
      for (const auto& [name, results] : sample::all()) {
        if (name == sample) check_golden(fmt::format("{}-{}", name, width), console(results, {.width = width}));
      }
    }
  }
  check_golden("crowd-80", console(sample::crowd(60), {.width = 80}));
  check_golden("leaking-80-color", console(sample::leaking(), {.color = true, .width = 80}));
  check_golden("everything-100-verbose", console(sample::everything(), {.width = 100, .verbose = true}));
}

TEST_CASE("colour changes nothing but the colour") {
  for (const auto& [name, results] : sample::all()) {
    const std::string plain = console(results, {.width = 80});
    CHECK_MESSAGE(without_codes(console(results, {.color = true, .width = 80})) == plain, name);
    CHECK_MESSAGE(!has(plain, "\x1b"), name);
    CHECK_MESSAGE(is_utf8(plain), name);
  }
}

TEST_CASE("lines keep to the width, but for a long word and the lines that are copied whole") {
  for (const char* sample : {"tight", "leaking", "suppressed"}) {
    for (const auto& [name, results] : sample::all()) {
      if (name != sample) continue;
      const std::string text = console(results, {.width = 90});
      CHECK_MESSAGE(widest(text.substr(0, text.rfind("wiretight: "))) <= 90, name);
    }
  }
}

TEST_CASE("wide characters take their columns") {
  Results results = sample::leaking();
  results.findings[0].message = "日本語の説明 日本語の説明 日本語の説明 日本語の説明 日本語の説明";
  const std::string text = console(results, {.width = 40});
  CHECK(has(text, "            日本語の説明 日本語の説明\n            日本語の説明 日本語の説明\n"));
}

TEST_CASE("the verdict stands in the first line and in the last") {
  const std::string text = console(sample::leaking(), {});
  CHECK(text.starts_with("db.example:443  LEAKING  F (15/100)  1 critical, 1 high, 1 info\n"));
  CHECK(
      text.ends_with("\nwiretight: LEAKING, grade F (15/100): 1 critical, 1 high, 1 info at db.example:443 in 340 "
                     "ms\n"));
}

TEST_CASE("an incomplete assessment has no grade and says what is missing") {
  Results results = sample::incomplete();
  results.grade = Grade{.score = 100, .letter = "A+"};
  results.targets[0].grade = results.grade;
  const std::string text = console(results, {});
  CHECK(!has(text, "A+"));
  CHECK(has(text, "  Could not be assessed\n    192.0.2.9:443: the connection was refused\n"));
  results.targets[0].problems.clear();
  CHECK(has(console(results, {}), "  Could not be assessed\n    no reason was given\n"));
}

TEST_CASE("suppressed findings are counted, and named on demand") {
  CHECK(has(console(sample::suppressed(), {}), "\n  1 critical suppressed (-v shows them)\n"));
  CHECK(has(console(sample::suppressed(), {.verbose = true}),
            "\n  1 critical suppressed:\n    cleartext-accepted db.example:8000 by configuration: a test bench\n"));
}

TEST_CASE("a dull target of many takes one line") {
  const ConsoleStyle style = {.brief = true};
  const TargetResult tight = sample::tight().targets[0];
  const std::vector<Finding> remark = {sample::no_post_quantum()};
  CHECK(target_lines(tight, remark, {}, {}, style) == "db.example:443  TIGHT  A+ (98/100)  1 info\n");
  const std::vector<Finding> suppressed = {sample::cleartext()};
  CHECK(target_lines(tight, {}, suppressed, {}, style) == "db.example:443  TIGHT  A+ (98/100)  (1 suppressed)\n");
  CHECK(target_lines(sample::incomplete().targets[0], {}, {}, {}, style) ==
        "gone.example:443  INCOMPLETE  192.0.2.9:443: the connection was refused\n");
  const std::vector<Finding> bad = {sample::broken_cipher()};
  CHECK(has(target_lines(tight, bad, {}, {}, style), "\n  high      cipher-broken"));
  TargetResult partial = sample::incomplete().targets[0];
  partial.status = TargetStatus::partial;
  partial.problems.push_back({.message = "the second"});
  CHECK_MESSAGE(has(target_lines(partial, {}, {}, {}, style), "the second"), "no gap is left out");
}

TEST_CASE("what is streamed target by target is the report of the whole, less its table") {
  const Results whole = sample::crowd(60);
  const std::string text = console(whole, {.width = 80});
  std::string streamed;
  Results rest = whole;
  for (const TargetResult& target : whole.targets) {
    std::vector<Finding> its;
    for (const Finding& finding : whole.findings) {
      if (finding.target == target.target) its.push_back(finding);
    }
    streamed += target_lines(target, its, {}, {}, {.width = 80, .brief = true});
    for (const Finding& finding : its) ++rest.streamed.findings.at(static_cast<std::size_t>(finding.severity));
    ++rest.streamed.targets.at(static_cast<std::size_t>(target.status));
  }
  rest.targets.clear();
  rest.findings.clear();
  const std::string closing = closing_lines(rest, {.width = 80});
  CHECK(!has(closing, "Target "));
  CHECK(text.ends_with(closing));
  std::string dense = text;
  for (std::string* lines : {&dense, &streamed}) {
    for (std::size_t at = lines->find("\n\n"); at != std::string::npos; at = lines->find("\n\n", at)) {
      lines->erase(at, 1);
    }
  }
  CHECK(dense.starts_with(streamed));
}

TEST_CASE("a table only where there is more to say than a line each") {
  Results results = sample::crowd(10);
  CHECK(has(console(results, {.width = 80}), "\nTarget "));
  results.findings.clear();
  CHECK(!has(console(results, {.width = 80}), "\nTarget "));
  const std::string large = console(sample::crowd(400), {.width = 80});
  CHECK(has(large, "\nand 60 more that are not tight\n320 of 400 targets are tight\n"));
}

TEST_CASE("evidence is short, and whole on demand") {
  Finding finding = sample::broken_cipher();
  Json suites = Json::array();
  for (int i = 0; i < 30; ++i) {
    suites.push(Json::object({{"code", "0x0004"}, {"name", fmt::format("TLS_SUITE_{}", i)}, {"bits", 128}}));
  }
  finding.evidence = Json::object({{"suites", suites}, {"known", Json()}});
  const std::string brief = finding_lines(finding, {.width = 80});
  CHECK(has(brief, "seen  suites=TLS_SUITE_0 TLS_SUITE_1 TLS_SUITE_2 TLS_SUITE_3 (+26)"));
  CHECK(has(brief, "known=unknown"));
  const std::string whole = finding_lines(finding, {.width = 8000, .verbose = true});
  CHECK(has(whole, "(code=0x0004, name=TLS_SUITE_29, bits=128)"));
  finding.evidence = Json::object({{"long", std::string(40, 'a') + " " + std::string(40, 'b') + " " +
                                                std::string(40, 'c') + " " + std::string(40, 'd')}});
  CHECK(has(finding_lines(finding, {.width = 60}), std::string(40, 'c') + " …\n"));
}

TEST_CASE("evidence on the console is what the sentence does not say") {
  Finding finding = sample::broken_cipher();
  finding.message = "It serves the certificate CN=db, which expired on 2018-04-23, to TLSv1.0 and TLSv1.2.";
  finding.evidence = Json::object({{"server", ""},
                                   {"signs", Json::array()},
                                   {"versions", Json::array({"TLSv1.0", "TLSv1.2"})},
                                   {"amazon", false},
                                   {"certificate", Json::object({{"subject", "CN=db"},
                                                                 {"issuer", "CN=db"},
                                                                 {"serial", "0f"},
                                                                 {"notAfter", "2018-04-23T22:23:28Z"},
                                                                 {"sha256", "ab"}})},
                                   {"days", 7}});
  CHECK(has(finding_lines(finding, {.width = 80}), "seen  certificate=(serial=0f), days=7\n"));
  const std::string whole = finding_lines(finding, {.width = 8000, .verbose = true});
  CHECK(has(whole,
            "seen  versions=TLSv1.0 TLSv1.2, amazon=false, certificate=(subject=CN=db, issuer=CN=db, serial=0f, "));
  CHECK_MESSAGE(!has(whole, "server="), "nothing is said by an empty value");
  finding.evidence = Json::object({{"versions", Json::array({"TLSv1.0"})}});
  CHECK(!has(finding_lines(finding, {.width = 80}), "seen"));
  finding.evidence = Json::object({{"signs", Json::array({"the id is long", "the sum is right"})}});
  CHECK(has(finding_lines(finding, {.width = 80}), "seen  signs=the id is long; the sum is right\n"));
}

TEST_CASE("the mend that is shown fits the case, or every server") {
  Finding finding = sample::broken_cipher();
  finding.remediation = {.summary = "Take them out.", .steps = {"Java: set a property."}};
  CHECK(has(finding_lines(finding, {.width = 80}), "mend  Take them out.\n"));
  finding.remediation.fitting = 1;
  CHECK(has(finding_lines(finding, {.width = 80}), "mend  Java: set a property.\n"));
}

TEST_CASE("the code of a step keeps its lines, where it is short or asked for") {
  Finding finding = sample::broken_cipher();
  finding.remediation.fitting = 1;
  finding.remediation.steps = {"Set the suites:\nserver {\n  ssl_ciphers HIGH;\n}"};
  CHECK(has(finding_lines(finding, {.width = 80}),
            "mend  Set the suites:\n                  server {\n                    ssl_ciphers HIGH;\n"));
  finding.remediation.steps[0] += "\na\nb\nc";
  CHECK(has(finding_lines(finding, {.width = 80}), "mend  Set the suites: (-v shows it whole)\n"));
  CHECK(has(finding_lines(finding, {.width = 80, .verbose = true}), "  ssl_ciphers HIGH;\n"));
}

TEST_CASE("the grade is explained line by line") {
  const std::string text = closing_lines(sample::leaking(), {.width = 120});
  CHECK(has(text, "Grade  F (15/100): what takes points off 100\n"));
  CHECK(has(text, "  -60, at most 20  cleartext-accepted  what crosses without TLS can be read"));
  CHECK(has(text, "  -25              cipher-broken       RC4 and 3DES\n"));
  CHECK(has(closing_lines(sample::suppressed(), {}), "Grade  A+ (100/100): nothing takes points off\n"));
}

TEST_CASE("quiet is nothing at all") {
  const ConsoleStyle quiet = {.quiet = true};
  CHECK(console(sample::leaking(), quiet).empty());
  CHECK(finding_lines(sample::cleartext(), quiet).empty());
}
