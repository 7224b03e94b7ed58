#include "app/cli/command_line.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

#include "app/cli/help.h"

using namespace wiretight;
using namespace wiretight::cli;

namespace {

Outcome<Typed> parse(std::vector<std::string> words) { return parse_command_line(words); }

std::string problem_of(std::vector<std::string> words) {
  const Outcome<Typed> typed = parse_command_line(words);
  REQUIRE_FALSE(typed);
  return typed.error().what;
}

}  // namespace

TEST_CASE("options and targets are told apart, in any order") {
  const auto typed =
      parse({"scan", "db.example:443", "--timeout", "2.5", "-f", "json=a.json", "[::1]:8000", "-v", "-"});
  REQUIRE(typed);
  CHECK(typed->command == Command::scan);
  CHECK(typed->arguments == std::vector<std::string>{"db.example:443", "[::1]:8000", "-"});
  REQUIRE(typed->last("timeout") != nullptr);
  CHECK(*typed->last("timeout") == "2.5");
  CHECK(typed->all("format") == std::vector<std::string>{"json=a.json"});
  CHECK(typed->has("verbose"));
  CHECK_FALSE(typed->has("quiet"));
  CHECK(typed->last("rate") == nullptr);
}

TEST_CASE("a target keeps its looks: brackets, commands' names and dashes") {
  CHECK(parse({"scan", "[::1]"})->arguments == std::vector<std::string>{"[::1]"});
  CHECK(parse({"scan", "rules"})->arguments == std::vector<std::string>{"rules"});
  CHECK(parse({"scan", "--", "--odd-folder", "-x"})->arguments == std::vector<std::string>{"--odd-folder", "-x"});
}

TEST_CASE("lists add up and are taken apart; formats are not") {
  const auto typed =
      parse({"scan", "--rule", "a,b", "x:1", "--rule=c, ,d", "--format", "json", "--format", "sarif=a,b"});
  REQUIRE(typed);
  CHECK(typed->all("rule") == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(typed->all("format") == std::vector<std::string>{"json", "sarif=a,b"});
  CHECK(typed->arguments == std::vector<std::string>{"x:1"});
}

TEST_CASE("the last use of a single option counts") {
  CHECK(*parse({"scan", "--jobs", "2", "x:1", "-j3"})->last("jobs") == "3");
  CHECK(*parse({"scan", "--rate", "-3", "x:1"})->last("rate") == "-3");
}

TEST_CASE("what is wrong is said in a sentence, with what may have been meant") {
  CHECK(problem_of({"scan", "--no-such-option", "x:1"}) == "'scan' has no option --no-such-option");
  CHECK(problem_of({"scan", "--formatt=json", "x:1"}) == "'scan' has no option --formatt: did you mean --format?");
  CHECK(problem_of({"scan", "-Z", "x:1"}) == "'scan' has no option -Z");
  CHECK(problem_of({"rules", "--timeout", "1"}) == "'rules' has no option --timeout");
  CHECK(problem_of({"scan", "x:1", "--timeout"}) == "--timeout needs a value: SECONDS");
  CHECK(problem_of({"scan", "x:1", "-o"}) == "-o needs a value: FILE");
  CHECK(problem_of({"scna", "x:1"}) == "there is no command 'scna': did you mean scan?");
  CHECK(problem_of({"no-such-command"}) ==
        "there is no command 'no-such-command'; 'wiretight help' lists those that there are");
  CHECK(problem_of({"help", "no-such-command"}) ==
        "there is no command 'no-such-command'; 'wiretight help' lists those that there are");
  CHECK(problem_of({"scan"}) == "scan needs TARGET...; 'wiretight scan --help' says more");
  CHECK(problem_of({"pin", "a", "b"}) == "pin takes HOST[:PORT], and 'b' is one too many");
  CHECK(problem_of({"version", "a"}) == "version takes nothing, and 'a' is one too many");
  CHECK(problem_of({"--quiet"}) == "'--quiet' stands where the command belongs; 'wiretight help' lists the commands");
  CHECK_FALSE(parse({}));
}

TEST_CASE("help is asked for in four ways, also on an unfinished line") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"help"}, {"--help"}, {"-h"}}) {
    const auto typed = parse_command_line(words);
    REQUIRE(typed);
    CHECK(typed->command == Command::help);
    CHECK(typed->arguments.empty());
  }
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"help", "scan"}, {"scan", "--help"}, {"scan", "x:1", "-h"}}) {
    const auto typed = parse_command_line(words);
    REQUIRE(typed);
    CHECK(typed->command == Command::help);
    CHECK(typed->arguments == std::vector<std::string>{"scan"});
  }
  CHECK(parse({"--version"})->command == Command::version);
}

TEST_CASE("the table is sound") {
  for (const CommandInfo& info : commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    std::vector<std::string_view> groups;
    for (const Option& option : options()) {
      if (!option.commands.has(info.command)) continue;
      CAPTURE(option.name);
      CHECK(names.insert(option.name).second);
      CHECK((option.letter == 0 || letters.insert(option.letter).second));
      CHECK((option.arity == Arity::none) == option.argument.empty());
      CHECK_FALSE(option.help.empty());
      // Options of a group stand together, or the help would have a heading twice.
      if (groups.empty() || groups.back() != option.group) {
        CHECK(std::ranges::find(groups, option.group) == groups.end());
        groups.push_back(option.group);
      }
    }
  }
}

TEST_CASE("the help of a command names each of its options and fits the width") {
  for (const std::size_t width : {60u, 80u, 120u}) {
    for (const CommandInfo& info : commands()) {
      const std::string text = help_text(info.command, width);
      for (const Option& option : options()) {
        if (option.commands.has(info.command)) CHECK(text.find("--" + std::string(option.name)) != std::string::npos);
      }
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        REQUIRE(end != std::string::npos);
        CAPTURE(text.substr(at, end - at));
        CHECK(end - at <= width);
        at = end + 1;
      }
    }
  }
  const std::string all = help_text(std::nullopt, 80);
  for (const CommandInfo& info : commands()) CHECK(all.find("\n  " + std::string(info.name)) != std::string::npos);
}
