#include "engine/grade.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>
#include <utility>

namespace wiretight {
namespace {

// What all findings of one rule come to. The worst of them counts, and once: a server that takes thirteen CBC suites
// has one thing to mend, and its grade is not thirteen times worse than that of a server that takes one.
struct OfRule {
  Severity worst = Severity::info;
  int points = 0;
  std::optional<int> cap = {};
  int findings = 0;
  std::string title = {};
  std::string target = {};
};

// A critical finding is a matter of the cap that its page gives it. Where the page gives none it takes all.
int points_of(const Finding& finding) {
  switch (finding.severity) {
    case Severity::info:
      return 0;
    case Severity::low:
      return -3;
    case Severity::medium:
      return -10;
    case Severity::high:
      return -25;
    case Severity::critical:
      return finding.cap ? -25 : -100;
  }
  return 0;
}

void take(OfRule& rule, const Finding& finding) {
  // Of equals the first by its words, so that the order of the findings does not matter.
  if (rule.findings == 0 || std::tie(finding.severity, rule.title) > std::tie(rule.worst, finding.title))
    rule.title = finding.title;
  rule.worst = std::max(rule.worst, finding.severity);
  rule.points = std::min(rule.points, points_of(finding));
  if (finding.cap) rule.cap = std::min(*finding.cap, rule.cap.value_or(*finding.cap));
  if (rule.findings == 0 || finding.target < rule.target) rule.target = finding.target;
  ++rule.findings;
}

std::string reason_of(const OfRule& rule) {
  std::string out = fmt::format("{}: {}", to_text(rule.worst), rule.title);
  if (rule.findings > 1) out += fmt::format(" ({} findings, taken off once)", rule.findings);
  return out;
}

}  // namespace

Grade grade(std::span<const Finding* const> findings) {
  std::map<std::string_view, OfRule> rules;
  for (const Finding* finding : findings) take(rules[finding->rule], *finding);

  int left = 100;
  int cap = 100;
  Grade out;
  for (const auto& [name, rule] : rules) {
    if (rule.points == 0 && !rule.cap) continue;
    left += rule.points;
    cap = std::min(cap, rule.cap.value_or(cap));
    out.lines.push_back({.target = rule.target,
                         .rule = std::string(name),
                         .points = rule.points,
                         .cap = rule.cap,
                         .reason = reason_of(rule)});
  }
  left = std::max(left, 0);
  cap = std::max(cap, 0);
  out.score = std::min(left, cap);
  out.letter = letter_of(out.score);

  std::ranges::sort(out.lines, {}, [](const GradeLine& line) {
    return std::make_tuple(line.cap.value_or(101), line.points, std::string_view(line.rule));
  });
  // What the limit hides is said beside it: how the rest is set up.
  if (cap < left) out.lines.front().reason += fmt::format("; limits aside the score would be {}", left);
  return out;
}

// One finding of medium severity takes ten points, so none has an A+.
std::string_view letter_of(int score) {
  if (score >= 97) return "A+";
  if (score >= 90) return "A";
  if (score >= 80) return "B";
  if (score >= 70) return "C";
  if (score >= 60) return "D";
  return "F";
}

void fold_worst(std::optional<Grade>& worst, const Grade& of_target) {
  const auto key = [](const Grade& one) {
    return std::make_pair(one.score, one.lines.empty() ? std::string_view() : std::string_view(one.lines[0].target));
  };
  if (!worst || key(of_target) < key(*worst)) worst = of_target;
}

}  // namespace wiretight
