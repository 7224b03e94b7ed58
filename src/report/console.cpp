#include "report/console.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "report/clean.h"
#include "report/console_listener.h"
#include "report/ink.h"
#include "report/words.h"

namespace wiretight::report {
namespace {

constexpr int severity_column = 2;
constexpr int text_column = 12;  // behind the longest severity word

int width_of(const ConsoleStyle& style) { return std::max(style.width, 40); }

// `label` at `column`, and the text behind it, wrapped under itself. The label is given plain, and painted faint.
std::string block(int column, std::string_view label, std::string_view text, const ConsoleStyle& style) {
  const int start = column + (label.empty() ? 0 : display_width(label) + 2);
  std::string out;
  for (const std::string& line : wrapped(text, width_of(style) - start)) {
    out += std::string(static_cast<std::size_t>(out.empty() ? column : start), ' ');
    if (out.size() == static_cast<std::size_t>(column) && !label.empty()) {
      out += paint(Ink::faint, label, style.color) + "  ";
    }
    out += line + "\n";
  }
  return out;
}

std::string value_of(const Json& value, std::size_t most) {
  if (const std::string* text = value.string()) return clean(*text);
  if (value.is_array()) {
    std::vector<std::string> items;
    for (const Json& item : value.items()) {
      if (items.size() == most) break;
      items.push_back(value_of(item, most));
    }
    const std::size_t left = value.items().size() - items.size();
    return fmt::format("{}{}", fmt::join(items, " "), left > 0 ? fmt::format(" (+{})", left) : "");
  }
  if (value.is_object()) {
    std::vector<std::string> members;
    for (const auto& [key, member] : value.members()) {
      members.push_back(fmt::format("{}={}", clean(key), value_of(member, most)));
    }
    return fmt::format("({})", fmt::join(members, ", "));
  }
  if (value.is_null()) return "unknown";
  return value.dump();
}

// "status=400, suites=A B C (+9)", cut after three lines.
std::string evidence_of(const Finding& finding, const ConsoleStyle& style) {
  constexpr std::size_t many = 4;
  const std::size_t most_items = style.verbose ? 1000 : many;
  const auto most_columns = static_cast<std::size_t>(3 * (width_of(style) - text_column));
  std::string out;
  for (const auto& [key, value] : finding.evidence.members()) {
    const std::string one = fmt::format("{}{}={}", out.empty() ? "" : ", ", clean(key), value_of(value, most_items));
    if (!style.verbose && out.size() + one.size() > most_columns) {
      out += out.empty() ? one.substr(0, std::min(one.find(' ', most_columns), one.size())) + " ..." : ", ...";
      break;
    }
    out += one;
  }
  return clean(out);
}

std::string mend_lines(const Finding& finding, const ConsoleStyle& style) {
  const Remediation& mend = finding.remediation;
  std::string out;
  if (!style.verbose) {
    const std::string& first = mend.steps.empty() ? mend.summary : mend.steps.front();
    return first.empty() ? out : block(text_column, "mend", clean(first), style);
  }
  if (!mend.summary.empty()) out += block(text_column, "mend", clean(mend.summary), style);
  for (const std::string& step : mend.steps)
    out += block(text_column, out.empty() ? "mend" : "   -", clean(step), style);
  for (const std::string& page : mend.references) out += block(text_column, "read", clean(page), style);
  return out;
}

std::string counts_of(std::span<const Finding> findings) {
  std::array<int, 5> counts = {};
  for (const Finding& finding : findings) ++counts.at(static_cast<std::size_t>(finding.severity));
  return counts_text(counts);
}

std::string heading(const TargetResult& target, std::span<const Finding> findings, const ConsoleStyle& style) {
  const Verdict verdict = verdict_of(target, findings);
  std::string out = paint(Ink::strong, clean(target.target), style.color) + "  " +
                    paint(ink_of(verdict), upper(to_text(verdict)), style.color);
  if (verdict != Verdict::incomplete && target.grade) out += "  " + grade_text(*target.grade);
  if (!findings.empty()) out += "  " + counts_of(findings);
  return out + "\n";
}

std::string effect_of(const GradeLine& line) {
  std::string out = line.points != 0 ? fmt::format("{:+}", line.points) : "";
  if (line.cap) out += fmt::format("{}at most {}", out.empty() ? "" : ", ", *line.cap);
  return out;
}

// A line for each thing that moved the score: what it did, the rule, the reason.
std::string grade_lines(const Grade& grade, bool several, const ConsoleStyle& style) {
  int effect_width = 0;
  int rule_width = 0;
  for (const GradeLine& line : grade.lines) {
    effect_width = std::max(effect_width, display_width(effect_of(line)));
    rule_width = std::max(rule_width, display_width(clean(line.rule)));
  }
  const int start = 2 + effect_width + 2 + (rule_width > 0 ? rule_width + 2 : 0);
  std::string out = fmt::format("{}  {}\n", paint(Ink::strong, "Grade", style.color), grade_text(grade));
  for (const GradeLine& line : grade.lines) {
    std::string reason = clean(line.reason);
    if (several && !line.target.empty()) reason += fmt::format(" ({})", clean(line.target));
    std::string head = fmt::format("  {:<{}}  ", effect_of(line), effect_width);
    if (rule_width > 0) head += padded(clean(line.rule), rule_width) + "  ";
    for (const std::string& piece : wrapped(reason, std::max(width_of(style) - start, 20))) {
      out += head + piece + "\n";
      head.assign(static_cast<std::size_t>(start), ' ');
    }
  }
  return out;
}

const Finding* worst_of(std::span<const Finding* const> findings) {
  const Finding* worst = nullptr;
  for (const Finding* finding : findings) {
    if (worst == nullptr || finding->severity > worst->severity) worst = finding;
  }
  return worst;
}

// Target, verdict, grade and the worst finding, a line each.
std::string table(const Results& results, const ConsoleStyle& style) {
  std::map<std::string_view, std::vector<const Finding*>> by_target;
  for (const Finding& finding : results.findings) by_target[finding.target].push_back(&finding);
  int name_width = 6;
  for (const TargetResult& target : results.targets) {
    name_width = std::max(name_width, display_width(clean(target.target)));
  }
  name_width = std::min(name_width, width_of(style) / 2);
  std::string out = paint(Ink::faint, padded("Target", name_width) + "  Verdict     Grade  Worst", style.color) + "\n";
  for (const TargetResult& target : results.targets) {
    const auto& findings = by_target[target.target];
    const Finding* worst = worst_of(findings);
    const Verdict verdict = verdict_of(target, worst);
    std::string last;
    if (worst != nullptr) {
      last = paint(ink_of(worst->severity), to_text(worst->severity), style.color) + " " + clean(worst->rule);
    }
    if (verdict == Verdict::incomplete) {
      last += fmt::format("{}{}", last.empty() ? "" : "; ",
                          target.problems.empty() ? "not assessed" : clean(target.problems.front().message));
    }
    const std::string letter = verdict != Verdict::incomplete && target.grade ? target.grade->letter : "-";
    std::string row = fmt::format(
        "{}  {}  {}", padded(clean(target.target), name_width),
        paint(ink_of(verdict), upper(to_text(verdict)), style.color) + std::string(10 - to_text(verdict).size(), ' '),
        last.empty() ? letter : padded(letter, 5) + "  " + last);
    out += row + "\n";
  }
  return out;
}

std::string problem_lines(const TargetResult& target, int column, const ConsoleStyle& style) {
  std::string out;
  for (const Gap& gap : target.problems) {
    const std::string where = clean(gap.place);
    out += block(column, "", where.empty() ? clean(gap.message) : where + ": " + clean(gap.message), style);
  }
  if (out.empty() && target.status != TargetStatus::complete) {
    out = block(column, "", "no reason was given", style);
  }
  return out;
}

}  // namespace

std::string finding_lines(const Finding& finding, const ConsoleStyle& style) {
  if (style.quiet) return {};
  const std::string severity(to_text(finding.severity));
  std::string out = std::string(severity_column, ' ') + paint(ink_of(finding.severity), severity, style.color) +
                    std::string(text_column - severity_column - severity.size(), ' ') +
                    paint(Ink::strong, rule_text(finding), style.color);
  const std::string place = clean(to_text(finding.location));
  if (!place.empty()) out += "  " + place;
  if (finding.confidence != Confidence::certain) {
    out += "  " + paint(Ink::faint, fmt::format("({})", to_text(finding.confidence)), style.color);
  }
  out += "\n" + block(text_column, "", clean(finding.message), style);
  // A remark needs no more than its sentence.
  if (finding.severity == Severity::info && !style.verbose) return out;
  const std::string evidence = evidence_of(finding, style);
  if (!evidence.empty()) out += block(text_column, "seen", evidence, style);
  for (const Step& step : finding.trace) {
    const std::string from = clean(to_text(step.place));
    out += block(text_column, "from", from.empty() ? clean(step.message) : from + ": " + clean(step.message), style);
  }
  out += mend_lines(finding, style);
  for (const Fix& fix : finding.fixes) out += block(text_column, "fix ", clean(fix.title), style);
  if (style.verbose) {
    const std::string standards =
        fmt::format("{}{}{}", fmt::join(finding.cwe, " "), finding.compliance.empty() ? "" : " ",
                    fmt::join(finding.compliance, " "));
    out += block(text_column, "see ", clean(standards), style);
  }
  return out;
}

std::string target_lines(const TargetResult& target, std::span<const Finding> findings,
                         std::span<const Finding> suppressed, std::span<const Listener> listeners,
                         const ConsoleStyle& style) {
  if (style.quiet) return {};
  std::string out = heading(target, findings, style);
  for (const Finding& finding : findings) out += "\n" + finding_lines(finding, style);
  if (!suppressed.empty()) {
    out += fmt::format("\n  {} suppressed{}\n", counts_of(suppressed), style.verbose ? ":" : " (-v shows them)");
    for (const Finding& finding : suppressed) {
      if (!style.verbose) break;
      const Suppression why = finding.suppressed.value_or(Suppression{});
      out += block(4, "",
                   fmt::format("{}  {}  by {}{}{}", rule_text(finding), clean(to_text(finding.location)), clean(why.by),
                               why.reason.empty() ? "" : ": ", clean(why.reason)),
                   style);
    }
  }
  if (!style.brief || style.verbose) {
    for (const Listener& listener : listeners) out += "\n" + listener_lines(listener, style);
    if (!target.looked_at.empty()) {
      out += "\n  " + paint(Ink::strong, "Looked at", style.color) + "\n";
      for (const std::string& line : target.looked_at) out += block(4, "", clean(line), style);
    }
  }
  if (target.status != TargetStatus::complete || !target.problems.empty()) {
    out += "\n  " + paint(Ink::unsure, "Could not be assessed", style.color) + "\n" + problem_lines(target, 4, style);
  }
  // In a list of many, a target with nothing to say takes one line.
  const bool one_line = style.brief && std::ranges::count(out, '\n') == 1;
  return one_line ? out : out + "\n";
}

std::string closing_lines(const Results& results, const ConsoleStyle& style) {
  if (style.quiet) return {};
  std::string out;
  const bool several = results.targets.size() > 1;
  if (several) out += table(results, style) + "\n";
  if (results.grade && results.verdict != Verdict::incomplete) {
    out += grade_lines(*results.grade, several, style) + "\n";
  }
  // The name stays out of the wrapping: this line is meant to be copied whole.
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
  std::string out;
  for (const TargetResult& target : results.targets) {
    const std::string lines =
        target_lines(target, shown[target.target], hidden[target.target], listeners[target.target], each);
    // One-line targets stand together; a longer one has a free line before it.
    if (!out.empty() && !out.ends_with("\n\n") && lines.ends_with("\n\n")) out += "\n";
    out += lines;
  }
  if (!out.empty() && !out.ends_with("\n\n")) out += "\n";
  return out + closing_lines(results, style);
}

}  // namespace wiretight::report
