#include "policy/key_space.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <set>
#include <string_view>

#include "policy/condition.h"
#include "policy/product.h"

namespace wiretight::policy {
namespace {

constexpr std::size_t most_steps = 2'000'000;
constexpr std::size_t most_values = 20'000;

constexpr std::string_view printable =
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:@ !\"#$%&'()*+,;<=>?[\\]^`{|}~";

// Of a text without wildcards, variables and unknown values.
std::string literal_of(const Text& text) { return text.pieces.empty() ? "" : text.pieces.front().text; }

class Space {
 public:
  Space(const std::string& key, std::span<const Test* const> tests, const Context& context, const KeyLimits& limits)
      : key_(key), tests_(tests), context_(context), limits_(limits) {}

  KeySpace build() {
    bool text = false, boolean = false, number = false, address = false;
    for (const Test* test : tests_) {
      const Family family = test->op.family;
      text = text || family == Family::string || family == Family::arn || family == Family::binary;
      boolean = boolean || family == Family::boolean;
      number = number || family == Family::numeric || family == Family::date;
      address = address || family == Family::address;
    }
    if (text) add_texts();
    if (boolean) add("true"), add("false");
    if (number) add_numbers();
    if (address) add_addresses();
    if (!text && !boolean && !number && !address) add("x");  // only Null looks at it
    // A text that is also a number, an address …: these values do not tell.
    if (int{text} + int{number} + int{address} > 1 || (boolean && (number || address))) space_.exact = false;
    if (is_multivalued(key_)) add_sets();
    if (limits_.not_this)
      std::erase_if(space_.values,
                    [&](const auto& values) { return values->size() == 1 && values->front() == *limits_.not_this; });
    if (!limits_.present) space_.values.insert(space_.values.begin(), std::nullopt);
    return std::move(space_);
  }

 private:
  void add(std::string value) {
    if (space_.values.size() >= most_values)
      space_.exact = false;
    else if (seen_.insert(value).second)
      space_.values.push_back(Context::Values{std::move(value)});
  }

  static bool is_plain(const Text& text) {
    return text.pieces.empty() || (text.pieces.size() == 1 && text.pieces.front().kind == Piece::Kind::literal);
  }

  void add_texts() {
    std::vector<Pattern> patterns;
    std::set<Pattern> known;
    const auto add_pattern = [&](const Pattern& pattern) {
      if (known.insert(pattern).second) patterns.push_back(pattern);
    };
    for (const Test* test : tests_) {
      if (test->op.family == Family::boolean) {
        add_pattern(u"true");
        add_pattern(u"false");
      }
      if (test->op.family != Family::string && test->op.family != Family::arn && test->op.family != Family::binary)
        continue;
      for (const Text& text : test->values) {
        const Compiled compiled = compile(text, test->op, context_);
        if (compiled.certainty == Compiled::Certainty::never) continue;
        add_pattern(compiled.wide);
        if (compiled.certainty == Compiled::Certainty::narrower) add_pattern(compiled.narrow);
        const bool plain = is_plain(text);
        if (plain && !test->op.ignore_case) add(literal_of(text));
        // Atoms are made of printable ASCII.
        if (!plain && std::any_of(compiled.wide.begin(), compiled.wide.end(),
                                  [](char16_t symbol) { return symbol < 0x20 || (symbol > 0x7e && symbol < 0x100); }))
          space_.exact = false;
      }
    }
    const std::array<Language, 2> languages = {Language{{.bytes = printable, .repeats = true}}, Language{}};
    const auto found = atoms("", languages, patterns, most_steps);
    if (!found) {
      space_.exact = false;
      return;
    }
    for (const Atom& atom : *found) add(atom.text);
  }

  static std::string number_text(double value) {
    return value == std::floor(value) && std::abs(value) < 1e15 ? fmt::format("{}", static_cast<std::int64_t>(value))
                                                                : fmt::format("{}", value);
  }

  void add_numbers() {
    std::vector<double> limits;
    for (const Test* test : tests_)
      for (const Text& text : test->values)
        if (is_plain(text))
          if (const auto value =
                  test->op.family == Family::date ? parse_time(literal_of(text)) : parse_number(literal_of(text)))
            limits.push_back(*value);
    const bool is_now = key_ == "aws:currenttime" && limits_.now != 0;
    const auto now = static_cast<double>(limits_.now);
    if (is_now) limits.push_back(now);
    std::sort(limits.begin(), limits.end());
    limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
    const auto add_number = [&](double value) {
      if (!is_now || value >= now) add(number_text(value));
    };
    if (limits.empty()) add_number(0);
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (i == 0) add_number(limits[i] - 1);
      add_number(limits[i]);
      add_number(i + 1 < limits.size() ? std::midpoint(limits[i], limits[i + 1]) : limits[i] + 1);
    }
  }

  // The membership in all networks changes only where one begins, and after its end.
  void add_addresses() {
    add("203.0.113.10");
    add("10.0.0.10");
    add_address({}, false);
    add_address({}, true);
    for (const Test* test : tests_) {
      for (const Text& text : test->values) {
        const auto network = is_plain(text) ? parse_network(literal_of(text)) : std::nullopt;
        if (!network) continue;
        add_address(network->first, network->v6);
        auto after = network->last;
        std::size_t at = network->v6 ? 16 : 4;
        while (at > 0 && ++after[at - 1] == 0) --at;
        if (at > 0) add_address(after, network->v6);
      }
    }
  }

  void add_address(const std::array<std::uint8_t, 16>& bytes, bool v6) {
    std::array<char, INET6_ADDRSTRLEN> text = {};
    if (inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size())) add(text.data());
  }

  // Each quantified test is decided by one value of a set, so sets of as many values as there are such tests do.
  void add_sets() {
    const auto quantified = static_cast<std::size_t>(std::count_if(
        tests_.begin(), tests_.end(), [](const Test* test) { return test->op.quantifier != Quantifier::none; }));
    const std::vector<std::optional<Context::Values>> single = space_.values;
    std::size_t begin = 0;
    for (std::size_t size = 2; size <= std::min(quantified, single.size()); ++size) {
      const std::size_t end = space_.values.size();
      for (std::size_t i = begin; i < end; ++i) {
        for (const auto& one : single) {
          if (space_.values[i]->back() >= one->front()) continue;
          if (space_.values.size() >= most_values) {
            space_.exact = false;
            return;
          }
          Context::Values larger = *space_.values[i];
          larger.push_back(one->front());
          space_.values.emplace_back(std::move(larger));
        }
      }
      begin = end;
    }
  }

  const std::string& key_;
  std::span<const Test* const> tests_;
  const Context& context_;
  const KeyLimits& limits_;
  KeySpace space_;
  std::set<std::string> seen_;
};

}  // namespace

KeySpace key_space(const std::string& key, std::span<const Test* const> tests, const Context& context,
                   const KeyLimits& limits) {
  return Space(key, tests, context, limits).build();
}

}  // namespace wiretight::policy
