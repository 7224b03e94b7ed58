#pragma once

#include <span>
#include <string>

#include "app/ports.h"

namespace wiretight::cli {

// Does what the words after the program's name ask for, and returns the exit code.
int run(std::span<const std::string> words, Ports& ports);

// run() on this machine: its terminal, clock, network and signals.
int run_on_this_machine(int count, char** words);

}  // namespace wiretight::cli
