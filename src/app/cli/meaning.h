#pragma once

#include <string>

#include "app/cli/command_line.h"
#include "app/configuration.h"
#include "app/pin.h"
#include "app/ports.h"
#include "app/scan.h"
#include "app/trail.h"
#include "core/problem.h"

// What was typed becomes what is meant, once. A problem's place is the option.
namespace wiretight::cli {

Outcome<ScanRequest> scan_request(const Typed& typed, const Configuration& configuration, const Ports& ports);
// Of `prove`: a scan whose targets are documents about policies.
Outcome<ScanRequest> prove_request(const Typed& typed, const Configuration& configuration, const Ports& ports);
Outcome<PinRequest> pin_request(const Typed& typed);
// Of a command line with at least one argument, which says what is to be done.
Outcome<TrailRequest> trail_request(const Typed& typed);

// How to print for people on standard output.
Outcome<report::ConsoleStyle> console_style(const Typed& typed, const Ports& ports);
// --format of the commands that write one thing.
Outcome<bool> wants_json(const Typed& typed);

}  // namespace wiretight::cli
