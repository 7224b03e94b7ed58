#include "report/words.h"

#include <doctest/doctest.h>

#include "report/sample.h"

using namespace wiretight;
using namespace wiretight::report;

TEST_CASE("numbers of findings") {
  CHECK(counts_text({}) == "no findings");
  CHECK(counts_text({1, 0, 2, 0, 3}) == "3 critical, 2 medium, 1 info");
}

TEST_CASE("durations") {
  CHECK(duration_text(0) == "0 ms");
  CHECK(duration_text(999) == "999 ms");
  CHECK(duration_text(2400) == "2.4 s");
  CHECK(duration_text(185000) == "3 min 5 s");
}

TEST_CASE("the detector is named where it says more than the rule") {
  Finding finding = sample::cleartext();
  CHECK(rule_text(finding) == "cleartext-accepted");
  finding.detector = "heartbleed";
  CHECK(rule_text(finding) == "cleartext-accepted/heartbleed");
}

TEST_CASE("the worst finding") {
  const Results several = sample::several();
  CHECK(worst_of({}) == nullptr);
  REQUIRE(worst_of(several.findings) != nullptr);
  CHECK(worst_of(several.findings)->rule == "cleartext-endpoint");
  const auto worst = worst_by_target(several.findings);
  CHECK(worst.size() == 2);
  CHECK(worst.at("db.example:443")->rule == "cleartext-accepted");
}

TEST_CASE("a target that was not wholly seen is never tight") {
  CHECK(verdict_of(sample::target("x", TargetStatus::partial), nullptr) == Verdict::incomplete);
  const Finding remark = sample::no_post_quantum();
  CHECK(verdict_of(sample::target("x"), &remark) == Verdict::tight);
  const Finding bad = sample::broken_cipher();
  CHECK(verdict_of(sample::target("x"), &bad) == Verdict::leaking);
}

TEST_CASE("the summary in one line") {
  CHECK(summary_text(sample::leaking()) ==
        "LEAKING, grade F (15/100): 1 critical, 1 high, 1 info at db.example:443 in 340 ms");
  CHECK(summary_text(sample::suppressed()) ==
        "TIGHT, grade A+ (100/100): no findings (1 suppressed) at http://db.example:8000 in 340 ms");
  CHECK(summary_text(sample::incomplete()) ==
        "INCOMPLETE, no grade: gone.example:443 could not be assessed; no findings so far in 340 ms");
  CHECK(summary_text(sample::several()) ==
        "INCOMPLETE, no grade: 1 of 4 targets could not be wholly assessed; 2 critical, 1 high, 1 info found so far in "
        "340 ms");
  Results partial = sample::incomplete();
  partial.targets[0].status = TargetStatus::partial;
  CHECK(summary_text(partial).find("gone.example:443 could not be wholly assessed") != std::string::npos);
}

TEST_CASE("what was streamed is counted in the summary") {
  Results results = sample::base();
  results.verdict = Verdict::incomplete;
  results.streamed = {.findings = {0, 0, 0, 2, 1}, .targets = {7, 1, 2}, .suppressed = 4};
  CHECK(summary_text(results) ==
        "INCOMPLETE, no grade: 3 of 10 targets could not be wholly assessed; 1 critical, 2 high found so far (4 "
        "suppressed) in 340 ms");
}
