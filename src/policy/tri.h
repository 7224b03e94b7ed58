#pragma once

#include <algorithm>
#include <cstdint>

namespace wiretight::policy {

// Kleene's three values: `maybe` where the documents, or what is known about IAM, do not say.
enum class Tri : std::uint8_t { no, maybe, yes };

constexpr Tri tri(bool value) { return value ? Tri::yes : Tri::no; }
constexpr Tri opposite(Tri value) { return static_cast<Tri>(2 - static_cast<int>(value)); }
constexpr Tri both(Tri a, Tri b) { return std::min(a, b); }
constexpr Tri either(Tri a, Tri b) { return std::max(a, b); }

}  // namespace wiretight::policy
