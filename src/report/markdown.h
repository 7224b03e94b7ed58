#pragma once

#include <string>

#include "engine/results.h"

namespace wiretight::report {

// GitHub-flavoured Markdown for a job summary or a pull-request comment: the verdict first, then a table of findings,
// then the details folded away.
std::string markdown(const Results& results);

}  // namespace wiretight::report
