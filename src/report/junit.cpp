#include "report/junit.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "report/clean.h"
#include "report/words.h"

// The elements and attributes that both Jenkins (junit-10.xsd of its xunit plugin) and GitLab (unit test reports) read.

namespace wiretight::report {
namespace {

// For content and attribute values. `clean` has already taken out what XML 1.0 cannot hold. A newline in an attribute
// would be read as a blank.
std::string escaped(std::string_view text, std::string_view newline = "&#10;") {
  std::string out;
  for (const char c : clean(text, true)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += newline;
        break;
      default:
        out += c;
    }
  }
  return out;
}

struct Suite {
  std::string cases = {};
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
};

struct Of {
  std::vector<const Finding*> findings = {};
  std::vector<const Finding*> suppressed = {};
};

void add_case(Suite& suite, std::string_view target, std::string_view name, const std::string& inner) {
  ++suite.tests;
  suite.cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">{}</testcase>\n", escaped(target),
                             escaped(name), inner);
}

// "cipher-null at db.example:443 (TLS_RSA_WITH_NULL_MD5)": what a pipeline recognises a case by from run to run.
std::string name_of(const Finding& finding) {
  std::string out = rule_text(finding);
  const std::string place = to_text(finding.location);
  if (!place.empty()) out += " at " + place;
  if (!finding.identity.empty()) out += fmt::format(" ({})", finding.identity);
  return out;
}

std::string story_of(const Finding& finding) {
  std::vector<std::string> lines = {finding.message};
  for (const Step& step : finding.trace) lines.push_back(fmt::format("from {}: {}", to_text(step.place), step.message));
  lines.push_back(fmt::format("severity: {}, confidence: {}", to_text(finding.severity), to_text(finding.confidence)));
  if (!finding.cwe.empty()) lines.push_back(join(finding.cwe, ", "));
  if (!finding.remediation.summary.empty()) lines.push_back("mend: " + finding.remediation.summary);
  for (const std::string& step : finding.remediation.steps) lines.push_back("- " + step);
  return escaped(join(lines, "\n"), "\n");
}

void add_finding(Suite& suite, const Finding& finding, std::optional<Severity> fail_on) {
  if (fail_on && finding.severity >= *fail_on) {
    ++suite.failures;
    add_case(suite, finding.target, name_of(finding),
             fmt::format("<failure message=\"{}\" type=\"{}\">{}</failure>", escaped(finding.message),
                         to_text(finding.severity), story_of(finding)));
  } else {
    add_case(suite, finding.target, name_of(finding), fmt::format("<system-out>{}</system-out>", story_of(finding)));
  }
}

void add_suppressed(Suite& suite, const Finding& finding) {
  const Suppression why = finding.suppressed.value_or(Suppression{});
  ++suite.skipped;
  add_case(suite, finding.target, name_of(finding),
           fmt::format("<skipped message=\"{}\"/>", escaped(fmt::format("suppressed by {}{}{}", why.by,
                                                                        why.reason.empty() ? "" : ": ", why.reason))));
}

// A case of its own says whether the target was assessed, so that no suite is empty, and silence is no pass.
void add_assessment(Suite& suite, const TargetResult& target) {
  std::vector<Gap> problems = target.problems;
  if (problems.empty() && target.status != TargetStatus::complete) {
    problems.push_back({.target = target.target, .message = "could not be assessed; no reason was given"});
  }
  if (problems.empty()) {
    const std::string looked_at = escaped(join(target.looked_at, "\n"), "\n");
    add_case(suite, target.target, "assessed",
             looked_at.empty() ? "" : fmt::format("<system-out>{}</system-out>", looked_at));
  }
  std::map<std::string, int> seen;
  for (const Gap& gap : problems) {
    ++suite.errors;
    std::string name = gap.place.empty() ? "assessed" : "assessed: " + gap.place;
    if (const int before = seen[name]++; before > 0) name += fmt::format(" ({})", before + 1);
    add_case(suite, target.target, name,
             fmt::format("<error message=\"{}\" type=\"incomplete\"/>", escaped(gap.message)));
  }
}

// Jenkins reads "0.340".
std::string seconds_text(std::int64_t milliseconds) {
  return fmt::format("{:.3f}", static_cast<double>(std::max<std::int64_t>(milliseconds, 0)) / 1000);
}

}  // namespace

std::string junit(const Results& results, std::optional<Severity> fail_on) {
  std::map<std::string_view, Of> of;
  for (const Finding& finding : results.findings) of[finding.target].findings.push_back(&finding);
  for (const Finding& finding : results.suppressed) of[finding.target].suppressed.push_back(&finding);
  const std::string timestamp = rfc3339(results.started_at / 1000).substr(0, 19);
  Suite all;
  std::string suites;
  for (const TargetResult& target : results.targets) {
    Suite suite;
    add_assessment(suite, target);
    for (const Finding* finding : of[target.target].findings) add_finding(suite, *finding, fail_on);
    for (const Finding* finding : of[target.target].suppressed) add_suppressed(suite, *finding);
    const Json* took = target.statistics.find("milliseconds");
    const std::int64_t milliseconds = took != nullptr && took->integer() != nullptr ? *took->integer() : 0;
    suites += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\" "
        "timestamp=\"{}\">\n{}  </testsuite>\n",
        escaped(target.target), suite.tests, suite.failures, suite.errors, suite.skipped, seconds_text(milliseconds),
        timestamp, suite.cases);
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.errors += suite.errors;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"wiretight\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n{}</testsuites>\n",
      all.tests, all.failures, all.errors, seconds_text(results.duration_ms), suites);
}

}  // namespace wiretight::report
