#include "app/configuration.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <span>
#include <system_error>
#include <utility>

#include "app/values.h"
#include "core/edit_distance.h"
#include "core/file.h"
#include "core/text.h"
#include "syntax/yaml.h"

namespace wiretight {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 20;
constexpr yaml::Limits limits_of_yaml = {.bytes = most_bytes, .nodes = 100'000, .depth = 16};

// Turns nodes into values, and remembers the first thing that was wrong.
class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  std::optional<Problem> problem = {};

  void complain(const yaml::Node& node, std::string what) {
    if (!problem) problem = Problem{.what = std::move(what), .where = fmt::format("{}:{}", file_, node.span.line)};
  }

  std::string text(const yaml::Node& node, std::string_view key) {
    if (node.kind == yaml::Kind::scalar && !node.text.empty()) return node.text;
    complain(node, fmt::format("'{}' wants one value", key));
    return {};
  }

  // A sequence of scalars, or one scalar with commas.
  std::vector<std::string> words(const yaml::Node& node, std::string_view key) {
    std::vector<std::string> out;
    if (node.kind == yaml::Kind::scalar && !node.is_null()) {
      for (const std::string_view word : split(node.text, ',')) {
        if (!trim(word).empty()) out.emplace_back(trim(word));
      }
    } else if (node.kind == yaml::Kind::sequence) {
      for (const yaml::Node* item : node.items) out.push_back(text(*item, key));
    } else {
      complain(node, fmt::format("'{}' wants a list", key));
    }
    return out;
  }

  bool boolean(const yaml::Node& node, std::string_view key) {
    const std::optional<bool> value = node.boolean();
    if (!value) complain(node, fmt::format("'{}' wants true or false", key));
    return value.value_or(false);
  }

  template <class Value>
  std::optional<Value> value(const yaml::Node& node, std::string_view key, Outcome<Value> outcome) {
    if (outcome) return std::move(*outcome);
    complain(node, fmt::format("{}: {}", key, outcome.error().what));
    return std::nullopt;
  }

  // Every member, by its key, which must be among `known`.
  template <class Function>
  void members(const yaml::Node& node, std::string_view what, std::span<const std::string_view> known, Function each) {
    if (node.kind != yaml::Kind::mapping) return complain(node, fmt::format("{} wants 'name: value' lines", what));
    for (const yaml::Member& member : node.members) {
      const std::string& key = member.key->text;
      if (std::ranges::find(known, key) == known.end()) {
        const std::string near = nearest(key, known);
        const std::string hint = near.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                                              : fmt::format("did you mean '{}'?", near);
        complain(*member.key, fmt::format("unknown key '{}': {}", sanitise(key, 100), hint));
      }
      if (problem) return;
      each(key, *member.value);
    }
  }

 private:
  const std::string& file_;
};

Allowance read_allowance(Reader& reader, const yaml::Node& node) {
  constexpr std::array<std::string_view, 4> keys = {"rule", "where", "reason", "until"};
  Allowance out;
  reader.members(node, "an entry of 'allow'", keys, [&](const std::string& key, const yaml::Node& value) {
    if (key == "where") {
      out.where = reader.words(value, key);
      return;
    }
    const std::string text = reader.text(value, key);
    if (reader.problem) return;
    if (key == "rule") out.rule = reader.value(value, key, parse_rule_name(text)).value_or(RuleName{});
    if (key == "reason") out.reason = trim(text);
    if (key == "until") {
      out.until = parse_rfc3339(text);
      if (!out.until) reader.complain(value, "until: a date such as 2027-01-31 is wanted, or a whole RFC 3339 time");
    }
  });
  if (out.rule.rule.empty()) reader.complain(node, "an entry of 'allow' wants a 'rule'");
  if (out.reason.empty()) reader.complain(node, "an entry of 'allow' wants a 'reason': why is it accepted?");
  return out;
}

void read_member(Reader& reader, const std::string& key, const yaml::Node& node, Configuration& out) {
  if (key == "category") out.categories = reader.value(node, key, categories_from(reader.words(node, key)));
  if (key == "rules") out.rules = reader.value(node, key, rules_from(reader.words(node, key)));
  if (key == "ignore") out.ignored = reader.value(node, key, rules_from(reader.words(node, key))).value_or(out.ignored);
  if (key == "severity") out.least = reader.value(node, key, least_severity_from(reader.text(node, key)));
  if (key == "fail-on-severity") out.fail_on = reader.value(node, key, fail_on_from(reader.text(node, key)));
  if (key == "require-pq") out.require_post_quantum = reader.boolean(node, key);
  if (key == "residency") out.residency = reader.words(node, key);
  if (key == "timeout") out.timeout = reader.value(node, key, duration_from(reader.text(node, key)));
  if (key == "rate") out.rate = reader.value(node, key, rate_from(reader.text(node, key)));
  if (key == "jobs") out.jobs = reader.value(node, key, count_from(reader.text(node, key), 1, most_jobs));
  if (key == "allow") {
    if (node.kind != yaml::Kind::sequence) reader.complain(node, "'allow' wants a list");
    for (const yaml::Node* item : node.items) out.allowances.push_back(read_allowance(reader, *item));
  }
}

}  // namespace

Outcome<Configuration> parse_configuration(std::string_view text, const std::string& file) {
  constexpr std::array<std::string_view, 11> keys = {
      "category", "rules", "ignore", "severity", "fail-on-severity", "require-pq", "residency",
      "timeout",  "rate",  "jobs",   "allow"};
  const auto at_line = [&](const Problem& problem) {
    return Problem{.what = problem.what, .where = fmt::format("{}:{}", file, problem.where)};
  };
  const Outcome<yaml::File> parsed = yaml::parse(text, limits_of_yaml);
  if (!parsed) return std::unexpected(at_line(parsed.error()));
  if (!parsed->repeated.empty()) return std::unexpected(at_line(parsed->repeated.front()));
  if (parsed->documents.size() > 1) return failure("has more than one document", file);

  Configuration out;
  if (parsed->documents.empty() || parsed->documents.front().root().is_null()) return out;
  Reader reader(file);
  reader.members(parsed->documents.front().root(), "the configuration", keys,
                 [&](const std::string& key, const yaml::Node& node) { read_member(reader, key, node, out); });
  if (reader.problem) return std::unexpected(*reader.problem);
  return out;
}

Outcome<Configuration> load_configuration(const std::optional<std::string>& file, const std::string& folder) {
  std::optional<std::string> found = file;
  for (std::filesystem::path at = folder; !found && !at.empty(); at = at.parent_path()) {
    std::error_code error;
    const std::filesystem::path candidate = at / ".wiretight.yaml";
    if (std::filesystem::exists(candidate, error)) found = candidate.string();
    if (at == at.parent_path()) break;
  }
  if (!found) return Configuration{};
  const Outcome<std::string> text = read_file(*found, most_bytes);
  if (!text) return std::unexpected(text.error());
  return parse_configuration(*text, *found);
}

}  // namespace wiretight
