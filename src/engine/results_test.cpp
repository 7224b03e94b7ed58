#include "engine/results.h"

#include <doctest/doctest.h>

using namespace wiretight;

namespace {

TargetResult target(TargetStatus status, int score) {
  return {.target = "t", .status = status, .grade = Grade{.score = score, .letter = "?"}};
}

Results concluded(std::vector<TargetResult> targets, std::vector<Severity> found = {}) {
  Results out;
  out.targets = std::move(targets);
  for (const Severity severity : found) out.findings.push_back({.severity = severity});
  conclude(out);
  return out;
}

}  // namespace

TEST_CASE("the verdict: incomplete before leaking before tight") {
  CHECK(concluded({target(TargetStatus::complete, 100)}).verdict == Verdict::tight);
  CHECK(concluded({target(TargetStatus::complete, 100)}, {Severity::info}).verdict == Verdict::tight);
  CHECK(concluded({target(TargetStatus::complete, 97)}, {Severity::info, Severity::low}).verdict == Verdict::leaking);
  CHECK(concluded({target(TargetStatus::complete, 100), target(TargetStatus::partial, 100)}).verdict ==
        Verdict::incomplete);
  CHECK(concluded({target(TargetStatus::failed, 0)}, {Severity::critical}).verdict == Verdict::incomplete);
  CHECK(concluded({}).verdict == Verdict::incomplete);
}

TEST_CASE("the grade is that of the worst target, and what is incomplete has none") {
  const Results whole = concluded({target(TargetStatus::complete, 90), target(TargetStatus::complete, 75)});
  REQUIRE(whole.grade);
  CHECK(whole.grade->score == 75);
  const Results part = concluded({target(TargetStatus::complete, 90), target(TargetStatus::partial, 75)});
  CHECK_FALSE(part.grade);
  CHECK(part.targets[0].grade);
  CHECK_FALSE(part.targets[1].grade);
}

TEST_CASE("what was streamed counts as what was kept") {
  Results results;
  results.streamed.targets = {2, 0, 0};
  results.grade = Grade{.score = 62, .letter = "D"};
  conclude(results);
  CHECK(results.verdict == Verdict::tight);
  REQUIRE(results.grade);
  CHECK(results.grade->score == 62);

  results.streamed.findings = {0, 0, 0, 1, 0};
  conclude(results);
  CHECK(results.verdict == Verdict::leaking);
  CHECK(exit_code_of(results, Severity::high) == 1);

  results.streamed.targets = {2, 1, 0};
  conclude(results);
  CHECK(results.verdict == Verdict::incomplete);
  CHECK_FALSE(results.grade);
  CHECK(exit_code_of(results, Severity::high) == 3);
}

TEST_CASE("how the program ends") {
  const std::vector<TargetResult> complete = {target(TargetStatus::complete, 75)};
  CHECK(exit_code_of(concluded(complete), Severity::info) == 0);
  CHECK(exit_code_of(concluded(complete, {Severity::medium}), Severity::high) == 0);
  CHECK(exit_code_of(concluded(complete, {Severity::medium, Severity::high}), Severity::high) == 1);
  CHECK(exit_code_of(concluded(complete, {Severity::critical}), Severity::high) == 1);
  CHECK(exit_code_of(concluded(complete, {Severity::critical}), std::nullopt) == 0);
  CHECK(exit_code_of(concluded({target(TargetStatus::failed, 0)}, {Severity::critical}), std::nullopt) == 3);
}

TEST_CASE("what is not reported counts for the verdict and the exit code, not for the summary") {
  std::vector<TargetResult> targets = {target(TargetStatus::complete, 60), target(TargetStatus::complete, 90)};
  targets[1].unreported.at(static_cast<std::size_t>(Severity::high)) = 2;
  Results results = concluded(targets);
  CHECK(results.verdict == Verdict::leaking);
  CHECK(worst_counted(results.summary()) == std::nullopt);
  CHECK(worst_counted(results.unreported()) == Severity::high);
  CHECK(exit_code_of(results, Severity::high) == 1);
  CHECK(exit_code_of(results, Severity::critical) == 0);
  results.streamed.unreported = results.unreported();
  results.streamed.targets = {2, 0, 0};
  results.targets.clear();
  conclude(results);
  CHECK(results.verdict == Verdict::leaking);
}

TEST_CASE("words there and back") {
  CHECK(to_text(TargetKind::flowlog) == "flowlog");
  CHECK(target_kind_from("capture") == TargetKind::capture);
  CHECK_FALSE(target_kind_from("socket"));
  CHECK(to_text(TargetStatus::partial) == "partial");
  CHECK(to_text(Verdict::incomplete) == "incomplete");
}
