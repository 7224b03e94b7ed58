#include "app/configuration.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>

#include "core/file.h"

using namespace wiretight;

namespace {

Configuration parse(std::string_view text) {
  auto parsed = parse_configuration(text, "c.yaml");
  if (!parsed) FAIL(parsed.error().where << ": " << parsed.error().what);
  return *parsed;
}

std::string problem_of(std::string_view text) {
  const auto parsed = parse_configuration(text, "c.yaml");
  REQUIRE_FALSE(parsed);
  return parsed.error().where + ": " + parsed.error().what;
}

}  // namespace

TEST_CASE("everything that can be configured") {
  const Configuration out = parse(R"(# ours
category: [cleartext, certificate]
severity: low
fail-on-severity: none
require-pq: true
residency: eu-*, us-east-1
timeout: 2.5
rate: 20
jobs: 3
)");
  CHECK(out.categories == std::vector{Category::cleartext, Category::certificate});
  CHECK(out.least == Severity::low);
  REQUIRE(out.fail_on);
  CHECK_FALSE(*out.fail_on);
  CHECK(out.require_post_quantum == true);
  CHECK(out.residency == std::vector<std::string>{"eu-*", "us-east-1"});
  CHECK(out.timeout == std::chrono::milliseconds(2500));
  CHECK(out.rate == 20.0);
  CHECK(out.jobs == 3);
}

TEST_CASE("nothing is configured by an empty text, a comment or null") {
  for (const std::string_view text : {"", "# only\n", "---\n", "null\n", "{}\n"}) {
    const Configuration out = parse(text);
    CHECK_FALSE(out.categories);
    CHECK_FALSE(out.least);
    CHECK(out.allowances.empty());
  }
  // The category that stands for all of them is the empty list.
  CHECK(parse("category: TLS").categories == std::vector<Category>{});
}

TEST_CASE("problems name the line, and the key that may have been meant") {
  CHECK(problem_of("severity: low\nignroe: x\n") == "c.yaml:2: unknown key 'ignroe': did you mean 'ignore'?");
  CHECK(problem_of("zzz: 1").starts_with("c.yaml:1: unknown key 'zzz': there are category, rules"));
  CHECK(problem_of("\nseverity: enormous\n").starts_with("c.yaml:2: severity: 'enormous' is no severity"));
  CHECK(problem_of("rate: -3") == "c.yaml:1: rate: '-3' is no number of connections a second between 0.01 and 1000000");
  CHECK(problem_of("jobs: many").starts_with("c.yaml:1: jobs: 'many' is no whole number"));
  CHECK(problem_of("require-pq: maybe") == "c.yaml:1: 'require-pq' wants true or false");
  CHECK(problem_of("severity: [low]") == "c.yaml:1: 'severity' wants one value");
  CHECK(problem_of("ignore:\n  a: b\n") == "c.yaml:2: 'ignore' wants a list");
  CHECK(problem_of("- a\n") == "c.yaml:1: the configuration wants 'name: value' lines");
  CHECK(problem_of("ignore: [unclosed\n").starts_with("c.yaml:"));
  CHECK(problem_of("severity: low\nseverity: high\n").starts_with("c.yaml:2"));
  CHECK(problem_of("severity: low\n---\nseverity: high\n") == "c.yaml: has more than one document");
  CHECK(problem_of("rules: no-such-rule").starts_with("c.yaml:1: rules: there is no rule"));
}

TEST_CASE("an allowance says why") {
  CHECK(problem_of("allow: yes please") == "c.yaml:1: 'allow' wants a list");
  CHECK(problem_of("allow:\n  - where: db\n    reason: x\n").ends_with("wants a 'rule'"));
  CHECK(problem_of("allow:\n  - reson: x\n") == "c.yaml:2: unknown key 'reson': did you mean 'reason'?");
  CHECK(problem_of("allow:\n  - until: soon\n").find("a date such as") != std::string::npos);
}

TEST_CASE("the nearest configuration upwards is found, and a named one wins") {
  std::string folder = "/tmp/wiretight-configuration-test-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string deep = folder + "/a/b";
  std::filesystem::create_directories(deep);
  CHECK_FALSE(load_configuration(std::nullopt, deep)->jobs);
  REQUIRE(write_file(folder + "/.wiretight.yaml", "jobs: 2\n"));
  CHECK(load_configuration(std::nullopt, deep)->jobs == 2);
  REQUIRE(write_file(folder + "/a/.wiretight.yaml", "jobs: 3\n"));
  CHECK(load_configuration(std::nullopt, deep)->jobs == 3);
  REQUIRE(write_file(folder + "/other.yaml", "jobs: 4\n"));
  CHECK(load_configuration(folder + "/other.yaml", deep)->jobs == 4);
  CHECK(load_configuration(folder + "/absent.yaml", deep).error().where == folder + "/absent.yaml");
  REQUIRE(write_file(folder + "/a/.wiretight.yaml", "jobs: [\n"));
  CHECK(load_configuration(std::nullopt, deep).error().where.starts_with(folder + "/a/.wiretight.yaml:"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("rules and allowances, as the catalogue knows them") {
  const Configuration out = parse(R"(
rules: cleartext-accepted, cipher-null
ignore: [known-tls-vulnerability/robot]
allow:
  - rule: cleartext-accepted
    where: ["*.internal:8000", localhost]
    reason: a test bench
    until: 2027-01-31
  - {rule: cipher-null, reason: " measured ", where: db.example}
)");
  REQUIRE(out.rules);
  CHECK(out.rules->size() == 2);
  REQUIRE(out.ignored.size() == 1);
  CHECK(out.ignored[0].rule == "known-tls-vulnerability");
  CHECK(out.ignored[0].detector == "robot");
  REQUIRE(out.allowances.size() == 2);
  CHECK(out.allowances[0].where == std::vector<std::string>{"*.internal:8000", "localhost"});
  CHECK(out.allowances[0].until == 1801353600);
  CHECK(out.allowances[1].reason == "measured");
  CHECK_FALSE(out.allowances[1].until);

  CHECK(problem_of("allow:\n  - rule: cipher-null\n") ==
        "c.yaml:2: an entry of 'allow' wants a 'reason': why is it accepted?");
  CHECK(problem_of("allow:\n  - rule: cipher-null\n    reason: '  '\n").ends_with("why is it accepted?"));
}
