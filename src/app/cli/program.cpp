#include "app/cli/program.h"

#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "app/cli/command_line.h"
#include "app/cli/help.h"
#include "app/cli/meaning.h"
#include "app/complain.h"
#include "app/configuration.h"
#include "app/pin.h"
#include "app/proofs.h"
#include "app/rules.h"
#include "app/scan.h"
#include "app/trail.h"
#include "engine/catalogue.h"

namespace wiretight::cli {
namespace {

Outcome<Exit> print(std::string_view text, Ports& ports) {
  if (ports.out.write(text) == Stream::Written::failed) return failure("cannot be written", "standard output");
  return Exit::fine;
}

// Where the search for a configuration begins: at the first target that is a file or folder; where all are endpoints,
// in the current folder.
std::string place_of_work(const Typed& typed) {
  std::error_code error;
  for (const std::string& target : typed.arguments) {
    if (target.find("://") != std::string::npos) continue;
    const std::filesystem::file_status status = std::filesystem::status(target, error);
    const std::filesystem::path whole = std::filesystem::absolute(target, error).lexically_normal();
    if (std::filesystem::is_directory(status)) return whole.string();
    if (std::filesystem::exists(status)) return whole.parent_path().string();
  }
  return std::filesystem::current_path(error).string();
}

Outcome<Configuration> configuration_of(const Typed& typed) {
  const std::string* named = typed.last("config");
  return load_configuration(named != nullptr ? std::optional(*named) : std::nullopt, place_of_work(typed));
}

Outcome<Exit> do_scan(const Typed& typed, Ports& ports) {
  const Outcome<Configuration> configuration = configuration_of(typed);
  if (!configuration) return std::unexpected(configuration.error());
  Outcome<ScanRequest> request = scan_request(typed, *configuration, ports);
  if (!request) return std::unexpected(request.error());
  return scan(*request, ports);
}

Outcome<Exit> do_prove(const Typed& typed, Ports& ports) {
  const Outcome<Configuration> configuration = configuration_of(typed);
  if (!configuration) return std::unexpected(configuration.error());
  const Outcome<ScanRequest> request = prove_request(typed, *configuration, ports);
  if (!request) return std::unexpected(request.error());
  Ports with_proofs = ports;
  with_proofs.files = std::span(&proof_source, 1);
  return scan(*request, with_proofs);
}

Outcome<Exit> do_pin(const Typed& typed, Ports& ports) {
  const Outcome<PinRequest> request = pin_request(typed);
  if (!request) return std::unexpected(request.error());
  const Outcome<report::ConsoleStyle> style = console_style(typed, ports);
  if (!style) return std::unexpected(style.error());
  const Outcome<bool> json = wants_json(typed);
  if (!json) return std::unexpected(json.error());
  const Outcome<PinTarget> target = parse_pin_target(request->name);
  if (!target) return std::unexpected(target.error());
  const Outcome<Pins> pins = fetch_pins(*target, *request, ports.now() / 1000);
  if (!pins) {
    complain(pins.error(), ports.error);
    return Exit::incomplete;
  }
  return print(*json ? pins_json(*pins) : pins_text(*pins, *style), ports);
}

Outcome<Exit> do_rules(const Typed& typed, Ports& ports) {
  const Outcome<report::ConsoleStyle> style = console_style(typed, ports);
  if (!style) return std::unexpected(style.error());
  const Outcome<bool> json = wants_json(typed);
  if (!json) return std::unexpected(json.error());
  if (typed.arguments.empty()) return print(*json ? rules_json(catalogue()) : rules_table(catalogue(), *style), ports);
  const Outcome<RuleName> name = parse_rule_name(typed.arguments.front());
  if (!name) return failure(name.error().what);
  const Weakness& weakness = *find_weakness(name->rule);
  return print(*json ? rule_json(weakness) : rule_page(weakness, *style), ports);
}

Outcome<Exit> do_trail(const Typed& typed, Ports& ports) {
  const std::string what = typed.arguments.empty() ? "" : typed.arguments.front();
  if (what != "worker" && what != "merge" && what != "sql")
    return failure("says what is to be done: worker, merge or sql", "trail");
  if (what == "merge" && typed.arguments.size() < 2) return failure("needs partial results to merge", "trail merge");
  if (what != "merge" && typed.arguments.size() > 1) return failure("takes no arguments", "trail " + what);
  const Outcome<TrailRequest> request = trail_request(typed);
  if (!request) return std::unexpected(request.error());
  if (what == "worker") return trail_worker(*request, ports);
  return what == "merge" ? trail_merge(*request, ports) : trail_sql(*request, ports);
}

Outcome<Exit> do_help(const Typed& typed, Ports& ports) {
  const Outcome<report::ConsoleStyle> style = console_style(typed, ports);
  if (!style) return std::unexpected(style.error());
  const std::optional<Command> about = typed.arguments.empty() ? std::nullopt : command_from(typed.arguments.front());
  return print(help_text(about, static_cast<std::size_t>(style->width)), ports);
}

Outcome<Exit> dispatch(const Typed& typed, Ports& ports) {
  switch (typed.command) {
    case Command::scan:
      return do_scan(typed, ports);
    case Command::prove:
      return do_prove(typed, ports);
    case Command::pin:
      return do_pin(typed, ports);
    case Command::rules:
      return do_rules(typed, ports);
    case Command::trail:
      return do_trail(typed, ports);
    case Command::help:
      return do_help(typed, ports);
    case Command::version:
      return print(fmt::format("wiretight {}\n", version()), ports);
  }
  return Exit::unusable;
}

}  // namespace

int run(std::span<const std::string> words, Ports& ports) {
  const Outcome<Typed> typed = parse_command_line(words);
  const Outcome<Exit> exit = typed ? dispatch(*typed, ports) : std::unexpected(typed.error());
  if (!exit) complain(exit.error(), ports.error);
  return static_cast<int>(exit.value_or(Exit::unusable));
}

}  // namespace wiretight::cli
