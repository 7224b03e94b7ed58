#pragma once

#include <optional>
#include <string>

#include "engine/results.h"

namespace wiretight::report {

// SARIF 2.1.0 with a physical location for every result, because GitHub drops results without one. An endpoint is the
// artifact "endpoints/<host>_<port>"; the real place stands in the result's properties. `fail_on` as in
// --fail-on-severity (nothing is "none"); it decides the exit code that the invocation names.
std::string sarif(const Results& results, std::optional<Severity> fail_on);

}  // namespace wiretight::report
