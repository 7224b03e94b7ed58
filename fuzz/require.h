#pragma once

#include <cstdlib>

// What a fuzzer holds to be true of any input: where it is not, the run ends and keeps the input. Not an assert, which
// optimised builds leave out.
inline void require(bool holds) {
  if (!holds) std::abort();
}
