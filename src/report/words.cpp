#include "report/words.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <vector>

#include "report/clean.h"

namespace wiretight::report {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string counts_text(const Counts& by_severity) {
  std::vector<std::string> parts;
  for (const Severity severity : severities) {
    const int count = by_severity.at(static_cast<std::size_t>(severity));
    if (count > 0) parts.push_back(fmt::format("{} {}", count, to_text(severity)));
  }
  return parts.empty() ? "no findings" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string unreported_text(const Counts& unreported) { return counts_text(unreported) + " not shown"; }

std::string grade_text(const Grade& grade) { return fmt::format("{} ({}/100)", grade.letter, grade.score); }

std::string duration_text(std::int64_t milliseconds) {
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  if (milliseconds < 60000) return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
  return fmt::format("{} min {} s", milliseconds / 60000, milliseconds / 1000 % 60);
}

std::string rule_text(const Finding& finding) {
  const bool general = finding.detector.empty() || finding.detector == "tls-probe";
  return clean(general ? finding.rule : finding.rule + "/" + finding.detector);
}

const Finding* worst_of(std::span<const Finding> findings) {
  const auto worst = std::ranges::max_element(findings, {}, &Finding::severity);
  return worst == findings.end() ? nullptr : &*worst;
}

std::map<std::string_view, const Finding*> worst_by_target(std::span<const Finding> findings) {
  std::map<std::string_view, const Finding*> out;
  for (const Finding& finding : findings) {
    const Finding*& so_far = out[finding.target];
    if (so_far == nullptr || finding.severity > so_far->severity) so_far = &finding;
  }
  return out;
}

Verdict verdict_of(const TargetResult& target, const Finding* worst) {
  const auto reported = worst == nullptr ? std::nullopt : std::optional(worst->severity);
  return verdict_of(target.status, std::max(reported, worst_counted(target.unreported)));
}

std::string summary_text(const Results& results) {
  const std::array<int, 3>& streamed = results.streamed.targets;
  std::array<int, 3> by_status = streamed;
  for (const TargetResult& target : results.targets) ++by_status.at(static_cast<std::size_t>(target.status));
  const int all = by_status[0] + by_status[1] + by_status[2];
  const int missed = all - by_status[static_cast<std::size_t>(TargetStatus::complete)];
  std::string out = upper(to_text(results.verdict));
  if (results.verdict == Verdict::incomplete) {
    out += ", no grade: ";
    if (results.targets.size() == 1 && all == 1) {
      const TargetResult& only = results.targets.front();
      out += fmt::format("{} could not be {}assessed; ", clean(only.target),
                         only.status == TargetStatus::failed ? "" : "wholly ");
    } else if (all > 0) {
      out += fmt::format("{} of {} targets could not be wholly assessed; ", missed, all);
    }
  } else {
    out += results.grade ? fmt::format(", grade {}: ", grade_text(*results.grade)) : ": ";
  }
  const std::array<int, 5> counts = results.summary();
  const bool none = std::ranges::all_of(counts, [](int count) { return count == 0; });
  out += counts_text(counts) + (results.verdict == Verdict::incomplete ? (none ? " so far" : " found so far") : "");
  const std::size_t suppressed =
      results.suppressed.size() + static_cast<std::size_t>(std::max(results.streamed.suppressed, 0));
  if (worst_counted(results.unreported())) out += fmt::format(" ({})", unreported_text(results.unreported()));
  if (suppressed > 0) out += fmt::format(" ({} suppressed)", suppressed);
  if (results.verdict == Verdict::incomplete) return out + " in " + duration_text(results.duration_ms);
  if (results.targets.size() == 1 && all == 1) {
    out += fmt::format(" at {}", clean(results.targets.front().target));
  } else if (all > 1) {
    out += fmt::format(" at {} targets", all);
  }
  return out + " in " + duration_text(results.duration_ms);
}

}  // namespace wiretight::report
