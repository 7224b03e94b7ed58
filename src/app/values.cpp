#include "app/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/edit_distance.h"
#include "core/text.h"

namespace wiretight {
namespace {

// "'enormous' is no severity: critical, high, …"; what was probably meant goes first.
std::unexpected<Problem> not_one_of(std::string_view word, std::string_view noun,
                                    std::span<const std::string_view> known) {
  const std::string near = nearest(word, known);
  const std::string hint = near.empty() ? "" : fmt::format("did you mean {}? There are ", near);
  return failure(fmt::format("'{}' is no {}: {}{}", sanitise(word, 100), noun, hint, fmt::join(known, ", ")));
}

constexpr std::array<std::string_view, 6> severity_words = {"critical", "high", "medium", "low", "info", "none"};
constexpr std::array<std::string_view, 10> category_words = {
    "TLS", "cleartext", "protocol", "cipher", "certificate", "downgrade", "random", "policy", "credential", "ai"};
constexpr std::array<std::string_view, 6> kind_words = {"endpoint", "tree", "trail", "flowlog", "capture", "account"};
constexpr std::array<std::string_view, 3> depth_words = {"fast", "full", "economy"};
// Formats of the contract that belong to later versions.
constexpr std::array<std::string_view, 4> later_formats = {"html", "gitlab", "asff", "ocsf"};

std::optional<double> number_from(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

Outcome<std::vector<Category>> categories_from(std::span<const std::string> words) {
  std::vector<Category> out;
  bool all = words.empty();
  for (const std::string& word : words) {
    const std::optional<Category> category = category_from(word);
    if (!category && lower(word) != "tls") return not_one_of(word, "category", category_words);
    if (category) out.push_back(*category);
    all = all || !category;
  }
  if (all) out.clear();
  return out;
}

Outcome<std::vector<RuleName>> rules_from(std::span<const std::string> words) {
  std::vector<RuleName> out;
  for (const std::string& word : words) {
    Outcome<RuleName> name = parse_rule_name(word);
    // The sentence quotes the name already.
    if (!name) return failure(name.error().what);
    out.push_back(std::move(*name));
  }
  return out;
}

Outcome<Severity> least_severity_from(std::string_view word) {
  if (const std::optional<Severity> severity = severity_from(word)) return *severity;
  return not_one_of(word, "severity", std::span(severity_words).first(5));
}

Outcome<std::optional<Severity>> fail_on_from(std::string_view word) {
  if (word == "none") return std::nullopt;
  if (const std::optional<Severity> severity = severity_from(word)) return severity;
  return not_one_of(word, "severity", severity_words);
}

Outcome<TargetKind> kind_from(std::string_view word) {
  if (const std::optional<TargetKind> kind = target_kind_from(word)) return *kind;
  return not_one_of(word, "kind of target", kind_words);
}

Outcome<endpoint::Depth> depth_from(std::string_view word) {
  const auto found = std::ranges::find(depth_words, word);
  if (found == depth_words.end()) return not_one_of(word, "depth", depth_words);
  return static_cast<endpoint::Depth>(found - depth_words.begin());
}

Outcome<std::chrono::milliseconds> duration_from(std::string_view word) {
  constexpr double longest = 3600;
  const std::optional<double> seconds = number_from(word);
  if (!seconds || !(*seconds >= 0.001 && *seconds <= longest)) {
    return failure(fmt::format("'{}' is no number of seconds between 0.001 and {:.0f}", sanitise(word, 100), longest));
  }
  return std::chrono::milliseconds(std::llround(*seconds * 1000));
}

Outcome<double> rate_from(std::string_view word) {
  constexpr double highest = 1'000'000;
  const std::optional<double> rate = number_from(word);
  if (!rate || !(*rate >= 0.01 && *rate <= highest)) {
    return failure(
        fmt::format("'{}' is no number of connections a second between 0.01 and {:.0f}", sanitise(word, 100), highest));
  }
  return *rate;
}

Outcome<int> count_from(std::string_view word, int least, int most) {
  int count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (error != std::errc() || end != word.data() + word.size() || count < least || count > most) {
    return failure(fmt::format("'{}' is no whole number from {} to {}", sanitise(word, 100), least, most));
  }
  return count;
}

Outcome<std::int64_t> time_from(std::string_view word) {
  const std::optional<std::int64_t> time = parse_rfc3339(word);
  if (!time) return failure(fmt::format("'{}' is neither a day (2026-05-06) nor a time (2026-05-06T07:08:09Z)", word));
  return *time;
}

Outcome<trail::Shard> shard_from(std::string_view word) {
  constexpr int most = 1'000'000;
  const std::size_t slash = word.find('/');
  if (slash != std::string_view::npos) {
    const Outcome<int> of = count_from(word.substr(slash + 1), 1, most);
    const Outcome<int> number = of ? count_from(word.substr(0, slash), 1, *of) : of;
    if (number) return trail::Shard{.number = static_cast<unsigned>(*number), .of = static_cast<unsigned>(*of)};
  }
  return failure(fmt::format("'{}' is no shard: I/N, from 1/N to N/N", sanitise(word, 100)));
}

Outcome<trail::Dialect> sql_dialect_from(std::string_view word) {
  constexpr std::array<std::string_view, 4> names = {"athena", "trino", "duckdb", "spark"};
  const std::optional<trail::Dialect> dialect = trail::dialect_from(word);
  if (!dialect) return not_one_of(word, "dialect", names);
  return *dialect;
}

Outcome<std::string> table_from(std::string_view word) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  if (word.empty() || !std::ranges::all_of(word, fits))
    return failure(fmt::format("'{}' is no name of a table", sanitise(word, 100)));
  return std::string(word);
}

Outcome<std::string> location_from(std::string_view word) {
  const auto fits = [](char c) { return c > ' ' && c < 0x7f && c != '\'' && c != '\\' && c != ';'; };
  if (word.empty() || !std::ranges::all_of(word, fits))
    return failure(fmt::format("'{}' is no place of files", sanitise(word, 100)));
  return std::string(word);
}

Outcome<std::vector<std::string>> accounts_from(const std::vector<std::string>& words) {
  constexpr std::size_t digits = 12;
  for (const std::string& word : words) {
    if (word.size() != digits || word.find_first_not_of("0123456789") != std::string::npos)
      return failure(fmt::format("'{}' is no account: twelve digits", sanitise(word, 100)));
  }
  return words;
}

Outcome<Output> output_from(std::string_view word) {
  const std::size_t sign = word.find('=');
  const std::string_view name = word.substr(0, sign);
  const auto found = std::ranges::find(format_names, name);
  if (found == format_names.end()) {
    if (std::ranges::find(later_formats, name) != later_formats.end()) {
      return failure(fmt::format("the format {} is not in this version: {}", name, fmt::join(format_names, ", ")));
    }
    return not_one_of(name, "format", format_names);
  }
  Output output{.format = static_cast<Format>(found - format_names.begin())};
  if (sign == std::string_view::npos) return output;
  output.file = word.substr(sign + 1);
  if (output.file.empty()) return failure(fmt::format("'{}' names no file after the =", word));
  if (output.file == "-") output.file.clear();
  return output;
}

}  // namespace wiretight
