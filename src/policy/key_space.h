#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/context.h"
#include "policy/document.h"

namespace wiretight::policy {

// What is known of a key that has no fixed value.
struct KeyLimits {
  bool present = false;                      // it is never absent
  std::optional<std::string> not_this = {};  // a value that it does not have
  std::int64_t now = 0;                      // of the current time: what has passed does not come again. 0: any time
};

// Enough values of one key: whatever value a request has, one of these makes the same tests hold.
struct KeySpace {
  std::vector<std::optional<Context::Values>> values = {};  // nothing: the key is absent
  // False when there would be too many, or tests of several kinds look at the key: then these are some of many.
  bool exact = true;
};

KeySpace key_space(const std::string& key, std::span<const Test* const> tests, const Context& context,
                   const KeyLimits& limits);

}  // namespace wiretight::policy
