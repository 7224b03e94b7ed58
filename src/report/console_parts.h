#pragma once

#include <cstddef>
#include <string>

#include "report/console.h"

// What the files of the console report share.

namespace wiretight::report {

// Columns to write in. Narrower than 40 nothing can be read.
std::size_t columns_of(const ConsoleStyle& style);

// In a list of many, a target with nothing bad to say takes one line, and so does one of which nothing was seen.
// `worst` is its worst finding, nullptr for none.
bool is_dull(const TargetResult& target, const Finding* worst);

// What a listener accepts, as a small table: plain HTTP, each protocol version, key exchange, certificates.
std::string listener_lines(const Listener& listener, const ConsoleStyle& style);

// What was proved about a table and a principal, for an auditor.
std::string proof_lines(const Proof& proof, const ConsoleStyle& style);

// A line for each thing that moved the score: what it did, the rule, the reason; `several` names the target too.
std::string grade_lines(const Grade& grade, bool several, const ConsoleStyle& style);

// Target, verdict, grade and the worst finding, a line each. Of a long list those that are not tight, and their number.
// Nothing when every target is dull and so has had its line already.
std::string target_table(const Results& results, const ConsoleStyle& style);

}  // namespace wiretight::report
