#pragma once

#include <string>

#include "facts/listener.h"
#include "report/console.h"

namespace wiretight::report {

// What a listener accepts, as a small table: plain HTTP, each protocol version, key exchange, certificates.
std::string listener_lines(const Listener& listener, const ConsoleStyle& style);

}  // namespace wiretight::report
