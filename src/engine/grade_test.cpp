#include "engine/grade.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace wiretight;

namespace {

Finding finding(std::string rule, Severity severity, std::optional<int> cap = {}) {
  return {.rule = rule, .severity = severity, .title = "What " + rule + " is", .target = "db.example", .cap = cap};
}

Grade grade_of(const std::vector<Finding>& findings) {
  std::vector<const Finding*> pointers;
  for (const Finding& one : findings) pointers.push_back(&one);
  return grade(pointers);
}

std::string described(const Grade& grade) {
  std::string out = grade.letter + " " + std::to_string(grade.score) + "\n";
  for (const GradeLine& line : grade.lines)
    out += line.rule + " " + std::to_string(line.points) + (line.cap ? " cap " + std::to_string(*line.cap) : "") +
           " | " + line.reason + "\n";
  return out;
}

rc::Gen<Finding> any_finding() {
  return rc::gen::exec([] {
    const auto severity =
        *rc::gen::element(Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical);
    const bool capped = *rc::gen::arbitrary<bool>();
    Finding out = finding(*rc::gen::element<std::string>("a", "b", "c", "d", "e"), severity);
    out.title = *rc::gen::element<std::string>("x", "y", "z");
    if (capped) out.cap = *rc::gen::inRange(0, 101);
    return out;
  });
}

}  // namespace

TEST_CASE("each severity takes off what it is said to") {
  CHECK(described(grade_of({})) == "A+ 100\n");
  CHECK(described(grade_of({finding("post-quantum-absent", Severity::info)})) == "A+ 100\n");
  CHECK(described(
            grade_of({finding("a", Severity::low), finding("b", Severity::medium), finding("c", Severity::high)})) ==
        "D 62\n"
        "c -25 | high: What c is\n"
        "b -10 | medium: What b is\n"
        "a -3 | low: What a is\n");
  // Asked for with --require-pq.
  CHECK(grade_of({finding("post-quantum-absent", Severity::high)}).score == 75);
}

TEST_CASE("a critical finding is held by its cap, and without one takes all") {
  CHECK(described(grade_of({finding("a", Severity::critical, 0)})) ==
        "F 0\na -25 cap 0 | critical: What a is; limits aside the score would be 75\n");
  CHECK(described(grade_of({finding("a", Severity::critical)})) == "F 0\na -100 | critical: What a is\n");
}

TEST_CASE("the lowest cap wins, and what it hides is said") {
  CHECK(described(grade_of({finding("a", Severity::medium, 79), finding("b", Severity::high, 59),
                            finding("c", Severity::info, 94)})) ==
        "F 59\n"
        "b -25 cap 59 | high: What b is; limits aside the score would be 65\n"
        "a -10 cap 79 | medium: What a is\n"
        "c 0 cap 94 | info: What c is\n");
  // A cap that the deductions undercut limits nothing.
  CHECK(described(grade_of({finding("a", Severity::high, 94)})) == "C 75\na -25 cap 94 | high: What a is\n");
}

TEST_CASE("many findings of one rule are taken off once, at the worst of them") {
  CHECK(described(grade_of({finding("a", Severity::low), finding("a", Severity::high), finding("a", Severity::low)})) ==
        "C 75\na -25 | high: What a is (3 findings, taken off once)\n");
}

TEST_CASE("letters") {
  CHECK(letter_of(100) == "A+");
  CHECK(letter_of(97) == "A+");
  CHECK(letter_of(96) == "A");
  CHECK(letter_of(90) == "A");
  CHECK(letter_of(89) == "B");
  CHECK(letter_of(80) == "B");
  CHECK(letter_of(79) == "C");
  CHECK(letter_of(70) == "C");
  CHECK(letter_of(69) == "D");
  CHECK(letter_of(60) == "D");
  CHECK(letter_of(59) == "F");
  CHECK(letter_of(0) == "F");
}

TEST_CASE("any findings: the score is bounded, and one more or a worse one never raises it") {
  CHECK(rc::check([](int) {
    auto findings = *rc::gen::container<std::vector<Finding>>(any_finding());
    const Grade before = grade_of(findings);
    RC_ASSERT(before.score >= 0);
    RC_ASSERT(before.score <= 100);
    RC_ASSERT(before.letter == letter_of(before.score));
    const bool some =
        std::ranges::any_of(findings, [](const Finding& one) { return one.severity >= Severity::medium; });
    RC_ASSERT(!some || before.letter != "A+");
    if (!findings.empty()) {
      std::vector<Finding> worse = findings;
      Finding& one = worse.at(*rc::gen::inRange<std::size_t>(0, worse.size()));
      one.severity = std::max(one.severity, (*any_finding()).severity);
      RC_ASSERT(grade_of(worse).score <= before.score);
    }
    findings.push_back(*any_finding());
    RC_ASSERT(grade_of(findings).score <= before.score);
  }));
}

TEST_CASE("any findings: their order does not matter, and the lines add up") {
  CHECK(rc::check([] {
    auto findings = *rc::gen::container<std::vector<Finding>>(any_finding());
    const Grade first = grade_of(findings);
    std::ranges::reverse(findings);
    RC_ASSERT(described(grade_of(findings)) == described(first));
    if (findings.size() > 1)
      std::ranges::rotate(findings, findings.begin() + *rc::gen::inRange(1L, static_cast<long>(findings.size())));
    RC_ASSERT(described(grade_of(findings)) == described(first));
    int left = 100, cap = 100;
    for (const GradeLine& line : first.lines) {
      left += line.points;
      cap = std::min(cap, line.cap.value_or(100));
    }
    RC_ASSERT(first.score == std::max(0, std::min(left, cap)));
  }));
}

TEST_CASE("any scores: a higher one never has a worse letter") {
  const std::vector<std::string_view> best_first = {"A+", "A", "B", "C", "D", "F"};
  for (int score = 1; score <= 100; ++score)
    CHECK(std::ranges::find(best_first, letter_of(score)) <= std::ranges::find(best_first, letter_of(score - 1)));
}

TEST_CASE("the grade of a scan is that of its worst target, whichever comes first") {
  Finding other = finding("a", Severity::high);
  other.target = "a.example";
  const Grade good = grade_of({}), bad = grade_of({finding("a", Severity::high)}), same = grade_of({other});
  std::optional<Grade> one, two;
  for (const Grade* each : {&good, &bad, &same}) fold_worst(one, *each);
  for (const Grade* each : {&same, &good, &bad}) fold_worst(two, *each);
  CHECK(one->score == 75);
  CHECK(one->lines.at(0).target == "a.example");
  CHECK(two->lines.at(0).target == "a.example");
}
