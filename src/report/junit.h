#pragma once

#include <optional>
#include <string>

#include "engine/results.h"

namespace wiretight::report {

// JUnit XML: a suite a target. A finding at or above `fail_on` is a failure, one below it a passed case that says so in
// its output, a suppressed one is skipped, and what could not be assessed is an error.
std::string junit(const Results& results, std::optional<Severity> fail_on);

}  // namespace wiretight::report
