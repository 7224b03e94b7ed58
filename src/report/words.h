#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "engine/results.h"

// Phrases that several formats use, so that they say the same in the same words.

namespace wiretight::report {

std::string upper(std::string_view text);

// "1 critical, 2 high, 1 info"; "no findings".
std::string counts_text(const Counts& by_severity);
// "2 high not shown".
std::string unreported_text(const Counts& unreported);

// "F (12/100)".
std::string grade_text(const Grade& grade);

// "340 ms", "2.4 s", "3 min 5 s".
std::string duration_text(std::int64_t milliseconds);

// "known-tls-vulnerability/heartbleed"; the rule alone where the detector is the general probe.
std::string rule_text(const Finding& finding);

// The first of the worst, nullptr for none; and that of each target that has one.
const Finding* worst_of(std::span<const Finding> findings);
std::map<std::string_view, const Finding*> worst_by_target(std::span<const Finding> findings);

// Of one target: incomplete unless its status is complete, then by its worst finding, which is `worst` (nullptr for
// none) or one that is not reported.
Verdict verdict_of(const TargetResult& target, const Finding* worst);

// "LEAKING, grade F (12/100): 1 critical, 2 high at db.example:443 in 340 ms"
std::string summary_text(const Results& results);

}  // namespace wiretight::report
