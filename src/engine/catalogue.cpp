#include "engine/catalogue.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <fmt/format.h>

#include "core/text.h"
#include "engine/markdown.h"

namespace wiretight {
namespace {

constexpr std::array<std::string_view, 5> section_titles = {"Reported", "Why it matters", "Not reported", "Mend",
                                                            "References"};

// A plain value, or one in quotes. Nothing for what YAML would read as something else, because editors and GitHub read
// the same front matter as YAML.
std::optional<std::string> scalar(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    const std::string_view inner = text.substr(1, text.size() - 2);
    if (inner.find_first_of(std::string{'\\', text.front()}) != std::string_view::npos) return std::nullopt;
    return std::string(inner);
  }
  constexpr std::string_view indicators = "\"'&*!|>%@`{}[],?#";
  if (text.empty() || indicators.find(text.front()) != std::string_view::npos) return std::nullopt;
  if (text.contains(": ") || text.contains(" #") || text.ends_with(':')) return std::nullopt;
  return std::string(text);
}

// "[a, b]" without empty items and repetitions.
std::optional<std::vector<std::string>> list(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  std::vector<std::string> items;
  for (const std::string_view piece : split(text.substr(1, text.size() - 2), ',')) {
    const auto item = scalar(trim(piece));
    if (!item || item->empty() || std::ranges::find(items, *item) != items.end()) return std::nullopt;
    items.push_back(*item);
  }
  return items;
}

bool is_cwe(std::string_view text) {
  return text.starts_with("CWE-") && text.size() > 4 && text.find_first_not_of("0123456789", 4) == text.npos;
}

bool is_kebab(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
}

bool is_version(std::string_view text) {
  const auto numbers = split(text, '.');
  return numbers.size() == 3 && std::ranges::all_of(numbers, [](std::string_view number) {
           return !number.empty() && number.find_first_not_of("0123456789") == number.npos;
         });
}

// Takes the list into `out` when each item is as `check` wants it.
bool take_list(std::string_view value, bool (*check)(std::string_view), std::vector<std::string>& out) {
  auto items = list(value);
  if (!items || items->empty() || !std::ranges::all_of(*items, check)) return false;
  out = std::move(*items);
  return true;
}

struct Key {
  std::string_view name = {};
  bool required = false;
  std::string_view expected = {};
  // False when the value is not what is expected.
  bool (*take)(std::string_view value, Weakness& out) = nullptr;
};

constexpr std::array<Key, 9> keys = {{
    {"title", true, "a line of text (in quotes where YAML needs them)",
     [](std::string_view value, Weakness& out) {
       out.title = scalar(value).value_or("");
       return !out.title.empty();
     }},
    {"severity", true, "one of critical, high, medium, low, info",
     [](std::string_view value, Weakness& out) {
       const auto severity = severity_from(value);
       out.severity = severity.value_or(Severity::info);
       return severity.has_value();
     }},
    {"category", true, "a category of the contract",
     [](std::string_view value, Weakness& out) {
       const auto category = category_from(value);
       out.category = category.value_or(Category::cleartext);
       return category.has_value();
     }},
    {"cwe", true, "a list such as [CWE-319, CWE-326]",
     [](std::string_view value, Weakness& out) { return take_list(value, is_cwe, out.cwe); }},
    {"controls", true, "a list such as [PCI-DSS-4.0.1:4.2.1]",
     [](std::string_view value, Weakness& out) {
       return take_list(value, [](std::string_view control) { return control.contains(':'); }, out.controls);
     }},
    {"since", true, "a version such as 0.1.0",
     [](std::string_view value, Weakness& out) {
       out.since = value;
       return is_version(value);
     }},
    {"cap", false, "a score from 0 to 100",
     [](std::string_view value, Weakness& out) {
       int cap = -1;
       const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), cap);
       out.cap = cap;
       return error == std::errc() && end == value.data() + value.size() && cap >= 0 && cap <= 100;
     }},
    {"detectors", false, "a list such as [tls-probe, heartbleed]",
     [](std::string_view value, Weakness& out) { return take_list(value, is_kebab, out.detectors); }},
    {"default", false, "\"off\" or \"on\"",
     [](std::string_view value, Weakness& out) {
       out.opt_in = value == "off";
       return value == "off" || value == "on";
     }},
}};

// The first complaint about the front matter, with its line in `where`; no complaint is an empty `what`.
Problem take_fields(const std::vector<PageField>& fields, Weakness& out) {
  std::vector<std::string_view> seen;
  for (const PageField& field : fields) {
    const auto key = std::ranges::find(keys, field.name, &Key::name);
    const std::string where = std::to_string(field.line);
    if (key == keys.end()) return {fmt::format("\"{}\" is no key of the front matter", field.name), where};
    if (std::ranges::find(seen, field.name) != seen.end())
      return {fmt::format("\"{}\" stands twice in the front matter", field.name), where};
    if (!key->take(field.value, out)) return {fmt::format("{}: {} was expected", field.name, key->expected), where};
    seen.push_back(field.name);
  }
  for (const Key& key : keys)
    if (key.required && std::ranges::find(seen, key.name) == seen.end())
      return {fmt::format("the front matter has no \"{}\"", key.name), "1"};
  return {};
}

Problem check_sections(const std::vector<PageSection>& sections) {
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const PageSection& section = sections[i];
    const std::string where = std::to_string(section.line);
    if (std::ranges::find(section_titles, section.title) == section_titles.end())
      return {fmt::format("\"{}\" is no section of a rule's page", section.title), where};
    if (i >= section_titles.size() || section.title != section_titles.at(i)) {
      const std::string_view due = i < section_titles.size() ? section_titles.at(i) : "nothing";
      return {fmt::format("the section \"{}\" stands where {} is due", section.title, due), where};
    }
    if (trim(section.body).empty()) return {fmt::format("the section \"{}\" is empty", section.title), where};
  }
  if (sections.size() < section_titles.size())
    return {fmt::format("the section \"{}\" is missing", section_titles.at(sections.size())), ""};
  return {};
}

// "[text](url)" as "text: url", "<url>" as it is.
std::string reference(std::string_view item) {
  if (item.starts_with('<') && item.ends_with('>')) return std::string(item.substr(1, item.size() - 2));
  const std::size_t middle = item.find("](");
  if (item.starts_with('[') && item.ends_with(')') && middle != std::string_view::npos)
    return fmt::format("{}: {}", item.substr(1, middle - 1), item.substr(middle + 2, item.size() - middle - 3));
  return std::string(item);
}

Remediation remediation_of(std::string_view mend, std::string_view references) {
  Remediation out;
  for (PageBlock& block : blocks_of(mend)) {
    switch (block.kind) {
      case PageBlock::Kind::paragraph:
        if (out.summary.empty() && out.steps.empty()) out.summary = std::move(block.text);
        break;
      case PageBlock::Kind::item:
        out.steps.push_back(std::move(block.text));
        break;
      case PageBlock::Kind::code:
        if (block.under_item)
          out.steps.back().append("\n").append(block.text, 0, block.text.find_last_not_of('\n') + 1);
        break;
    }
  }
  for (const PageBlock& block : blocks_of(references))
    if (block.kind == PageBlock::Kind::item) out.references.push_back(reference(block.text));
  return out;
}

}  // namespace

Outcome<Weakness> parse_page(const CatalogueEntry& entry) {
  const auto complain = [&](const Problem& problem) {
    std::string where = fmt::format("rules/{}/rule.md", entry.rule->name);
    if (!problem.where.empty()) where += ":" + problem.where;
    return failure(problem.what, std::move(where));
  };
  const auto page = split_page(entry.page);
  if (!page) return complain(page.error());

  Weakness out;
  out.rule = entry.rule;
  out.name = entry.rule->name;
  out.page = entry.page;
  if (const Problem problem = take_fields(page->fields, out); !problem.what.empty()) return complain(problem);
  if (const Problem problem = check_sections(page->sections); !problem.what.empty()) return complain(problem);
  if (out.detectors.empty()) out.detectors = {Listener().detector};
  out.remediation = remediation_of(page->sections.at(3).body, page->sections.at(4).body);
  if (out.remediation.summary.empty()) return complain({"the section \"Mend\" does not begin with a paragraph", ""});
  if (out.remediation.steps.empty()) return complain({"the section \"Mend\" has no list of steps", ""});
  if (out.remediation.references.empty()) return complain({"the section \"References\" has no list", ""});
  return out;
}

const std::vector<Weakness>& catalogue() {
  static const std::vector<Weakness> all = [] {
    std::vector<Weakness> out;
    for (const CatalogueEntry& entry : rule_table()) {
      auto weakness = parse_page(entry);
      assert(weakness.has_value());
      out.push_back(std::move(weakness.value()));
    }
    std::ranges::sort(out, {}, &Weakness::name);
    return out;
  }();
  return all;
}

const Weakness* find_weakness(std::string_view name) {
  const auto found = std::ranges::lower_bound(catalogue(), name, {}, &Weakness::name);
  return found != catalogue().end() && found->name == name ? &*found : nullptr;
}

}  // namespace wiretight
