#pragma once

#include <set>
#include <string>

#include "core/problem.h"

namespace wiretight {

// The fingerprints of all findings of a saved JSON result, those that were suppressed with them.
Outcome<std::set<std::string>> load_baseline(const std::string& file);

}  // namespace wiretight
