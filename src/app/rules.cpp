#include "app/rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <string_view>

#include "app/page.h"
#include "core/json.h"
#include "core/text.h"
#include "engine/markdown.h"
#include "report/ink.h"

namespace wiretight {
namespace {

constexpr std::array categories = {Category::cleartext,   Category::protocol,   Category::cipher,
                                   Category::certificate, Category::downgrade,  Category::random,
                                   Category::policy,      Category::credential, Category::ai};

Json list(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push(text);
  return out;
}

Json to_json(const Weakness& weakness) {
  Json out = Json::object({{"name", weakness.name},
                           {"title", weakness.title},
                           {"severity", to_text(weakness.severity)},
                           {"category", to_text(weakness.category)},
                           {"cwe", list(weakness.cwe)},
                           {"compliance", list(weakness.controls)},
                           {"detectors", list(weakness.detectors)},
                           {"since", weakness.since},
                           {"optIn", weakness.opt_in}});
  out.set("cap", weakness.cap ? Json(*weakness.cap) : Json());
  return out;
}

std::string label_line(std::string_view label, std::string_view text, const report::ConsoleStyle& style) {
  constexpr std::size_t column = 14;
  std::string out;
  if (text.empty()) return out;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(style.width) - column)) {
    out += out.empty() ? report::paint(report::Ink::faint, fmt::format("  {:<12}", label), style.color)
                       : std::string(column, ' ');
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string rules_table(std::span<const Weakness> weaknesses, const report::ConsoleStyle& style) {
  std::size_t name_width = 0;
  std::size_t cwe_width = 0;
  for (const Weakness& weakness : weaknesses) {
    name_width = std::max(name_width, weakness.name.size());
    cwe_width = std::max(cwe_width, join(weakness.cwe, " ").size());
  }
  // Two blanks at the left, then the columns with two between them; "critical" is the longest severity.
  const std::size_t title_column = 2 + name_width + 2 + 8 + 2 + cwe_width + 2;
  const std::size_t title_width =
      std::max<std::size_t>(static_cast<std::size_t>(style.width), title_column + 20) - title_column;
  std::string out;
  for (const Category category : categories) {
    bool begun = false;
    for (const Weakness& weakness : weaknesses) {
      if (weakness.category != category) continue;
      if (!begun) {
        out += (out.empty() ? "" : "\n") + report::paint(report::Ink::strong, to_text(category), style.color) + "\n";
      }
      begun = true;
      const std::string severity(to_text(weakness.severity));
      out += fmt::format("  {:<{}}  {}{}  {:<{}}  ", weakness.name, name_width,
                         report::paint(report::ink_of(weakness.severity), severity, style.color),
                         std::string(8 - severity.size(), ' '), join(weakness.cwe, " "), cwe_width);
      std::string indent;
      for (const std::string& line : wrap(weakness.title + (weakness.opt_in ? " (opt-in)" : ""), title_width)) {
        out += indent + line + "\n";
        indent.assign(title_column, ' ');
      }
    }
  }
  return out + "\n'wiretight rules NAME' explains one.\n";
}

std::string rules_json(std::span<const Weakness> weaknesses) {
  Json rules = Json::array();
  for (const Weakness& weakness : weaknesses) rules.push(to_json(weakness));
  return Json::object(
             {{"schema", "wiretight/1"},
              {"tool", Json::object({{"name", "wiretight"}, {"version", version()}, {"rules", catalogue_sha256()}})},
              {"rules", std::move(rules)}})
             .dump(2) +
         "\n";
}

std::string rule_page(const Weakness& weakness, const report::ConsoleStyle& style) {
  std::string out = report::paint(report::Ink::strong, weakness.name, style.color) + "\n";
  for (const std::string& line : wrap(weakness.title, static_cast<std::size_t>(style.width) - 2))
    out += "  " + line + "\n";
  out += "\n";
  out += label_line("severity", to_text(weakness.severity), style);
  out += label_line("category", to_text(weakness.category), style);
  out += label_line("CWE", join(weakness.cwe, ", "), style);
  out += label_line("controls", join(weakness.controls, ", "), style);
  out += label_line("detectors", join(weakness.detectors, ", "), style);
  if (weakness.cap) out += label_line("score", fmt::format("at most {} of 100 while it stands", *weakness.cap), style);
  out += label_line("since", weakness.since, style);
  if (weakness.opt_in) out += label_line("runs", fmt::format("only when asked for: --rule {}", weakness.name), style);
  // The page was read once already, or the weakness would not be in the catalogue.
  const Outcome<Page> page = split_page(weakness.page);
  if (!page) return out;
  for (const PageSection& section : page->sections)
    out += heading_line(section.title, style) + body_lines(section.body, style);
  return out;
}

std::string rule_json(const Weakness& weakness) {
  Json out = Json::object({{"schema", "wiretight/1"}});
  // Named, because a loop does not keep alive what a member function was called on.
  const Json front_matter = to_json(weakness);
  for (const auto& [key, value] : front_matter.members()) out.set(key, value);
  out.set("page", weakness.page);
  return out.dump(2) + "\n";
}

}  // namespace wiretight
