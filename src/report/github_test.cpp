#include "report/github.h"

#include <doctest/doctest.h>

#include "core/text.h"
#include "report/sample.h"

using namespace wiretight;
using namespace wiretight::report;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  REQUIRE(lines.back().empty());
  lines.pop_back();
  return lines;
}

}  // namespace

TEST_CASE("findings in a file are shown in it, others without a place") {
  const auto lines = lines_of(github(sample::several(), Severity::high));
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] == "::error title=could not be assessed::gone.example:443, 192.0.2.9:443: the connection was refused");
  CHECK(lines[1] ==
        "::error file=src/a b%2Cc%3A%25.py,line=3,endLine=3,col=5,endColumn=61,"
        "title=cleartext-endpoint/boto3::DynamoDB is reached at http://db.example:8000 without TLS.");
  CHECK(lines[2].starts_with("::error title=cleartext-accepted::db.example:8000 answers"));
  CHECK(lines[4].starts_with("::notice title=post-quantum-absent::"));
  CHECK(lines[5].starts_with("wiretight: INCOMPLETE"));
}

TEST_CASE("--fail-on-severity decides what is an error") {
  CHECK(github(sample::leaking(), Severity::critical).find("::warning title=cipher-broken::") != std::string::npos);
  CHECK(github(sample::leaking(), std::nullopt).find("::error") == std::string::npos);
  CHECK(github(sample::leaking(), Severity::info).find("::error title=post-quantum-absent") != std::string::npos);
}

TEST_CASE("a stretch of several lines has no columns, and a whole file no line") {
  Results results = sample::base();
  results.findings = {sample::in_file()};
  results.findings[0].location = FilePlace{.file = "a.py", .line = 3, .column = 5, .end_line = 4, .end_column = 2};
  CHECK(github(results, Severity::high).starts_with("::error file=a.py,line=3,endLine=4,title="));
  results.findings[0].location = FilePlace{.file = "a.py"};
  CHECK(github(results, Severity::high).starts_with("::error file=a.py,title="));
}

TEST_CASE("ten of a kind, and the rest is counted") {
  Results results = sample::base();
  for (int i = 0; i < 13; ++i) results.findings.push_back(sample::cleartext());
  for (int i = 0; i < 11; ++i) results.findings.push_back(sample::no_post_quantum());
  const auto lines = lines_of(github(results, Severity::high));
  CHECK(lines.size() == 21);
  CHECK(lines.back().ends_with("; 4 findings without an annotation, because GitHub shows ten of a kind"));
}

TEST_CASE("many targets that could not be assessed are one annotation") {
  const auto lines = lines_of(github(sample::crowd(60), Severity::high));
  CHECK(lines[0] ==
        "::error title=could not be assessed::host-1.example:8000: the connection was refused (and 5 more)");
  CHECK(lines.size() == 8);
}

TEST_CASE("foreign text cannot begin a command of its own") {
  const auto lines = lines_of(github(sample::hostile(), Severity::high));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("::error title=could not be assessed::"));
  CHECK(lines[1].starts_with("::error file="));
  CHECK(lines[2].starts_with("wiretight: "));
  for (const std::string& line : lines) CHECK(line.find('\r') == std::string::npos);
  // In a property a comma or colon would end it.
  const std::string properties = lines[1].substr(8, lines[1].find("::", 8) - 8);
  CHECK(split(properties, ',').size() == 6);
  CHECK(lines[2].find("##[") == std::string::npos);
}
