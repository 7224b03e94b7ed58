#include "engine/ask.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/edit_distance.h"
#include "core/text.h"
#include "engine/catalogue.h"

namespace wiretight {
namespace {

// "there is no rule "x"; did you mean "y"?"
Problem no_such(std::string_view what, std::string_view typed, std::span<const std::string_view> known) {
  Problem out{.what = fmt::format("{} \"{}\"", what, sanitise(typed, 100)), .where = sanitise(typed, 100)};
  if (const std::string meant = nearest(typed, known); !meant.empty())
    out.what += fmt::format("; did you mean \"{}\"?", meant);
  return out;
}

}  // namespace

Outcome<RuleName> parse_rule_name(std::string_view text) { return parse_rule_name(text, catalogue()); }

Outcome<RuleName> parse_rule_name(std::string_view text, std::span<const Weakness> known) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view name = text.substr(0, slash);
  const auto weakness = std::ranges::find(known, name, &Weakness::name);
  if (weakness == known.end()) {
    std::vector<std::string_view> names;
    for (const Weakness& one : known) names.emplace_back(one.name);
    return std::unexpected(no_such("there is no rule", name, names));
  }
  if (slash == text.size()) return RuleName{.rule = std::string(name)};

  const std::string_view detector = text.substr(slash + 1);
  const std::vector<std::string_view> detectors(weakness->detectors.begin(), weakness->detectors.end());
  if (std::ranges::find(detectors, detector) == detectors.end())
    return std::unexpected(no_such(fmt::format("the rule {} has no detector", name), detector, detectors));
  return RuleName{.rule = std::string(name), .detector = std::string(detector)};
}

}  // namespace wiretight
