#pragma once

#include <string>
#include <string_view>

#include "report/console.h"

namespace wiretight {

// The body of a Markdown section as a terminal shows it: paragraphs wrapped, items with their marks, code indented.
// Blocks in the notation of the rule tests become lines of "what was served → what is found".
std::string body_lines(std::string_view body, const report::ConsoleStyle& style);

std::string heading_line(std::string_view title, const report::ConsoleStyle& style);

}  // namespace wiretight
