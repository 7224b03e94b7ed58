#pragma once

#include "app/file_sources.h"

namespace wiretight {

// The source of `wiretight prove`: JSON documents that say which policies stand round a table and a principal
// (docs/policies.md), one by one or as a folder of them. What it reads stands in the proofs of its facts; a proof that
// comes to nothing is a gap as well.
extern const FileSource proof_source;

}  // namespace wiretight
