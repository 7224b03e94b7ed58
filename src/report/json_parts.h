#pragma once

#include <span>
#include <string>

#include "core/json.h"
#include "engine/results.h"

// What the files of the JSON formats share.

namespace wiretight::report {

template <class Items, class Convert>
Json list(const Items& items, Convert convert) {
  Json out = Json::array();
  for (const auto& item : items) out.push(convert(item));
  return out;
}

Json strings(std::span<const std::string> texts);
// All strings and keys within, through `clean`; a string under the name of a secret becomes "***".
Json cleaned(const Json& value);
// The object of the contract up to and with "summary".
Json head_of(const Results& results);

}  // namespace wiretight::report
