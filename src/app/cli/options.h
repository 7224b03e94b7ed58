#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The one table of commands and options. Parsing, --help and everything else that speaks of options reads it.
namespace wiretight::cli {

enum class Command : std::uint8_t { scan, prove, pin, rules, trail, help, version };

// What a command is called, what it takes and what it is for.
struct CommandInfo {
  Command command = Command::help;
  std::string_view name = {};
  std::string_view takes = {};    // "TARGET..."; empty: nothing
  std::string_view summary = {};  // after the name in the list of commands
  std::string_view about = {};    // paragraphs of its own help, apart by an empty line
};
std::span<const CommandInfo> commands();
const CommandInfo& info_of(Command command);
std::optional<Command> command_from(std::string_view name);

// A set of commands.
class Commands {
 public:
  consteval Commands(std::initializer_list<Command> list) {
    for (const Command command : list) bits_ |= 1u << static_cast<unsigned>(command);
  }
  constexpr bool has(Command command) const { return (bits_ >> static_cast<unsigned>(command) & 1u) != 0; }

 private:
  unsigned bits_ = 0;
};

enum class Arity : std::uint8_t {
  none,  // a switch
  one,   // the last one counts
  list,  // words with commas between them; given again, they add up
  many,  // each use is one more
};

struct Option {
  std::string_view name = {};  // without dashes
  char letter = 0;
  std::string_view argument = {};  // "SECONDS"; empty for a switch
  Arity arity = Arity::none;
  std::string_view fallback = {};  // what holds without it, for people; empty: nothing to say
  std::string_view help = {};
  std::string_view group = {};  // the heading that it stands under
  Commands commands = {};
};
std::span<const Option> options();

// The option of that command, by name without dashes; nullptr where it has none.
const Option* find_option(Command command, std::string_view name);

}  // namespace wiretight::cli
