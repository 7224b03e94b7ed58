#include "app/cli/help.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "core/text.h"

namespace wiretight::cli {
namespace {

// `left`, then `right` from `column` on, wrapped; on a line of its own where `left` is too long.
std::string two_columns(const std::string& left, std::string_view right, std::size_t column, std::size_t width) {
  std::string out = left;
  std::size_t at = left.size();
  if (at + 2 > column) {
    out += '\n';
    at = 0;
  }
  for (const std::string& line : wrap(right, width > column + 20 ? width - column : 20)) {
    out.append(column - std::min(at, column), ' ');
    out += line + "\n";
    at = 0;
  }
  return out;
}

std::string spelling(const Option& option) {
  std::string out = option.letter != 0 ? fmt::format("  -{}, ", option.letter) : "      ";
  out += fmt::format("--{}", option.name);
  if (!option.argument.empty()) out += fmt::format(" {}", option.argument);
  return out;
}

std::string all_commands(std::size_t width) {
  std::string out = "Usage: wiretight COMMAND [OPTION...]\n\n";
  for (const std::string& line :
       wrap("Finds every way in which Amazon DynamoDB traffic can travel without sound TLS.", width)) {
    out += line + "\n";
  }
  out += "\nCommands:\n";
  for (const CommandInfo& info : commands()) {
    out += two_columns(fmt::format("  {} {}", info.name, info.takes), info.summary, 24, width);
  }
  return out + "\n'wiretight help COMMAND' lists its options.\n";
}

}  // namespace

std::string help_text(std::optional<Command> command, std::size_t width) {
  if (!command || *command == Command::help || *command == Command::version) return all_commands(width);
  const CommandInfo& info = info_of(*command);
  std::string out = fmt::format("Usage: wiretight {} [OPTION...] {}\n\n", info.name, info.takes);
  for (const std::string& line : wrap(info.about, width)) out += line + "\n";
  std::string_view group;
  for (const Option& option : options()) {
    if (!option.commands.has(*command)) continue;
    if (option.group != group) {
      group = option.group;
      out += fmt::format("\n{}:\n", group);
    }
    std::string text(option.help);
    if (!option.fallback.empty()) text += fmt::format(" [{}]", option.fallback);
    out += two_columns(spelling(option), text, 32, width);
  }
  return out;
}

}  // namespace wiretight::cli
