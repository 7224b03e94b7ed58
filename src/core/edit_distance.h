#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace wiretight {

// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string
// alignment), in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

// What was probably meant by `typed`: the nearest candidate, when no more than a third of its letters differ; else "".
std::string nearest(std::string_view typed, std::span<const std::string_view> candidates);

}  // namespace wiretight
