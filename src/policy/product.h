#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/glob.h"

namespace wiretight::policy {

// A set of strings: one byte of each slot in turn. Bytes that stand earlier make nicer examples.
struct Slot {
  std::string_view bytes = {};
  bool repeats = false;  // one or more
};
using Language = std::vector<Slot>;

// A string, and which patterns match it: their indices, ascending.
struct Atom {
  std::string text = {};
  std::vector<std::uint32_t> matched = {};
};

// One atom for each way in which `prefix` followed by a string of the languages can be matched by some of the patterns
// and not by the others; its text is the first and shortest such string, of the first language that has one. Nothing
// when it would take more than `budget` steps: patterns can be chosen so that there are exponentially many ways.
std::optional<std::vector<Atom>> atoms(std::string_view prefix, std::span<const Language> languages,
                                       std::span<const Pattern> patterns, std::size_t budget);

}  // namespace wiretight::policy
