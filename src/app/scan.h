#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/outputs.h"
#include "app/ports.h"
#include "core/problem.h"
#include "engine/ask.h"
#include "engine/results.h"
#include "sources/endpoint/endpoint.h"

namespace wiretight {

// The exit codes of the contract.
enum class Exit : std::uint8_t { fine = 0, found = 1, unusable = 2, incomplete = 3 };

// What `wiretight scan` is asked for, when everything that was typed and configured is understood.
struct ScanRequest {
  std::vector<std::string> targets = {};    // names, @lists and -
  std::optional<TargetKind> kind = {};      // of all of them; unset: recognised one by one
  std::vector<std::string> arguments = {};  // as they may be shown
  Ask ask = {};
  std::optional<Severity> fail_on = Severity::high;  // unset: never
  endpoint::Request network = {};
  FileRequest files = {};
  std::vector<Output> outputs = {};
  report::ConsoleStyle style = {};
  bool facts = false;
  bool prove = false;          // the results have proofs, and every one of them is shown
  bool require_proof = false;  // exit 1 for a proof that found a witness, whatever its findings weigh
  bool progress = true;
};

// Finds the targets, reads each, judges and grades it, and hands the results to the outputs. Fails before anything is
// scanned where a target or an output is unusable.
Outcome<Exit> scan(const ScanRequest& request, Ports& ports);

}  // namespace wiretight
