#include "engine/ask.h"

#include <doctest/doctest.h>

#include "engine/catalogue.h"

using namespace wiretight;

namespace {

const std::vector<Weakness> known = {
    {.name = "cleartext-accepted", .detectors = {"tls-probe", "opossum"}},
    {.name = "known-tls-vulnerability", .detectors = {"heartbleed", "robot"}},
};

Problem problem_of(std::string_view text) {
  const auto name = parse_rule_name(text, known);
  return name ? Problem() : name.error();
}

}  // namespace

TEST_CASE("a rule, and a rule with its detector") {
  const auto rule = parse_rule_name("cleartext-accepted", known);
  REQUIRE(rule);
  CHECK(rule->rule == "cleartext-accepted");
  CHECK(rule->detector.empty());
  const auto detector = parse_rule_name("known-tls-vulnerability/robot", known);
  REQUIRE(detector);
  CHECK(detector->detector == "robot");
  CHECK(rule->covers({.rule = "cleartext-accepted", .detector = "opossum"}));
  CHECK_FALSE(detector->covers({.rule = "known-tls-vulnerability", .detector = "heartbleed"}));
}

TEST_CASE("a name that is not there is told, with the nearest one") {
  CHECK(problem_of("cleartext-acepted").what ==
        "there is no rule \"cleartext-acepted\"; did you mean \"cleartext-accepted\"?");
  CHECK(problem_of("cleartext-acepted").where == "cleartext-acepted");
  CHECK(problem_of("quite-different").what == "there is no rule \"quite-different\"");
  CHECK(problem_of("").what == "there is no rule \"\"");
  CHECK(problem_of("known-tls-vulnerability/heartbled").what ==
        "the rule known-tls-vulnerability has no detector \"heartbled\"; did you mean \"heartbleed\"?");
  CHECK(problem_of("cleartext-accepted/").what == "the rule cleartext-accepted has no detector \"\"");
  CHECK(problem_of("\x1b[2Jx").what == "there is no rule \"[2Jx\"");
}

TEST_CASE("the program's own rules are known by their names") {
  for (const Weakness& weakness : catalogue()) {
    CHECK(parse_rule_name(weakness.name));
    for (const std::string& detector : weakness.detectors) CHECK(parse_rule_name(weakness.name + "/" + detector));
  }
}
