#include "policy/classes.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "policy/condition.h"
#include "policy/evaluate.h"
#include "policy/product.h"
#include "policy/resource_names.h"

namespace wiretight::policy {
namespace {

constexpr std::size_t steps_of_a_pattern = 1000;

// One text of Resource, however many statements have it: its automata, and who asks.
struct Reading {
  Compiled::Certainty certainty = Compiled::Certainty::same;
  std::vector<std::uint32_t> rules = {};
};

class ResourceSorter {
 public:
  ResourceSorter(const Rulebook& rulebook, const Context& context) {
    const std::vector<Rule>& rules = rulebook.rules();
    best_.resize(rules.size(), Tri::no);
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t r = 0; r < rules.size(); ++r) {
      const Element& resources = rules[r].statement->resources;
      if (resources.negated) negated_.push_back(static_cast<std::uint32_t>(r));
      for (const Text& text : resources.entries) {
        const auto [entry, fresh] = known.emplace(identity_of(text), readings_.size());
        if (fresh) add(compile(text, Wildcards::resource, context));
        readings_[entry->second].rules.push_back(static_cast<std::uint32_t>(r));
      }
    }
  }

  const std::vector<Pattern>& patterns() const { return patterns_; }

  std::vector<RuleMatch> matches_of(const Atom& atom) {
    std::vector<std::uint32_t> touched = negated_;
    for (const std::uint32_t pattern : atom.matched) {
      const Reading& reading = readings_[owner_[pattern].first];
      const Tri match = owner_[pattern].second;
      for (const std::uint32_t rule : reading.rules) {
        touched.push_back(rule);
        best_[rule] = either(best_[rule], match);
      }
    }
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (const std::uint32_t rule : negated_) best_[rule] = opposite(best_[rule]);
    std::vector<RuleMatch> out;
    for (const std::uint32_t rule : touched)
      if (const Tri match = std::exchange(best_[rule], Tri::no); match != Tri::no)
        out.push_back({.rule = rule, .match = match});
    return out;
  }

 private:
  void add(Compiled compiled) {
    const std::size_t reading = readings_.size();
    readings_.push_back({.certainty = compiled.certainty});
    if (compiled.certainty == Compiled::Certainty::never) return;
    owner_.emplace_back(reading, compiled.certainty == Compiled::Certainty::same ? Tri::yes : Tri::maybe);
    patterns_.push_back(std::move(compiled.wide));
    if (compiled.certainty != Compiled::Certainty::narrower) return;
    owner_.emplace_back(reading, Tri::yes);
    patterns_.push_back(std::move(compiled.narrow));
  }

  std::vector<Reading> readings_;
  std::vector<Pattern> patterns_;
  std::vector<std::pair<std::size_t, Tri>> owner_;  // by pattern: its reading, and what a match of it means
  std::vector<std::uint32_t> negated_;              // rules with NotResource
  std::vector<Tri> best_;                           // by rule; `no` between two calls
};

}  // namespace

std::vector<ActionClass> action_classes(const Rulebook& rulebook, const Context& context) {
  const std::vector<Rule>& rules = rulebook.rules();
  std::unordered_map<std::string, std::vector<Tri>> matched;  // of each text, by action
  std::vector<std::vector<const std::vector<Tri>*>> rows(rules.size());
  for (std::size_t r = 0; r < rules.size(); ++r) {
    for (const Text& entry : rules[r].statement->actions.entries) {
      std::vector<Tri>& row = matched[identity_of(entry)];
      if (row.empty()) {
        const Compiled compiled = compile(entry, Wildcards::free, context, true);
        for (const Action& action : actions()) row.push_back(matches(compiled, action.name));
      }
      rows[r].push_back(&row);
    }
  }
  std::vector<ActionClass> out;
  std::map<std::string, std::size_t> classes;
  for (std::size_t a = 0; a < actions().size(); ++a) {
    const Action& action = actions()[a];
    if (is_never_authorised(action)) continue;
    std::vector<Tri> by_rule(rules.size(), Tri::no);
    std::string signature = fmt::format("{} {}:", action.kinds, static_cast<int>(action.support));
    for (std::size_t r = 0; r < rules.size(); ++r) {
      Tri any = Tri::no;
      for (const std::vector<Tri>* row : rows[r]) any = either(any, (*row)[a]);
      by_rule[r] = rules[r].statement->actions.negated ? opposite(any) : any;
      signature += static_cast<char>('0' + static_cast<int>(by_rule[r]));
    }
    const auto [entry, fresh] = classes.emplace(std::move(signature), out.size());
    if (fresh) out.push_back({.actions = {}, .matched = std::move(by_rule)});
    out[entry->second].actions.push_back(&action);
  }
  return out;
}

ResourceClasses resource_classes(const Rulebook& rulebook, const Context& context, std::size_t budget) {
  ResourceSorter sorter(rulebook, context);
  ResourceClasses out;
  // Each pattern has to be walked along what it has in common with the others, whatever the classes.
  budget += steps_of_a_pattern * sorter.patterns().size();
  for (const ResourceNames& names : resource_names(rulebook.situation())) {
    const auto found = atoms(names.prefix, names.rest, sorter.patterns(), budget);
    if (!found) {
      out.too_many.push_back(names.kind);
      continue;
    }
    for (const Atom& atom : *found)
      out.list.push_back({.text = atom.text, .kind = names.kind, .matched = sorter.matches_of(atom)});
  }
  return out;
}

std::vector<Session> sessions(const Rulebook& rulebook) {
  Principal principal = rulebook.situation().principal;
  std::vector<std::string> names = {principal.session};
  if (principal.any_session) {
    const std::string prefix =
        fmt::format("arn:{}:sts::{}:assumed-role/{}/", principal.partition, principal.account, principal.name);
    std::set<std::string> mentioned;
    for (const Rule& rule : rulebook.rules())
      if (rule.statement->principal)
        for (const PrincipalEntry& entry : rule.statement->principal->entries)
          if (entry.kind == PrincipalEntry::Kind::aws && entry.value.starts_with(prefix))
            mentioned.insert(entry.value.substr(prefix.size()));
    mentioned.erase(principal.session);
    names.insert(names.end(), mentioned.begin(), mentioned.end());
  }
  std::vector<Session> out;
  for (const std::string& name : names) {
    principal.session = name;
    Session& session = out.emplace_back(Session{.name = name, .matched = {}});
    for (const Rule& rule : rulebook.rules())
      session.matched.push_back(principal_matches(rule, principal, rulebook.bounded()));
  }
  return out;
}

}  // namespace wiretight::policy
