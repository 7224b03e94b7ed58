#include "report/console.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <vector>

#include "report/clean.h"
#include "report/console_parts.h"
#include "report/ink.h"
#include "report/words.h"

namespace wiretight::report {
namespace {

constexpr std::size_t section_column = 2;
constexpr std::size_t line_column = 4;

std::string line(std::string_view text, const ConsoleStyle& style) {
  return hang(spaces(line_column), line_column, text, columns_of(style));
}

std::string section(Ink ink, std::string_view title, const ConsoleStyle& style) {
  return "\n" + spaces(section_column) + paint(ink, title, style.color) + "\n";
}

std::string counts_of(std::span<const Finding> findings) {
  std::array<int, 5> counts = {};
  for (const Finding& finding : findings) ++counts.at(static_cast<std::size_t>(finding.severity));
  return counts_text(counts);
}

std::string heading(const TargetResult& target, std::span<const Finding> findings, const ConsoleStyle& style) {
  const Verdict verdict = verdict_of(target, worst_of(findings));
  std::string out = paint(Ink::strong, clean(target.target), style.color) + "  " +
                    paint(ink_of(verdict), upper(to_text(verdict)), style.color);
  if (verdict != Verdict::incomplete && target.grade) out += "  " + grade_text(*target.grade);
  if (!findings.empty()) out += "  " + counts_of(findings);
  if (worst_counted(target.unreported)) out += fmt::format("  ({})", unreported_text(target.unreported));
  return out;
}

std::string problem_text(const Gap& gap) {
  const std::string place = clean(gap.place);
  return place.empty() ? clean(gap.message) : place + ": " + clean(gap.message);
}

std::string problem_lines(const TargetResult& target, const ConsoleStyle& style) {
  if (target.status == TargetStatus::complete && target.problems.empty()) return {};
  std::string out = section(Ink::unsure, "Could not be assessed", style);
  for (const Gap& gap : target.problems) out += line(problem_text(gap), style);
  if (target.problems.empty()) out += line("no reason was given", style);
  return out;
}

std::string suppressed_lines(std::span<const Finding> suppressed, const ConsoleStyle& style) {
  if (suppressed.empty()) return {};
  std::string out = fmt::format("\n{}{} suppressed{}\n", spaces(section_column), counts_of(suppressed),
                                style.verbose ? ":" : " (-v shows them)");
  if (!style.verbose) return out;
  for (const Finding& finding : suppressed) {
    const Suppression why = finding.suppressed.value_or(Suppression{});
    out += line(fmt::format("{}  {}  by {}{}{}", rule_text(finding), clean(to_text(finding.location)), clean(why.by),
                            why.reason.empty() ? "" : ": ", clean(why.reason)),
                style);
  }
  return out;
}

std::string dull_line(const TargetResult& target, std::span<const Finding> findings,
                      std::span<const Finding> suppressed, const ConsoleStyle& style) {
  std::string out = heading(target, findings, style);
  if (!suppressed.empty()) out += fmt::format("  ({} suppressed)", suppressed.size());
  if (target.status != TargetStatus::complete) {
    out += "  " + (target.problems.empty() ? "no reason was given" : problem_text(target.problems.front()));
  }
  return out + "\n";
}

}  // namespace

bool is_dull(const TargetResult& target, const Finding* worst) {
  if (target.status != TargetStatus::complete) return worst == nullptr && target.problems.size() <= 1;
  return target.problems.empty() && (worst == nullptr || worst->severity == Severity::info);
}

std::size_t columns_of(const ConsoleStyle& style) { return static_cast<std::size_t>(std::max(style.width, 40)); }

std::string target_lines(const TargetResult& target, std::span<const Finding> findings,
                         std::span<const Finding> suppressed, std::span<const Listener> listeners,
                         const ConsoleStyle& style, std::span<const Proof> proofs) {
  if (style.quiet) return {};
  if (style.brief && !style.verbose && is_dull(target, worst_of(findings))) {
    return dull_line(target, findings, suppressed, style);
  }
  std::string out = heading(target, findings, style) + "\n";
  for (const Proof& proof : proofs) out += "\n" + proof_lines(proof, style);
  for (const Finding& finding : findings) out += "\n" + finding_lines(finding, style);
  out += suppressed_lines(suppressed, style);
  if (!style.brief || style.verbose) {
    for (const Listener& listener : listeners) out += "\n" + listener_lines(listener, style);
    if (!target.looked_at.empty()) out += section(Ink::strong, "Looked at", style);
    for (const std::string& looked : target.looked_at) out += line(clean(looked), style);
  }
  return out + problem_lines(target, style) + "\n";
}

std::string closing_lines(const Results& results, const ConsoleStyle& style) {
  if (style.quiet) return {};
  std::string out;
  const bool several = results.targets.size() > 1;
  if (several) out += target_table(results, style) + "\n";
  if (results.grade && results.verdict != Verdict::incomplete) {
    out += grade_lines(*results.grade, several, style) + "\n";
  }
  const std::array<int, 5> counts = results.summary();
  if (!style.verbose && std::ranges::any_of(counts, [](int count) { return count > 0; })) {
    out +=
        paint(Ink::faint, "wiretight rules RULE explains a rule; -v shows all evidence and every step.", style.color) +
        "\n";
  }
  // Not wrapped: this line is meant to be copied whole.
  const std::string verdict = upper(to_text(results.verdict));
  return out + fmt::format("wiretight: {}{}\n", paint(ink_of(results.verdict), verdict, style.color),
                           summary_text(results).substr(verdict.size()));
}

std::string console(const Results& results, const ConsoleStyle& style) {
  ConsoleStyle each = style;
  each.brief = style.brief || results.targets.size() > 1;
  std::map<std::string_view, std::vector<Finding>> shown;
  std::map<std::string_view, std::vector<Finding>> hidden;
  std::map<std::string_view, std::vector<Listener>> listeners;
  for (const Finding& finding : results.findings) shown[finding.target].push_back(finding);
  for (const Finding& finding : results.suppressed) hidden[finding.target].push_back(finding);
  for (const Listener& listener : results.facts.listeners) listeners[listener.target].push_back(listener);
  std::map<std::string_view, std::vector<Proof>> proofs;
  for (const Proof& proof : results.facts.proofs) proofs[proof.target].push_back(proof);
  std::string out;
  for (const TargetResult& target : results.targets) {
    const std::string lines = target_lines(target, shown[target.target], hidden[target.target],
                                           listeners[target.target], each, proofs[target.target]);
    // One-line targets stand together; a longer one has a free line before it.
    if (!out.empty() && !out.ends_with("\n\n") && lines.ends_with("\n\n")) out += "\n";
    out += lines;
  }
  if (!out.empty() && !out.ends_with("\n\n")) out += "\n";
  return out + closing_lines(results, style);
}

}  // namespace wiretight::report
