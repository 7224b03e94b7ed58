#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "engine/finding.h"
#include "engine/rule.h"

namespace wiretight {

// A rule and its page, as CMake found them under rules/ (generated table).
struct CatalogueEntry {
  const Rule* rule = nullptr;
  std::string_view page = {};
};
std::span<const CatalogueEntry> rule_table();
// SHA-256 (hex) over the names and contents of all rule folders.
std::string_view catalogue_sha256();
std::string_view version();

// What can be wrong: the front matter and the sections of a rule.md.
struct Weakness {
  const Rule* rule = nullptr;
  std::string name = {};
  std::string title = {};
  Severity severity = Severity::info;
  Category category = Category::cleartext;
  std::vector<std::string> cwe = {};
  std::vector<std::string> controls = {};   // "PCI-DSS-4.0.1:4.2.1"
  std::vector<std::string> detectors = {};  // all that can name this weakness; the general probe unless the page says
  std::optional<int> cap = {};
  std::string since = {};
  bool opt_in = false;  // runs only when it is named (front matter `default: off`)
  std::string_view page = {};
  Remediation remediation = {};  // from the sections Mend and References
};

// Reads one page: its front matter, the five sections in their order (Reported, Why it matters, Not reported, Mend,
// References), the first paragraph of Mend as the summary of the remedy, the items of its lists as the steps (code
// below an item stays with it), and the items of References. The problem names what is unknown, missing, misplaced or
// not as expected, with "rules/<name>/rule.md:<line>".
Outcome<Weakness> parse_page(const CatalogueEntry& entry);

// All weaknesses, by name. Pages are compiled in and their test reads them all, so a bad page cannot get here.
const std::vector<Weakness>& catalogue();
const Weakness* find_weakness(std::string_view name);

}  // namespace wiretight
