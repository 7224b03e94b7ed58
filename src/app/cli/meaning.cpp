#include "app/cli/meaning.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "app/baseline.h"
#include "app/complain.h"
#include "app/values.h"

namespace wiretight::cli {
namespace {

// Applies values one by one until one is wrong.
class Applied {
 public:
  explicit Applied(const Typed& typed) : typed_(typed) {}

  // The last value of the option through `convert`, which says what it means, to `apply`.
  template <class Convert, class Apply>
  Applied& one(std::string_view option, Convert convert, Apply apply) {
    const std::string* word = problem_ ? nullptr : typed_.last(option);
    return word == nullptr ? *this : take(option, convert(*word), apply);
  }
  // All values of it.
  template <class Convert, class Apply>
  Applied& all(std::string_view option, Convert convert, Apply apply) {
    return problem_ || !typed_.has(option) ? *this : take(option, convert(typed_.all(option)), apply);
  }
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  template <class Result, class Apply>
  Applied& take(std::string_view option, Result result, Apply apply) {
    if (result) {
      apply(std::move(*result));
    } else {
      problem_ = result.error();
      if (problem_->where.empty()) problem_->where = fmt::format("--{}", option);
    }
    return *this;
  }

  const Typed& typed_;
  std::optional<Problem> problem_ = {};
};

template <class Value>
auto into(Value& place) {
  return [&place](auto value) { place = std::move(value); };
}

// A count within a range, as the option's value.
auto count_between(int least, int most) {
  return [=](const std::string& word) { return count_from(word, least, most); };
}

Outcome<int> ip_version_from(const std::string& word) {
  if (word == "4" || word == "6") return word == "4" ? 4 : 6;
  return failure(fmt::format("'{}' is neither 4 nor 6", word));
}

Outcome<std::string> text_from(const std::string& word) {
  if (word.empty()) return failure("an empty value");
  return word;
}

Outcome<std::vector<std::string>> words_from(const std::vector<std::string>& words) { return words; }

Outcome<std::vector<Output>> outputs_from(const std::vector<std::string>& words) {
  std::vector<Output> outputs;
  for (const std::string& word : words) {
    Outcome<Output> output = output_from(word);
    if (!output) return std::unexpected(output.error());
    outputs.push_back(std::move(*output));
  }
  return outputs;
}

// Each output has a place of its own.
Outcome<void> place_outputs(const Typed& typed, std::vector<Output>& outputs) {
  if (outputs.empty()) outputs.emplace_back();
  if (const std::string* file = typed.last("output")) {
    if (outputs.size() > 1 || !outputs.front().file.empty()) {
      return failure("goes with one format; several take their files as --format FMT=FILE", "--output");
    }
    if (file->empty()) return failure("an empty file name", "--output");
    if (*file != "-") outputs.front().file = *file;
  }
  std::set<std::string> taken;
  for (const Output& output : outputs) {
    if (!taken.insert(output.file).second) {
      return failure(output.file.empty() ? "only one format can go to standard output: give the others a file, FMT=FILE"
                                         : fmt::format("two formats go to {}", output.file),
                     "--format");
    }
  }
  return {};
}

void apply_configuration(const Configuration& configuration, ScanRequest& request) {
  Ask& ask = request.ask;
  ask.categories = configuration.categories.value_or(ask.categories);
  ask.rules = configuration.rules.value_or(ask.rules);
  ask.ignored = configuration.ignored;
  ask.least = configuration.least.value_or(ask.least);
  ask.allowances = configuration.allowances;
  ask.profile.residency = configuration.residency;
  ask.profile.require_post_quantum = configuration.require_post_quantum.value_or(false);
  request.fail_on = configuration.fail_on.value_or(request.fail_on);
  request.network.timeout = configuration.timeout.value_or(request.network.timeout);
  request.network.rate = configuration.rate;
  request.network.workers = configuration.jobs.value_or(request.network.workers);
}

}  // namespace

Outcome<ScanRequest> scan_request(const Typed& typed, const Configuration& configuration, const Ports& ports) {
  constexpr int most_connections = 1'000'000;
  ScanRequest request{.targets = typed.arguments};
  request.network.workers = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 16u));
  apply_configuration(configuration, request);

  Ask& ask = request.ask;
  endpoint::Request& network = request.network;
  Applied applied(typed);
  applied.one("as", kind_from, into(request.kind))
      .one("depth", depth_from, into(network.depth))
      .one("from", time_from, into(request.files.trail.from))
      .one("to", time_from, into(request.files.trail.to))
      .all("account", accounts_from, into(request.files.trail.accounts))
      .all("region", words_from, into(request.files.trail.regions))
      .all("category", categories_from, into(ask.categories))
      .all("rule", rules_from, into(ask.rules))
      .all("ignore", rules_from,
           [&](const std::vector<RuleName>& names) {
             ask.ignored.insert(ask.ignored.end(), names.begin(), names.end());
           })
      .one("severity", least_severity_from, into(ask.least))
      .one("fail-on-severity", fail_on_from, into(request.fail_on))
      .one("baseline", load_baseline, into(ask.baseline))
      .one("timeout", duration_from, into(network.timeout))
      .one("rate", rate_from, into(network.rate))
      .one("max-connections", count_between(1, most_connections), into(network.max_connections))
      .one("jobs", count_between(1, most_jobs), into(network.workers))
      .one("ip-version", ip_version_from, into(network.ip_version))
      .one("sni", text_from, into(network.sni))
      .one("ca", text_from, into(network.trust))
      .one("ip-ranges", flowlog::Ranges::load, into(request.files.ranges))
      .all("format", outputs_from, into(request.outputs));
  if (applied.problem()) return std::unexpected(*applied.problem());
  if (Outcome<void> placed = place_outputs(typed, request.outputs); !placed) return std::unexpected(placed.error());

  Outcome<report::ConsoleStyle> style = console_style(typed, ports);
  if (!style) return std::unexpected(style.error());
  request.style = *style;
  const trail::Scope& scope = request.files.trail;
  if (scope.from && scope.to && *scope.from >= *scope.to) return failure("is not before --to", "--from");
  if (request.style.quiet && request.style.verbose) return failure("contradicts --verbose", "--quiet");
  ask.profile.require_post_quantum = ask.profile.require_post_quantum || typed.has("require-pq");
  request.files.jobs = static_cast<unsigned>(network.workers);
  network.siblings = !typed.has("no-siblings");
  network.intrusive = typed.has("intrusive");
  request.facts = typed.has("facts");
  request.progress = ports.error.is_terminal() && !request.style.quiet && !typed.has("no-progress");
  request.arguments.emplace_back(info_of(typed.command).name);
  for (const std::string& word : typed.words) request.arguments.push_back(presentable(word));
  return request;
}

Outcome<ScanRequest> prove_request(const Typed& typed, const Configuration& configuration, const Ports& ports) {
  Outcome<ScanRequest> request = scan_request(typed, configuration, ports);
  if (!request) return request;
  for (const Output& output : request->outputs)
    if (output.format == Format::jsonl) return failure("'jsonl' has no proofs; json has", "--format");
  request->kind = TargetKind::tree;
  request->prove = true;
  request->require_proof = typed.has("require-proof");
  request->files.now = ports.now() / 1000;
  return request;
}

Outcome<PinRequest> pin_request(const Typed& typed) {
  PinRequest request{.name = typed.arguments.front()};
  Applied applied(typed);
  applied.one("timeout", duration_from, into(request.timeout))
      .one("ip-version", ip_version_from, into(request.ip_version))
      .one("sni", text_from, into(request.sni))
      .one("ca", text_from, into(request.trust));
  if (applied.problem()) return std::unexpected(*applied.problem());
  return request;
}

Outcome<TrailRequest> trail_request(const Typed& typed) {
  TrailRequest request{.jobs = std::clamp(std::thread::hardware_concurrency(), 1u, 16u),
                       .partials = {typed.arguments.begin() + 1, typed.arguments.end()}};
  Applied applied(typed);
  applied.one("shard", shard_from, into(request.shard))
      .one("from", time_from, into(request.scope.from))
      .one("to", time_from, into(request.scope.to))
      .all("account", accounts_from, into(request.scope.accounts))
      .all("region", words_from, into(request.scope.regions))
      .one("jobs", count_between(1, most_jobs), [&](int jobs) { request.jobs = static_cast<unsigned>(jobs); })
      .one("output", text_from, into(request.output))
      .one("dialect", sql_dialect_from, into(request.dialect))
      .one("table", table_from, into(request.table))
      .one("location", location_from, into(request.location));
  if (applied.problem()) return std::unexpected(*applied.problem());
  if (request.output == "-") request.output.clear();
  return request;
}

Outcome<report::ConsoleStyle> console_style(const Typed& typed, const Ports& ports) {
  constexpr int least_columns = 40;
  constexpr int most_columns = 1000;
  const auto variable = [&](const char* name) {
    const char* value = ports.environment(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  report::ConsoleStyle style{.verbose = typed.has("verbose"), .quiet = typed.has("quiet")};
  if (ports.out.is_terminal() && ports.out.columns() > 0) {
    style.width = std::clamp(ports.out.columns(), least_columns, most_columns);
  }
  const std::string* when = typed.last("color");
  if (when != nullptr && *when != "auto" && *when != "always" && *when != "never") {
    return failure(fmt::format("'{}' is none of auto, always, never", *when), "--color");
  }
  style.color = when != nullptr && *when == "always";
  if (when == nullptr || *when == "auto") {
    style.color = ports.out.is_terminal() && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  }
  Applied applied(typed);
  applied.one("width", count_between(least_columns, most_columns), into(style.width));
  if (applied.problem()) return std::unexpected(*applied.problem());
  return style;
}

Outcome<bool> wants_json(const Typed& typed) {
  const std::string* word = typed.last("format");
  if (word == nullptr || *word == "console") return false;
  if (*word == "json") return true;
  return failure(fmt::format("'{}' is neither console nor json", *word), "--format");
}

}  // namespace wiretight::cli
