#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/options.h"
#include "core/problem.h"

namespace wiretight::cli {

// What was typed, sorted but not yet understood: meaning.h says what it means.
struct Typed {
  Command command = Command::help;
  std::vector<std::string> words = {};                                     // all after the command, as they stand
  std::vector<std::string> arguments = {};                                 // what is no option, in order
  std::map<std::string, std::vector<std::string>, std::less<>> uses = {};  // by option name; a switch has ""

  bool has(std::string_view option) const { return uses.contains(option); }
  // The last value, or nullptr.
  const std::string* last(std::string_view option) const;
  // All values; those of lists taken apart at their commas, empty words left out.
  std::vector<std::string> all(std::string_view option) const;
};

// Takes the words after the program's name. A problem is one sentence that names what is wrong and, where something is
// near, what may have been meant.
Outcome<Typed> parse_command_line(std::span<const std::string> words);

}  // namespace wiretight::cli
