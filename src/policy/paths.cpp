#include "policy/paths.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "core/text.h"
#include "policy/condition.h"

namespace wiretight::policy {
namespace {

constexpr std::array<std::string_view, 7> endpoint_keys = {"aws:sourcevpce",   "aws:sourcevpc",   "aws:vpcsourceip",
                                                           "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid",
                                                           "aws:vpceorgpaths"};
constexpr std::array<std::string_view, 3> endpoint_keys_always = {"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"};

bool is_one_of(std::string_view name, auto list) { return std::ranges::find(list, name) != list.end(); }

std::string identity_of(const Test& test) {
  std::string key = lower(test.key) + '\0' + test.operator_name + '\0';
  for (const Text& value : test.values) key += identity_of(value) + '\2';
  return key;
}

// Fills in the keys, tests and conditions of a path whose context stands.
class Filler {
 public:
  Filler(Path& path, const std::vector<Rule>& rules) : path_(path), rules_(rules), tests_of_(rules.size()) {}

  void fill(const std::optional<std::string>& not_this_endpoint, std::int64_t now) {
    sort_tests();
    for (const auto& [name, tests] : by_key_) {
      KeyLimits limits{.present = is_always_present(name) || name == "aws:sourceip", .not_this = {}, .now = now};
      // Where the public way is shut, aws:SourceVpce is free or fixed, and not absent.
      if ((path_.context.is_free("aws:sourcevpce") || path_.context.find("aws:sourcevpce")) &&
          is_one_of(name, endpoint_keys_always))
        limits.present = true;
      if (name == "aws:sourcevpce") limits.not_this = not_this_endpoint;
      path_.keys.push_back(name);
      path_.spaces.push_back(key_space(name, tests, path_.context, limits));
      const std::size_t count = path_.spaces.back().values.size();
      Bits& all = path_.everything.emplace_back(count);
      for (std::size_t v = 0; v < count; ++v) all.set(v);
      widest_ = std::max(widest_, count);
    }
    path_.nothing = Bits(widest_);
    for (const Test* test : open_) add_test(*test);
    for (std::size_t r = 0; r < rules_.size(); ++r) add_conditions(r);
  }

 private:
  // Each different test once.
  void sort_tests() {
    std::unordered_map<std::string, std::size_t> known;
    path_.conditions.resize(rules_.size());
    for (std::size_t r = 0; r < rules_.size(); ++r) {
      for (const Test& test : rules_[r].statement->tests) {
        const Key key = read_key(test.key);
        if (!test.unknown.empty() || key.fate != KeyFate::known || !path_.context.is_free(key.name)) {
          Tri& fixed = path_.conditions[r].fixed;
          fixed = both(fixed, holds(test, path_.context));
          continue;
        }
        const auto [entry, fresh] = known.emplace(identity_of(test), open_.size());
        if (fresh) {
          open_.push_back(&test);
          by_key_[key.name].push_back(&test);
        }
        tests_of_[r].push_back(entry->second);
      }
    }
  }

  void add_test(const Test& test) {
    const std::string name = read_key(test.key).name;
    const auto key = static_cast<std::size_t>(std::ranges::lower_bound(path_.keys, name) - path_.keys.begin());
    const auto& values = path_.spaces[key].values;
    OpenTest made{.key = key, .yes = Bits(values.size()), .possible = Bits(values.size())};
    Context scratch = path_.context;
    const auto judge = [&](std::size_t v) {
      if (values[v])
        scratch.set(name, *values[v]);
      else
        scratch.set_absent(name);
      const Tri held = holds(test, scratch);
      (held == Tri::yes ? made.yes.set(v) : made.yes.clear(v));
      (held != Tri::no ? made.possible.set(v) : made.possible.clear(v));
    };
    if (compares_literals(test) && !is_multivalued(name)) {
      // Thousands of tests with a value each: all values but the test's own, and none, are one to it.
      if (test.op.negated) made.yes = made.possible = path_.everything[key];
      if (!values.empty() && !values.front()) judge(0);
      for (const Text& text : test.values)
        if (const auto own = index_of(key).find(text.raw); own != index_of(key).end()) judge(own->second);
    } else {
      for (std::size_t v = 0; v < values.size(); ++v) judge(v);
    }
    path_.tests.push_back(std::move(made));
  }

  // StringEquals and StringNotEquals of texts that stand for themselves.
  static bool compares_literals(const Test& test) {
    return test.op.family == Family::string && !test.op.wildcards && !test.op.ignore_case &&
           test.op.quantifier == Quantifier::none && std::ranges::all_of(test.values, [](const Text& text) {
             return text.pieces.size() == 1 && text.pieces[0].kind == Piece::Kind::literal &&
                    text.pieces[0].text == text.raw;
           });
  }

  // Where each of a key's single values stands.
  const std::unordered_map<std::string, std::size_t>& index_of(std::size_t key) {
    if (indices_.size() <= key) indices_.resize(key + 1);
    auto& index = indices_[key];
    const auto& values = path_.spaces[key].values;
    if (index.empty())
      for (std::size_t v = 0; v < values.size(); ++v)
        if (values[v] && values[v]->size() == 1) index.emplace(values[v]->front(), v);
    return index;
  }

  void add_conditions(std::size_t rule) {
    const bool allow = rules_[rule].statement->effect == Effect::allow;
    Conditions& conditions = path_.conditions[rule];
    for (const std::size_t t : tests_of_[rule]) {
      const OpenTest& test = path_.tests[t];
      const Bits* in_proof = allow ? &test.possible : &test.yes;
      // Where these are not all values there are, the worst of the others counts.
      if (!path_.spaces[test.key].exact) in_proof = allow ? &path_.everything[test.key] : &path_.nothing;
      conditions.open[0].push_back({.key = test.key, .values = in_proof});
      conditions.open[1].push_back({.key = test.key, .values = allow ? &test.yes : &test.possible});
    }
  }

  Path& path_;
  const std::vector<Rule>& rules_;
  std::vector<const Test*> open_;
  std::map<std::string, std::vector<const Test*>> by_key_;
  std::vector<std::vector<std::size_t>> tests_of_;                     // by rule
  std::vector<std::unordered_map<std::string, std::size_t>> indices_;  // by key
  std::size_t widest_ = 0;
};

bool looks_at_path(const Rulebook& rulebook) {
  return rulebook.situation().endpoint || std::ranges::any_of(rulebook.rules(), [](const Rule& rule) {
           return std::ranges::any_of(rule.statement->tests, [](const Test& test) {
             const std::string name = read_key(test.key).name;
             return name == "aws:sourceip" || is_one_of(name, endpoint_keys);
           });
         });
}

}  // namespace

std::deque<Path> paths(const Rulebook& rulebook, const Context& context, std::int64_t now) {
  const Situation& situation = rulebook.situation();
  std::deque<Path> out;
  const auto add = [&](Path path, const std::optional<std::string>& not_this_endpoint = {}) {
    Filler(out.emplace_back(std::move(path)), rulebook.rules()).fill(not_this_endpoint, now);
  };
  const bool endpoint_known =
      std::ranges::any_of(endpoint_keys_always, [&](std::string_view name) { return context.find(std::string(name)); });
  const bool public_known = context.find("aws:sourceip") || (!context.is_free("aws:sourcevpce") && !endpoint_known);
  if (!endpoint_known) {
    Path path{.context = context};
    for (const std::string_view name : endpoint_keys) path.context.set_absent(std::string(name));
    add(std::move(path));
  }
  if (public_known || !looks_at_path(rulebook)) return out;
  const Context::Values* known = context.find("aws:sourcevpce");
  const std::string& id = situation.endpoint_id;
  if (id.empty() || !known || *known == Context::Values{id}) {
    Path path{.context = context, .through_endpoint = situation.endpoint.has_value()};
    path.context.set_absent("aws:sourceip");
    if (!id.empty()) path.context.set("aws:sourcevpce", {id});
    add(std::move(path));
  }
  // Anybody can have an endpoint of his own, with the policy that allows everything.
  if (!id.empty() && situation.endpoint && (!known || *known != Context::Values{id})) {
    Path path{.context = context};
    path.context.set_absent("aws:sourceip");
    add(std::move(path), id);
  }
  return out;
}

}  // namespace wiretight::policy
