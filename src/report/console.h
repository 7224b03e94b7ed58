#pragma once

#include <span>
#include <string>

#include "engine/results.h"

namespace wiretight::report {

// How to print for people. Without colour the text is the same, byte for byte, less the escape codes.
struct ConsoleStyle {
  bool color = false;
  int width = 100;       // columns to wrap at; at least 40 are used
  bool verbose = false;  // also suppressed findings, every step of a mend, references, all evidence
  bool brief = false;    // one of several targets: findings only, without the picture of the listener
  bool quiet = false;    // nothing at all
};

// The whole report: target_lines of each target, brief when there are several, then closing_lines.
std::string console(const Results& results, const ConsoleStyle& style);

// What was found at one target, as soon as it is known. `findings` and `suppressed` are those of this target.
// `listeners` those of this target, for the table of protocols; `proofs` likewise.
std::string target_lines(const TargetResult& target, std::span<const Finding> findings,
                         std::span<const Finding> suppressed, std::span<const Listener> listeners,
                         const ConsoleStyle& style, std::span<const Proof> proofs = {});

// One finding: severity, rule, the sentence, evidence, the mend.
std::string finding_lines(const Finding& finding, const ConsoleStyle& style);

// Grade line by line, a table when there are several targets, what could not be assessed, and the verdict in one line
// that can be pasted.
std::string closing_lines(const Results& results, const ConsoleStyle& style);

}  // namespace wiretight::report
