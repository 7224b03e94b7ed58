#include "app/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "core/edit_distance.h"
#include "core/text.h"

namespace wiretight::cli {
namespace {

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known,
                         std::string_view dashes = "") {
  const std::string near = nearest(typed, known);
  return near.empty() ? "" : fmt::format(": did you mean {}{}?", dashes, near);
}

std::unexpected<Problem> no_such_command(const std::string& word) {
  std::vector<std::string_view> names;
  for (const CommandInfo& info : commands()) names.push_back(info.name);
  const std::string hint = did_you_mean(word, names);
  return failure(fmt::format("there is no command '{}'{}", word,
                             hint.empty() ? "; 'wiretight help' lists those that there are" : hint));
}

std::unexpected<Problem> no_such_option(Command command, const std::string& word) {
  const std::size_t start = std::min(word.find_first_not_of('-'), word.size());
  const std::string name = word.substr(start, word.find('=', start) - start);
  std::vector<std::string_view> names;
  for (const Option& option : options()) {
    if (option.commands.has(command)) names.push_back(option.name);
  }
  const std::string hint = did_you_mean(name, names, "--");
  return failure(fmt::format("'{}' has no option {}{}", info_of(command).name, word.substr(0, word.find('=')), hint));
}

// The option that the last words left without its value.
const Option* unfinished(Command command, std::string_view word) {
  for (const Option& option : options()) {
    if (!option.commands.has(command) || option.arity == Arity::none) continue;
    const bool long_form = word.starts_with("--") && word.substr(2) == option.name;
    const bool short_form = option.letter != 0 && word.starts_with('-') && word.ends_with(option.letter);
    if (long_form || short_form) return &option;
  }
  return nullptr;
}

std::string names_of(const Option& option) {
  return option.letter == 0 ? fmt::format("--{}", option.name) : fmt::format("-{},--{}", option.letter, option.name);
}

Outcome<Typed> parse_words_of(Command command, std::vector<std::string> words) {
  Typed typed{.command = command, .words = words};
  // What follows "--" is no option, whatever it looks like.
  std::vector<std::string> after;
  if (const auto end = std::ranges::find(words, "--"); end != words.end()) {
    after.assign(end + 1, words.end());
    words.erase(end, words.end());
  }

  CLI::App parser;
  parser.set_help_flag();
  parser.allow_extras();
  std::map<const Option*, std::vector<std::string>> values;
  std::map<const Option*, CLI::Option*> rows;
  for (const Option& option : options()) {
    if (!option.commands.has(command)) continue;
    rows[&option] = option.arity == Arity::none
                        ? parser.add_flag(names_of(option))
                        : parser.add_option(names_of(option), values[&option])->allow_extra_args(false);
  }
  const std::string last = words.empty() ? "" : words.back();
  try {
    std::ranges::reverse(words);  // CLI11 takes them from the back
    parser.parse(words);
  } catch (const CLI::ParseError& error) {
    if (const Option* option = unfinished(command, last)) {
      return failure(fmt::format("{} needs a value: {}", last, option->argument));
    }
    return failure(error.what());
  }
  for (const auto& [option, row] : rows) {
    if (row->count() == 0) continue;
    typed.uses[std::string(option->name)] =
        option->arity == Arity::none ? std::vector<std::string>{""} : values[option];
  }
  for (std::string& word : parser.remaining()) {
    if (word.size() > 1 && word.starts_with('-')) return no_such_option(command, word);
    typed.arguments.push_back(std::move(word));
  }
  std::ranges::move(after, std::back_inserter(typed.arguments));
  if (typed.has("help")) return Typed{.command = Command::help, .arguments = {std::string(info_of(command).name)}};
  return typed;
}

Outcome<Typed> check_count(Outcome<Typed> typed) {
  if (!typed) return typed;
  const std::string_view takes = info_of(typed->command).takes;
  const std::string_view name = info_of(typed->command).name;
  const std::size_t count = typed->arguments.size();
  if (count == 0 && !takes.empty() && !takes.starts_with('['))
    return failure(fmt::format("{} needs {}; 'wiretight {} --help' says more", name, takes, name));
  if (count > 1 && !takes.ends_with("...")) {
    return failure(fmt::format("{} takes {}, and '{}' is one too many", name, takes, typed->arguments[1]));
  }
  if (count > 0 && takes.empty())
    return failure(fmt::format("{} takes nothing, and '{}' is one too many", name, typed->arguments[0]));
  return typed;
}

}  // namespace

const std::string* Typed::last(std::string_view option) const {
  const auto found = uses.find(option);
  return found == uses.end() || found->second.empty() ? nullptr : &found->second.back();
}

std::vector<std::string> Typed::all(std::string_view option) const {
  const auto found = uses.find(option);
  if (found == uses.end()) return {};
  const Option* row = find_option(command, option);
  if (row == nullptr || row->arity != Arity::list) return found->second;
  std::vector<std::string> parts;
  for (const std::string& value : found->second) {
    for (const std::string_view word : split(value, ',')) {
      if (!trim(word).empty()) parts.emplace_back(trim(word));
    }
  }
  return parts;
}

Outcome<Typed> parse_command_line(std::span<const std::string> words) {
  if (words.empty()) return failure("name a command; 'wiretight help' lists them");
  const std::string& first = words.front();
  std::vector<std::string> rest(words.begin() + 1, words.end());
  if (first == "--help" || first == "-h") return Typed{.command = Command::help};
  if (first == "--version") return Typed{.command = Command::version};
  if (first.starts_with('-'))
    return failure(fmt::format("'{}' stands where the command belongs; 'wiretight help' lists the commands", first));
  const std::optional<Command> command = command_from(first);
  if (!command) return no_such_command(first);
  Outcome<Typed> typed = check_count(parse_words_of(*command, std::move(rest)));
  if (typed && typed->command == Command::help && !typed->arguments.empty() && !command_from(typed->arguments[0])) {
    return no_such_command(typed->arguments[0]);
  }
  return typed;
}

}  // namespace wiretight::cli
