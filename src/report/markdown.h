#pragma once

#include <cstddef>
#include <string>

#include "engine/results.h"

namespace wiretight::report {

// GitHub refuses comments with more characters. Bytes are counted, so that it holds for whatever a character is.
inline constexpr std::size_t most_markdown = 65536;

// GitHub-flavoured Markdown for a job summary or a pull-request comment: the verdict first, then what could not be
// assessed and a table of findings, then the details folded away. Never longer than `most`: what does not fit is left
// out from the end of each part, and counted.
std::string markdown(const Results& results, std::size_t most = most_markdown);

}  // namespace wiretight::report
