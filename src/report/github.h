#pragma once

#include <optional>
#include <string>

#include "engine/results.h"

namespace wiretight::report {

// Workflow commands that GitHub Actions turns into annotations: `::error` for what could not be assessed and for
// findings at or above `fail_on`, `::warning` for the other findings that are no info, `::notice` for info. GitHub
// shows ten of each kind a step; what goes beyond is counted in the summary line that ends the output.
std::string github(const Results& results, std::optional<Severity> fail_on);

}  // namespace wiretight::report
