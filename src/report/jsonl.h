#pragma once

#include <span>
#include <string>

#include "engine/results.h"

namespace wiretight::report {

// One line (with its newline) for a finished target: {"schema", "record": "target", "target", "kind", "status", …,
// "findings", "grade"}. `findings` are those of this target.
std::string jsonl_target(const TargetResult& target, std::span<const Finding> findings);

// The last line: {"schema", "record": "summary", …}: the object of `json` without targets and findings.
std::string jsonl_summary(const Results& results);

// All lines at once.
std::string jsonl(const Results& results);

}  // namespace wiretight::report
