#pragma once

#include <cstdint>
#include <vector>

#include "engine/ask.h"
#include "engine/finding.h"
#include "facts/fact_set.h"

namespace wiretight {

struct Judgement {
  std::vector<Finding> findings = {};    // to be reported
  std::vector<Finding> suppressed = {};  // taken out by an allowance, a comment or the baseline
  std::vector<Finding> unreported = {};  // below the severity that was asked for: these still count for the grade
};

// Runs every rule that is asked for over the facts; `now` is in seconds since 1970. Each list is sorted by severity,
// then location, then rule, and has one finding a fingerprint, so that the same facts give the same bytes.
Judgement judge(const FactSet& facts, const Ask& ask, std::int64_t now);

// What a finding is recognised by from scan to scan: rule, detector, target, place without line numbers, identity.
std::string fingerprint_of(const Finding& finding);

void sort_findings(std::vector<Finding>& findings);

}  // namespace wiretight
