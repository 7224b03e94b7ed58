#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/results.h"

// Words and colours of the console report.

namespace wiretight::report {

// What a stretch of text is, not how it looks.
enum class Ink { critical, high, medium, low, info, good, bad, unsure, strong, faint };

Ink ink_of(Severity severity);
Ink ink_of(Verdict verdict);

// The text between the escape codes of its ink, or as it is without colour.
std::string paint(Ink ink, std::string_view text, bool color);

// The text with spaces behind it up to `width` columns.
std::string padded(std::string_view text, int width);

// Lines of at most `width` columns, broken at spaces; a word that is longer is cut. Never empty.
std::vector<std::string> wrapped(std::string_view text, int width);

}  // namespace wiretight::report
