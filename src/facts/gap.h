#pragma once

#include <string>

#include "core/place.h"

namespace wiretight {

// Something that was asked for and could not be looked at. A gap makes the verdict `incomplete`; it is never a pass.
struct Gap {
  std::string target = {};   // as the user named it
  std::string place = {};    // what exactly: a port, a file, a probe
  std::string message = {};  // why, in a sentence
  bool operator==(const Gap&) const = default;
};

}  // namespace wiretight
