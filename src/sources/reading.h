#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "facts/fact_set.h"

namespace wiretight {

// What a source read of one target. Gaps stand in `facts.gaps`: with any of them the target is `partial`, and `failed`
// when nothing at all could be read.
struct Reading {
  std::string target = {};  // as the user named it
  bool failed = false;
  FactSet facts = {};
  Json statistics = Json::object();         // the contract's names for this kind of target
  std::vector<std::string> looked_at = {};  // a line each for people: "TLSv1.0 to TLSv1.2: 356 suites offered, 7 taken"
};

}  // namespace wiretight
