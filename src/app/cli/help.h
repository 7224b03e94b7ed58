#pragma once

#include <optional>
#include <string>

#include "app/cli/options.h"

namespace wiretight::cli {

// The list of commands, or what one command does and takes, in lines of at most `width` columns.
std::string help_text(std::optional<Command> command, std::size_t width);

}  // namespace wiretight::cli
