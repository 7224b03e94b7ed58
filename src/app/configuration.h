#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "engine/ask.h"

namespace wiretight {

// What .wiretight.yaml says. What it does not say is unset; the command line wins over all of it but `allow`.
struct Configuration {
  std::optional<std::vector<Category>> categories = {};
  std::optional<std::vector<RuleName>> rules = {};
  std::vector<RuleName> ignored = {};
  std::optional<Severity> least = {};
  std::optional<std::optional<Severity>> fail_on = {};  // set and empty: never
  std::optional<bool> require_post_quantum = {};
  std::vector<std::string> residency = {};  // globs of regions
  std::vector<Allowance> allowances = {};
  std::optional<std::chrono::milliseconds> timeout = {};
  std::optional<double> rate = {};
  std::optional<int> jobs = {};
};

// Reads the text of a configuration. The problem's place is "file:line", with `file` as the caller calls it.
Outcome<Configuration> parse_configuration(std::string_view text, const std::string& file);

// Reads the file of that name; without a name the nearest .wiretight.yaml from `folder` upwards, if there is one.
Outcome<Configuration> load_configuration(const std::optional<std::string>& file, const std::string& folder);

}  // namespace wiretight
