#include "report/markdown.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "core/prose.h"
#include "core/text.h"
#include "report/json_parts.h"
#include "report/markdown_text.h"
#include "report/words.h"

namespace wiretight::report {
namespace {

constexpr std::size_t most_message = 600;
constexpr std::size_t most_evidence = 1000;

// Takes pieces as long as there is room for them.
class Room {
 public:
  explicit Room(std::size_t most) : most_(most) {}
  // False when the piece does not fit with `reserve` bytes to spare: then nothing was taken.
  bool add(std::string_view piece, std::size_t reserve) {
    if (text_.size() + piece.size() + reserve > most_) return false;
    text_ += piece;
    return true;
  }
  std::size_t left() const { return most_ - text_.size(); }
  std::string take() { return std::move(text_); }

 private:
  std::size_t most_;
  std::string text_ = {};
};

// Kept free for the closing lines of the parts: what is left out, the ends of tags, the footer.
constexpr std::size_t for_the_end = 1500;
constexpr std::size_t for_a_count = 200;

std::string_view sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::tight:
      return "✅";
    case Verdict::leaking:
      return "❌";
    case Verdict::incomplete:
      return "⚠️";
  }
  return "⚠️";
}

// Adds `before`, the pieces and `after`; when not all pieces fit, their number stands before `after`.
void add_part(Room& room, std::string_view before, const std::vector<std::string>& pieces, std::string_view after,
              std::string_view noun, std::size_t reserve) {
  if (pieces.empty()) return;
  if (!room.add(before, reserve + after.size() + for_a_count)) {
    room.add(fmt::format("\n{} left out here for want of room.\n", count_of(pieces.size(), noun)), 0);
    return;
  }
  std::size_t taken = 0;
  while (taken < pieces.size() && room.add(pieces[taken], reserve + after.size() + for_a_count)) ++taken;
  if (taken < pieces.size()) {
    room.add(fmt::format("\n{} left out here for want of room.\n", count_of(pieces.size() - taken, noun)), 0);
  }
  room.add(after, 0);
}

std::vector<std::string> gap_pieces(const Results& results) {
  std::vector<std::string> out;
  for (const TargetResult& target : results.targets) {
    for (const Gap& gap : target.problems) {
      const std::string place = gap.place.empty() ? "" : fmt::format(", {}", markdown_code(gap.place));
      out.push_back(fmt::format("- {}{}: {}\n", markdown_code(target.target), place,
                                markdown_text(shortened(gap.message, most_message))));
    }
    if (target.problems.empty() && target.status != TargetStatus::complete) {
      out.push_back(fmt::format("- {}: no reason was given\n", markdown_code(target.target)));
    }
  }
  return out;
}

std::string place_text(const Finding& finding) {
  const std::string place = to_text(finding.location);
  return place.empty() ? finding.target : place;
}

std::vector<std::string> finding_pieces(const Results& results) {
  std::vector<std::string> out;
  for (const Finding& finding : results.findings) {
    const std::string doubt =
        finding.confidence == Confidence::certain ? "" : fmt::format(" ({})", to_text(finding.confidence));
    const std::string_view severity = to_text(finding.severity);
    const bool bad = finding.severity >= Severity::high;
    out.push_back(fmt::format("| {}{}{}{} | {} | {} | {} |\n", bad ? "**" : "", severity, bad ? "**" : "", doubt,
                              markdown_code(rule_text(finding)), markdown_code(place_text(finding)),
                              markdown_text(shortened(finding.message, most_message))));
  }
  return out;
}

// Adds what is not yet there: the findings of one rule share most of their steps and references.
void join_in(std::vector<std::string>& all, const std::vector<std::string>& some) {
  for (const std::string& one : some) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
}

std::string step_lines(std::size_t number, std::string_view step) {
  const std::size_t end = std::min(step.find('\n'), step.size());
  std::string out = fmt::format("{}. {}\n", number, markdown_text(step.substr(0, end)));
  if (end + 1 < step.size()) out += "\n" + markdown_block(step.substr(end + 1), 3);
  return out;
}

// The findings of a rule with their evidence, then how to mend them.
std::string rule_piece(const std::vector<const Finding*>& findings) {
  const Finding& first = *findings.front();
  std::string out =
      fmt::format("<details><summary><code>{}</code>: {}{}</summary>\n\n", html_text(rule_text(first)),
                  html_text(first.title), findings.size() > 1 ? fmt::format(" ({})", findings.size()) : "");
  std::vector<std::string> steps;
  std::vector<std::string> read;
  std::vector<std::string> standards;
  for (const Finding* finding : findings) {
    out += fmt::format("- {}: {}\n", markdown_code(place_text(*finding)),
                       markdown_text(shortened(finding->message, most_message)));
    for (const Step& step : finding->trace) {
      out += fmt::format("  - from {}: {}\n", markdown_code(to_text(step.place)), markdown_text(step.message));
    }
    if (!finding->evidence.members().empty()) {
      out += fmt::format("  - seen: {}\n", markdown_code(shortened(cleaned(finding->evidence).dump(), most_evidence)));
    }
    for (const Fix& fix : finding->fixes) out += fmt::format("  - fix: {}\n", markdown_text(fix.title));
    join_in(steps, finding->remediation.steps);
    join_in(read, finding->remediation.references);
    join_in(standards, finding->cwe);
    join_in(standards, finding->compliance);
  }
  if (!first.remediation.summary.empty() || !steps.empty()) {
    out += fmt::format("\n**Mend.** {}\n\n", markdown_text(first.remediation.summary));
  }
  for (std::size_t i = 0; i < steps.size(); ++i) out += step_lines(i + 1, steps[i]);
  if (!read.empty()) out += "\n**Read.**\n\n";
  for (const std::string& page : read) {
    // An address of our own pages is to be a link; any other text is not.
    const bool address = page.starts_with("https://") && page.find_first_of(" <>\n") == std::string::npos;
    out += fmt::format("- {}\n", address ? "<" + page + ">" : markdown_text(page));
  }
  if (!standards.empty()) out += fmt::format("\n{}\n", markdown_text(join(standards, ", ")));
  return out + "\n</details>\n";
}

std::vector<std::string> rule_pieces(const Results& results) {
  std::vector<std::vector<const Finding*>> rules;
  std::map<std::string, std::size_t> index;
  for (const Finding& finding : results.findings) {
    const auto [at, added] = index.try_emplace(rule_text(finding), rules.size());
    if (added) rules.emplace_back();
    rules[at->second].push_back(&finding);
  }
  std::vector<std::string> out;
  for (const auto& findings : rules) out.push_back(rule_piece(findings));
  return out;
}

std::vector<std::string> target_pieces(const Results& results) {
  std::vector<std::string> out;
  if (results.targets.size() < 2) return out;
  auto worst = worst_by_target(results.findings);
  for (const TargetResult& target : results.targets) {
    const Verdict verdict = verdict_of(target, worst[target.target]);
    const bool known = verdict != Verdict::incomplete && target.grade;
    out.push_back(fmt::format("| {} | {} {} | {} |\n", markdown_code(target.target), sign_of(verdict), to_text(verdict),
                              known ? grade_text(*target.grade) : "none"));
  }
  return out;
}

std::vector<std::string> grade_pieces(const Results& results) {
  std::vector<std::string> out;
  if (!results.grade || results.verdict == Verdict::incomplete) return out;
  for (const GradeLine& line : results.grade->lines) {
    out.push_back(fmt::format("| {} | {} | {} | {} |\n", line.points != 0 ? fmt::format("{:+}", line.points) : "",
                              line.cap ? fmt::format("at most {}", *line.cap) : "", markdown_code(line.rule),
                              markdown_text(line.reason)));
  }
  return out;
}

std::vector<std::string> suppressed_pieces(const Results& results) {
  std::vector<std::string> out;
  for (const Finding& finding : results.suppressed) {
    const Suppression why = finding.suppressed.value_or(Suppression{});
    out.push_back(fmt::format("| {} | {} | {} | {} | {} |\n", to_text(finding.severity),
                              markdown_code(rule_text(finding)), markdown_code(place_text(finding)),
                              markdown_text(why.by), markdown_text(why.reason)));
  }
  return out;
}

std::string folded_table(std::string_view summary, std::string_view head, std::size_t columns) {
  std::string out = fmt::format("\n<details><summary>{}</summary>\n\n{}\n|", summary, head);
  for (std::size_t i = 0; i < columns; ++i) out += " --- |";
  return out + "\n";
}

}  // namespace

std::string markdown(const Results& results, std::size_t most) {
  Room room(most);
  // "LEAKING, grade F (12/100)" and what follows it.
  const std::string summary = summary_text(results);
  const std::size_t colon = summary.find(": ");
  room.add(fmt::format("## {} wiretight: {}\n\n{}\n", sign_of(results.verdict), summary.substr(0, colon),
                       markdown_text(shortened(summary.substr(colon + 2), most_message))),
           0);

  // Half of the room is for details.
  const std::size_t details = room.left() / 2;
  add_part(room, "\n**Could not be assessed**\n\n", gap_pieces(results), "", "line", details + room.left() / 4);
  add_part(room, "\n| Severity | Rule | Where | What |\n| --- | --- | --- | --- |\n", finding_pieces(results), "",
           "finding", details);
  add_part(room, "\n", rule_pieces(results), "", "rule", for_the_end);
  add_part(room, folded_table("Targets", "| Target | Verdict | Grade |", 3), target_pieces(results), "\n</details>\n",
           "target", for_the_end / 2);
  add_part(room, folded_table("How the grade came about", "| Points | Limit | Rule | Reason |", 4),
           grade_pieces(results), "\n</details>\n", "line", for_the_end / 2);
  add_part(room,
           folded_table(fmt::format("Suppressed: {}", results.suppressed.size()),
                        "| Severity | Rule | Where | By | Reason |", 5),
           suppressed_pieces(results), "\n</details>\n", "suppressed finding", for_the_end / 2);
  room.add(fmt::format("\n<sub>wiretight {}, rules {}, {}</sub>\n", html_text(results.version),
                       html_text(results.rules_sha256.substr(0, 12)), rfc3339(results.started_at / 1000)),
           0);
  return room.take();
}

}  // namespace wiretight::report
