#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "report/clean.h"
#include "report/console.h"
#include "report/console_parts.h"
#include "report/ink.h"
#include "report/json_parts.h"
#include "report/words.h"

namespace wiretight::report {
namespace {

constexpr std::size_t severity_column = 2;
constexpr std::size_t text_column = 12;  // behind the longest severity word

// A line of the details: the label, faint, and the text behind it.
std::string detail(std::string_view label, std::string_view text, const ConsoleStyle& style) {
  constexpr std::size_t label_width = 6;
  const std::string head = spaces(text_column) + paint(Ink::faint, padded(label, label_width), style.color);
  return hang(head, text_column + label_width, text, columns_of(style));
}

// What says nothing: an empty text, list or object.
bool is_empty(const Json& value) {
  if (const std::string* text = value.string()) return text->empty();
  return (value.is_array() && value.items().empty()) || (value.is_object() && value.members().empty());
}

// Whether the sentence has it already; of a time, the day is enough.
bool is_said(const Json& value, std::string_view sentence) {
  if (const std::string* text = value.string()) {
    constexpr std::size_t day = 10;
    const bool time = text->size() > day && (*text)[day] == 'T' && text->ends_with('Z');
    return sentence.find(time ? std::string_view(*text).substr(0, day) : std::string_view(*text)) !=
           std::string_view::npos;
  }
  return value.is_array() && std::ranges::all_of(value.items(), [&](const Json& item) {
           return is_said(item.is_object() && item.find("name") != nullptr ? *item.find("name") : item, sentence);
         });
}

// What of the evidence goes on the console: all that is not empty; unless more is wanted, not what the sentence says,
// nor what was looked for and is not so. Of a certificate what finds it in a list of certificates.
Json worth_showing(const Json& evidence, std::string_view sentence, bool all) {
  Json out = Json::object();
  for (const auto& [key, value] : evidence.members()) {
    if (is_empty(value)) continue;
    const bool no = value.boolean() != nullptr && !*value.boolean();
    if (!all && (no || is_said(value, sentence))) continue;
    if (!all && value.is_object() && value.find("sha256") != nullptr) {
      Json brief = Json::object();
      for (const std::string_view member : {"issuer", "serial", "notAfter"}) {
        const Json* its = value.find(member);
        if (its != nullptr && !is_empty(*its) && !is_said(*its, sentence)) brief.set(std::string(member), *its);
      }
      if (!is_empty(brief)) out.set(key, std::move(brief));
      continue;
    }
    out.set(key, value);
  }
  return out;
}

// A value of the evidence for people. Of a list the first `most` are named; what has a name stands for itself.
std::string value_of(const Json& value, std::size_t most, bool names) {
  if (const std::string* text = value.string()) return *text;
  if (value.is_array()) {
    std::vector<std::string> items;
    for (const Json& item : value.items()) {
      if (items.size() == most) break;
      items.push_back(value_of(item, most, names));
    }
    const std::size_t left = value.items().size() - items.size();
    const bool words = std::ranges::none_of(items, [](const std::string& item) { return item.contains(' '); });
    return join(items, words ? " " : "; ") + (left > 0 ? fmt::format(" (+{})", left) : "");
  }
  if (value.is_object()) {
    if (const std::string_view name = value.text("name"); names && !name.empty()) return std::string(name);
    std::vector<std::string> members;
    for (const auto& [key, member] : value.members()) {
      members.push_back(fmt::format("{}={}", key, value_of(member, most, names)));
    }
    return fmt::format("({})", join(members, ", "));
  }
  if (value.is_null()) return "unknown";
  return value.dump();
}

// "status=400, suites=A B C D (+9)", not more than three lines of it.
std::string evidence_lines(const Finding& finding, const ConsoleStyle& style) {
  constexpr std::size_t many = 4;
  constexpr std::size_t most_lines = 3;
  std::vector<std::string> members;
  const Json evidence = worth_showing(cleaned(finding.evidence), clean(finding.message), style.verbose);
  for (const auto& [key, value] : evidence.members()) {
    members.push_back(fmt::format("{}={}", key, value_of(value, style.verbose ? SIZE_MAX : many, !style.verbose)));
  }
  if (members.empty()) return {};
  const std::string text = clean(join(members, ", "));
  std::string out = detail("seen", text, style);
  if (style.verbose || static_cast<std::size_t>(std::ranges::count(out, '\n')) <= most_lines) return out;
  std::size_t end = 0;
  for (std::size_t line = 0; line < most_lines; ++line) end = out.find('\n', end) + 1;
  return out.substr(0, end - 1) + " …\n";
}

// One line is enough to know what to do: the first step where it is for this case, else the sentence that fits every
// server. A step's code, which follows it line by line, only where that is short.
std::string best_step(const Remediation& mend) {
  constexpr std::ptrdiff_t short_code = 4;
  const bool general = mend.steps.empty() || (mend.fitting == 0 && !mend.summary.empty());
  const std::string& first = general ? mend.summary : mend.steps.front();
  if (std::ranges::count(first, '\n') <= short_code) return clean(first, true);
  return clean(first.substr(0, first.find('\n'))) + " (-v shows it whole)";
}

std::string mend_lines(const Finding& finding, const ConsoleStyle& style) {
  const Remediation& mend = finding.remediation;
  if (!style.verbose) {
    const std::string step = best_step(mend);
    return step.empty() ? "" : detail("mend", step, style);
  }
  std::string out;
  if (!mend.summary.empty()) out += detail("mend", clean(mend.summary), style);
  for (const std::string& step : mend.steps) out += detail(out.empty() ? "mend" : "", "- " + clean(step, true), style);
  for (const std::string& page : mend.references) out += detail("read", clean(page), style);
  return out;
}

// "  critical  cleartext-accepted  db.example:8000"; where that is too wide the place goes under the rule.
std::string headline(const Finding& finding, const ConsoleStyle& style) {
  const std::string_view severity = to_text(finding.severity);
  const std::string rule = rule_text(finding);
  const std::string place = clean(to_text(finding.location));
  const std::string doubt =
      finding.confidence == Confidence::certain ? "" : fmt::format("({})", to_text(finding.confidence));
  std::string out = spaces(severity_column) + paint(ink_of(finding.severity), severity, style.color) +
                    spaces(text_column - severity_column - severity.size()) + paint(Ink::strong, rule, style.color);
  std::string behind = place;
  if (!doubt.empty()) behind += (place.empty() ? "" : "  ") + doubt;
  if (behind.empty()) return out + "\n";
  if (text_column + display_width(rule) + 2 + display_width(behind) > columns_of(style)) {
    return out + "\n" + hang(spaces(text_column), text_column, behind, columns_of(style));
  }
  out += place.empty() ? "" : "  " + place;
  out += doubt.empty() ? "" : "  " + paint(Ink::faint, doubt, style.color);
  return out + "\n";
}

}  // namespace

std::string finding_lines(const Finding& finding, const ConsoleStyle& style) {
  if (style.quiet) return {};
  std::string out =
      headline(finding, style) + hang(spaces(text_column), text_column, clean(finding.message), columns_of(style));
  // A remark needs no more than its sentence.
  if (finding.severity == Severity::info && !style.verbose) return out;
  out += evidence_lines(finding, style);
  for (const Step& step : finding.trace) {
    const std::string from = clean(to_text(step.place));
    out += detail("from", from.empty() ? clean(step.message) : from + ": " + clean(step.message), style);
  }
  out += mend_lines(finding, style);
  for (const Fix& fix : finding.fixes) out += detail("fix", clean(fix.title), style);
  if (style.verbose) {
    std::vector<std::string> standards = finding.cwe;
    standards.insert(standards.end(), finding.compliance.begin(), finding.compliance.end());
    if (!standards.empty()) out += detail("see", clean(join(standards, " ")), style);
  }
  return out;
}

}  // namespace wiretight::report
