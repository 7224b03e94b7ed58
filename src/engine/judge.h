#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/ask.h"
#include "engine/catalogue.h"
#include "engine/finding.h"
#include "facts/fact_set.h"

namespace wiretight {

struct Judgement {
  std::vector<Finding> findings = {};    // to be reported
  std::vector<Finding> suppressed = {};  // taken out by an allowance, a comment or the baseline
  std::vector<Finding> unreported = {};  // below the severity that was asked for: these still count for the grade
};

// Runs every rule that is asked for over the facts; `now` is in seconds since 1970. Each list is sorted by severity,
// then location, then rule, and has one finding a fingerprint and target, so that the same facts give the same bytes.
// The second form is for another catalogue than the program's own.
Judgement judge(const FactSet& facts, const Ask& ask, std::int64_t now);
Judgement judge(const FactSet& facts, const Ask& ask, std::int64_t now, std::span<const Weakness> weaknesses);

// What a finding is recognised by from scan to scan, 32 hexadecimal digits: rule, detector, place without line numbers,
// identity, and the target as it was named where the place is no endpoint.
std::string fingerprint_of(const Finding& finding);

// By severity, worst first, then location, rule, detector and identity.
void sort_findings(std::vector<Finding>& findings);

}  // namespace wiretight
