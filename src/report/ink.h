#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/results.h"

// Colours and columns of the console report.

namespace wiretight::report {

// What a stretch of text is, not how it looks.
enum class Ink { critical, high, medium, low, info, good, bad, unsure, strong, faint };

Ink ink_of(Severity severity);
Ink ink_of(Verdict verdict);

// The text between the escape codes of its ink, or as it is without colour.
std::string paint(Ink ink, std::string_view text, bool color);

std::string spaces(std::size_t count);

// The text with spaces behind it up to `width` columns.
std::string padded(std::string_view text, std::size_t width);

// The text as lines of at most `width` columns, all of it from column `start` on. `head`, which may be painted and must
// take `start` columns, stands before the first line. However narrow, the text keeps 20 columns.
std::string hang(std::string_view head, std::size_t start, std::string_view text, std::size_t width);

}  // namespace wiretight::report
