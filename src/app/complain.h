#pragma once

#include <string>
#include <string_view>

#include "app/ports.h"
#include "core/problem.h"

namespace wiretight {

// A word of the command line or a place as it may be shown: user and password hidden, also where no scheme is before
// them.
std::string presentable(std::string_view text);

// One sentence on standard error: "wiretight: targets.txt:3: …".
void complain(const Problem& problem, Stream& error);

}  // namespace wiretight
