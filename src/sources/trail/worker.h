#pragma once

#include <istream>
#include <string>

#include "core/problem.h"
#include "sources/trail/partial.h"
#include "sources/trail/trail.h"

namespace wiretight::trail {

// One of several workers that share the folders of a list among them.
struct Shard {
  unsigned number = 1;  // from 1
  unsigned of = 1;
};

// Reads the files that a list names, one a line, or those of them whose folders fall to the shard. The list may be in
// any order; all files of a folder must be in it. Files that could not be read are gaps of the partial. Fails where the
// list names nothing that a file could have.
Outcome<Partial> work(std::istream& list, const Shard& shard, const Request& request, std::string version);

}  // namespace wiretight::trail
