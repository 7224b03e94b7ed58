#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "engine/finding.h"
#include "engine/rule.h"

namespace wiretight {

// "cleartext-endpoint", or one detector of it: "cleartext-endpoint/boto3".
struct RuleName {
  std::string rule = {};
  std::string detector = {};  // empty: every detector
  bool covers(const Finding& finding) const {
    return finding.rule == rule && (detector.empty() || finding.detector == detector);
  }
};

// Takes a name as typed. A rule that the catalogue does not have, or a detector that the rule does not have, is a
// problem that names the nearest one. The second form is for another catalogue than the program's own.
Outcome<RuleName> parse_rule_name(std::string_view text);
Outcome<RuleName> parse_rule_name(std::string_view text, std::span<const struct Weakness> known);

// A finding that somebody looked at and accepts (`allow:` in the configuration). It is shown as suppressed, with the
// reason, and never lost.
struct Allowance {
  RuleName rule = {};
  std::vector<std::string> where = {};     // globs over target, endpoint, host, address, file or resource; empty: all
  std::string reason = {};                 // never empty
  std::optional<std::int64_t> until = {};  // seconds since 1970, UTC: from then on it counts no more
};

// What the user wants judged and reported.
struct Ask {
  std::vector<Category> categories = {};  // empty: all
  std::vector<RuleName> rules = {};       // empty: all that are not opt-in
  std::vector<RuleName> ignored = {};     // not judged at all
  Severity least = Severity::info;        // findings below are not reported, but still count for the grade
  Profile profile = {};
  std::vector<Allowance> allowances = {};
  std::set<std::string> baseline = {};  // fingerprints that are known already: suppressed
};

}  // namespace wiretight
