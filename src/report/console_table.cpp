#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "report/clean.h"
#include "report/console_parts.h"
#include "report/ink.h"
#include "report/words.h"

namespace wiretight::report {
namespace {

constexpr std::size_t most_rows = 20;

std::string effect_of(const GradeLine& line) {
  std::string out = line.points != 0 ? fmt::format("{:+}", line.points) : "";
  if (line.cap) out += fmt::format("{}at most {}", out.empty() ? "" : ", ", *line.cap);
  return out;
}

struct Row {
  const TargetResult* target = nullptr;
  const Finding* worst = nullptr;
  Verdict verdict = Verdict::incomplete;
};

std::vector<Row> rows_of(const Results& results) {
  auto worst = worst_by_target(results.findings);
  std::vector<Row> rows;
  for (const TargetResult& target : results.targets) {
    const Finding* its = worst[target.target];
    rows.push_back({.target = &target, .worst = its, .verdict = verdict_of(target, its)});
  }
  return rows;
}

std::string row_text(const Row& row, std::size_t name_width, const ConsoleStyle& style) {
  constexpr std::size_t verdict_width = 10;
  constexpr std::size_t grade_width = 5;
  const TargetResult& target = *row.target;
  const std::string name = clean(target.target);
  const bool known = row.verdict != Verdict::incomplete && target.grade;
  const std::string letter = padded(known ? target.grade->letter : "-", grade_width);
  const std::string verdict = upper(to_text(row.verdict));
  // A name that is too long stands alone, so that the columns stay where they are.
  std::string head = display_width(name) > name_width ? name + "\n" + spaces(name_width) : padded(name, name_width);
  head += "  " + paint(ink_of(row.verdict), verdict, style.color) + spaces(verdict_width - verdict.size()) + "  " +
          letter + "  ";
  std::string last;
  if (row.worst != nullptr) last = fmt::format("{} {}", to_text(row.worst->severity), clean(row.worst->rule));
  if (row.verdict == Verdict::incomplete) {
    last += fmt::format("{}{}", last.empty() ? "" : "; ",
                        target.problems.empty() ? "not assessed" : clean(target.problems.front().message));
  }
  const std::size_t start = name_width + 2 + verdict_width + 2 + grade_width + 2;
  std::string out = hang(head, start, last, columns_of(style));
  if (last.empty()) out = out.substr(0, out.find_last_not_of(" \n") + 1) + "\n";
  return out;
}

}  // namespace

std::string grade_lines(const Grade& grade, bool several, const ConsoleStyle& style) {
  std::size_t effect_width = 0;
  std::size_t rule_width = 0;
  for (const GradeLine& line : grade.lines) {
    effect_width = std::max(effect_width, display_width(effect_of(line)));
    rule_width = std::max(rule_width, display_width(clean(line.rule)));
  }
  std::string out = fmt::format("{}  {}{}{}\n", paint(Ink::strong, "Grade", style.color), grade_text(grade),
                                several ? ", that of the worst target" : "",
                                grade.lines.empty() ? ": nothing takes points off" : ": what takes points off 100");
  for (const GradeLine& line : grade.lines) {
    std::string reason = clean(line.reason);
    if (several && !line.target.empty()) reason += fmt::format(" ({})", clean(line.target));
    std::string head = "  " + padded(effect_of(line), effect_width) + "  ";
    std::size_t start = 2 + effect_width + 2;
    if (rule_width > 0) {
      head += padded(clean(line.rule), rule_width) + "  ";
      start += rule_width + 2;
    }
    // On a narrow terminal the reason goes under the rule.
    constexpr std::size_t readable = 30;
    if (rule_width > 0 && start + readable > columns_of(style)) {
      start = 2 + effect_width + 2;
      head = head.substr(0, head.find_last_not_of(' ') + 1) + "\n" + spaces(start);
    }
    out += hang(head, start, reason, columns_of(style));
  }
  return out;
}

std::string target_table(const Results& results, const ConsoleStyle& style) {
  std::vector<Row> rows = rows_of(results);
  if (std::ranges::all_of(rows, [](const Row& row) { return is_dull(*row.target, row.worst); })) return {};
  const std::size_t all = rows.size();
  if (all > most_rows && !style.verbose) {
    std::erase_if(rows, [](const Row& row) { return row.verdict == Verdict::tight; });
  }
  const std::size_t tight = all - rows.size();
  std::size_t left_out = 0;
  if (rows.size() > most_rows && !style.verbose) {
    left_out = rows.size() - most_rows;
    rows.resize(most_rows);
  }
  std::size_t name_width = 6;
  for (const Row& row : rows) name_width = std::max(name_width, display_width(clean(row.target->target)));
  name_width = std::min(name_width, columns_of(style) / 2);
  std::string out =
      rows.empty() ? ""
                   : paint(Ink::faint, padded("Target", name_width) + "  Verdict     Grade  Worst", style.color) + "\n";
  for (const Row& row : rows) out += row_text(row, name_width, style);
  if (left_out > 0) out += fmt::format("and {} more that are not tight\n", left_out);
  if (tight > 0) out += fmt::format("{} of {} targets are tight\n", tight, all);
  return out;
}

}  // namespace wiretight::report
