#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "core/text.h"
#include "engine/catalogue.h"
#include "engine/markdown.h"
#include "report/clean.h"
#include "report/sarif_parts.h"

namespace wiretight::report {
namespace {

constexpr std::size_t most_tags = 20;  // more and GitHub refuses the file

// GitHub takes 1,024 characters of a description.
std::string description(std::string_view text) {
  constexpr std::size_t most = 1024;
  std::string out = clean(text);
  if (out.size() <= most) return out;
  std::size_t end = most - 3;
  while ((static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
  return out.substr(0, end) + "…";
}

// "CWE-319" → "external/cwe/cwe-319", the form that GitHub knows a CWE by.
Json tags_of(const Finding& finding) {
  Json tags = Json::array({"security", to_text(finding.category)});
  for (const std::string& cwe : finding.cwe) {
    if (tags.items().size() < most_tags) tags.push("external/cwe/" + lower(clean(cwe)));
  }
  return tags;
}

std::string plain_text(const std::vector<PageBlock>& blocks) {
  std::string out;
  for (const PageBlock& block : blocks) {
    if (block.kind == PageBlock::Kind::item) out += "- ";
    out += block.text;
    out += block.kind == PageBlock::Kind::code ? "\n" : "\n\n";
  }
  return out;
}

struct Help {
  std::string about = {};
  std::string text = {};
  std::string markdown = {};
};

// Of a finding whose rule has no page: what it says of its mend.
Help help_of(const Finding& finding) {
  Help out{.about = finding.title, .text = finding.title + "\n\n", .markdown = {}};
  if (!finding.remediation.summary.empty()) out.text += finding.remediation.summary + "\n";
  for (const std::string& step : finding.remediation.steps) out.text += "- " + step + "\n";
  for (const std::string& reference : finding.remediation.references) out.text += reference + "\n";
  return out;
}

Help help_of(const Weakness& weakness) {
  Help out{.about = weakness.title, .text = weakness.title + "\n\n", .markdown = "# " + weakness.title + "\n"};
  const auto page = split_page(weakness.page);
  if (!page) return out;
  for (const PageSection& section : page->sections) {
    out.markdown += fmt::format("\n## {}\n\n{}\n", section.title, trim(section.body));
    const std::vector<PageBlock> blocks = blocks_of(section.body);
    // The examples of what is not reported say little without their code.
    if (section.title != "Not reported") out.text += fmt::format("{}\n\n{}", section.title, plain_text(blocks));
    const auto first = std::ranges::find(blocks, PageBlock::Kind::paragraph, &PageBlock::kind);
    if (section.title == "Why it matters" && first != blocks.end()) out.about = first->text;
  }
  return out;
}

std::string_view precision_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain:
      return "very-high";
    case Confidence::firm:
      return "high";
    case Confidence::tentative:
      return "medium";
  }
  return "medium";
}

std::string_view problem_severity(Severity severity) {
  const std::string_view level = sarif_level(severity);
  return level == "note" ? "recommendation" : level;
}

Json multiformat(const Help& help) {
  Json out = Json::object({{"text", clean(help.text, true)}});
  if (!help.markdown.empty()) out.set("markdown", clean(help.markdown, true));
  return out;
}

}  // namespace

std::string_view sarif_level(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high:
      return "error";
    case Severity::medium:
    case Severity::low:
      return "warning";
    case Severity::info:
      return "note";
  }
  return "note";
}

std::string_view security_severity(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "9.5";
    case Severity::high:
      return "8.0";
    case Severity::medium:
      return "5.5";
    case Severity::low:
      return "2.5";
    case Severity::info:
      return "";
  }
  return "";
}

Json sarif_message(std::string_view text) {
  std::string plain = clean(text);
  for (std::size_t at = plain.find("]("); at != std::string::npos; at = plain.find("](", at)) plain.insert(at + 1, " ");
  return Json::object({{"text", std::move(plain)}});
}

Json sarif_rule(const Finding& finding, Severity worst, Confidence least_certain) {
  const Weakness* weakness = find_weakness(finding.rule);
  const Help help = weakness != nullptr ? help_of(*weakness) : help_of(finding);
  const std::string& title = weakness != nullptr ? weakness->title : finding.title;
  Json properties = Json::object({{"tags", tags_of(finding)},
                                  {"precision", precision_of(least_certain)},
                                  {"problem.severity", problem_severity(worst)}});
  if (const std::string_view score = security_severity(worst); !score.empty()) {
    properties.set("security-severity", score);
  }
  const Severity usual = weakness != nullptr ? weakness->severity : finding.severity;
  return Json::object({{"id", clean(finding.rule)},
                       {"name", clean(finding.rule)},
                       {"shortDescription", Json::object({{"text", description(title)}})},
                       {"fullDescription", Json::object({{"text", description(help.about)}})},
                       {"help", multiformat(help)},
                       {"defaultConfiguration", Json::object({{"level", sarif_level(usual)}})},
                       {"properties", std::move(properties)}});
}

}  // namespace wiretight::report
