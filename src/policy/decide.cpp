#include "policy/decide.h"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

#include "core/text.h"
#include "policy/classes.h"
#include "policy/condition.h"
#include "policy/doubts.h"
#include "policy/paths.h"
#include "policy/solve.h"

namespace wiretight::policy {
namespace {

constexpr std::size_t most_doubts = 200;
constexpr std::size_t most_denies_named = 8;

// Adds what is not there yet.
template <class List>
void add_new(List& list, const typename List::value_type& value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

std::string shown(const std::string& key, const std::optional<Context::Values>& values) {
  if (!values) return "(absent)";
  std::vector<std::string> texts = *values;
  if (key == "aws:currenttime" || key == "aws:tokenissuetime")
    for (std::string& text : texts)
      if (const auto seconds = parse_number(text)) text = rfc3339(static_cast<std::int64_t>(*seconds));
  return join(texts, ", ");
}

class Decider {
 public:
  Decider(const Situation& situation, const Question& question)
      : situation_(situation), question_(question), rulebook_(situation) {}

  Proof run() {
    proof_.name = situation_.name;
    proof_.table = situation_.table;
    proof_.principal = situation_.principal.any_session ? situation_.principal.arn : situation_.principal.caller();

    Context fixed = situation_.known;
    add_fixed_keys(situation_, fixed);
    fixed.set("aws:securetransport", {question_.secure_transport});
    const std::vector<ActionClass> actions = action_classes(rulebook_, fixed);
    const ResourceClasses resources = resource_classes(rulebook_, fixed, question_.product_steps);
    sessions_ = sessions(rulebook_);
    paths_ = paths(rulebook_, fixed, question_.now);

    for (const ResourceKind kind : resources.too_many)
      doubt(fmt::format("the Resource patterns fall into too many classes of {} names to look at each", to_text(kind)));
    for (const ActionClass& some : actions)
      for (const ResourceClass& resource : resources.list)
        if (some.actions.front()->on(resource.kind)) decide_pair(some, resource);

    std::ranges::sort(proof_.openings, {}, &Opening::kind);
    for (Closing& closing : proof_.closings) std::ranges::sort(closing.kinds);
    proof_.verdict = !proof_.openings.empty()  ? Verdict::witness
                     : !proof_.unknown.empty() ? Verdict::unknown
                                               : Verdict::proved;
    if (proof_.verdict == Verdict::witness) proof_.unknown.clear();
    return std::move(proof_);
  }

 private:
  void decide_pair(const ActionClass& actions, const ResourceClass& resource) {
    if (is_known_open(actions, resource.kind)) return;
    const bool on_table = resource.kind != ResourceKind::account;
    std::vector<std::string> doubts;
    std::optional<Solved> closed;
    for (const Path& path : paths_) {
      for (const Session& session : sessions_) {
        const Case one{.actions = actions, .resource = resource, .session = session, .path = path};
        Solved proof = solve(rulebook_, one, Mode::proof, question_.steps);
        if (!proof.open) {
          if (proof.exhausted) doubts.emplace_back("the conditions leave more combinations than were looked at");
          if (!closed) closed = std::move(proof);
          continue;
        }
        const Solved found = solve(rulebook_, one, Mode::witness, question_.steps);
        if (found.open && accept(one, found)) return;
        explain(one, proof, doubts);
      }
    }
    if (!on_table) return;
    if (doubts.empty() && closed) close(actions, resource, *closed);
    for (const std::string& text : doubts) doubt(text);
  }

  bool is_known_open(const ActionClass& actions, ResourceKind kind) const {
    const auto open = std::ranges::find(proof_.openings, kind, &Opening::kind);
    return open != proof_.openings.end() && std::ranges::all_of(actions.actions, [&](const Action* action) {
             return std::ranges::find(open->actions, action->name) != open->actions.end();
           });
  }

  void close(const ActionClass& actions, const ResourceClass& resource, const Solved& solved) {
    const auto add = [&](const Rule* by) {
      const auto [entry, fresh] =
          closing_of_.emplace(std::pair(by, by ? std::string() : solved.missing), proof_.closings.size());
      if (fresh)
        proof_.closings.push_back(
            {.by = by ? std::optional(cite(*by)) : std::nullopt, .missing = by ? "" : solved.missing});
      Closing& closing = proof_.closings[entry->second];
      for (const Action* action : actions.actions) add_new(closing.actions, action->name);
      add_new(closing.kinds, resource.kind);
    };
    if (solved.denies.empty()) add(nullptr);
    for (std::size_t i = 0; i < std::min(solved.denies.size(), most_denies_named); ++i) add(solved.denies[i]);
  }

  // Makes the request whole and asks the evaluator, which knows nothing of classes and searches.
  bool accept(const Case& of, const Solved& solved) {
    Witness witness{.kind = of.resource.kind};
    Request& request = witness.request;
    request.action = of.action().name;
    request.resource = of.resource.text;
    request.through_endpoint = of.path.through_endpoint;
    Principal principal = situation_.principal;
    principal.session = of.session.name;
    if (principal.kind == Principal::Kind::role) request.session = of.session.name;
    witness.caller = principal.caller();
    for (const auto& [name, known] : of.path.context.keys())
      if (known.present) request.context.set(name, known.values);
    witness.context.emplace_back("aws:SecureTransport", question_.secure_transport);
    for (std::size_t key = 0; key < of.path.keys.size(); ++key) {
      const std::string& name = of.path.keys[key];
      const auto& value = of.path.spaces[key].values[solved.solution.domains[key].first()];
      if (value) request.context.set(name, *value);
      witness.context.emplace_back(display_name(name), shown(name, value));
    }
    if (of.path.through_endpoint && !situation_.endpoint_id.empty())
      witness.context.emplace_back("aws:SourceVpce", situation_.endpoint_id);
    witness.decision = evaluate(rulebook_, request);
    if (witness.decision.allowed != Tri::yes) {
      doubt(
          fmt::format("{} on {}: two ways of deciding disagree; please report this", request.action, request.resource));
      return false;
    }
    if (of.resource.kind == ResourceKind::account) {
      for (const Action* action : of.actions.actions) proof_.account_wide.push_back(action->name);
      return true;
    }
    auto open = std::ranges::find(proof_.openings, of.resource.kind, &Opening::kind);
    if (open == proof_.openings.end())
      open = proof_.openings.insert(open, Opening{.kind = of.resource.kind, .witness = std::move(witness)});
    for (const Action* action : of.actions.actions) add_new(open->actions, action->name);
    return true;
  }

  // What would have to be known: the doubts about all statements that the proof took otherwise than the witness.
  void explain(const Case& of, const Solved& proof, std::vector<std::string>& out) const {
    const std::size_t before = out.size();
    out.insert(out.end(), proof.doubts.begin(), proof.doubts.end());
    const RequestLine line{.action = of.action(),
                           .resource = of.resource.text,
                           .kind = of.resource.kind,
                           .through_endpoint = of.path.through_endpoint};
    for (const RuleMatch& match : of.resource.matched) {
      const Rule& rule = rulebook_.rules()[match.rule];
      const bool used = std::ranges::find(proof.allows, &rule) != proof.allows.end();
      if ((rule.statement->effect == Effect::allow && !used) || applies(rulebook_, match, of) == Tri::no) continue;
      for (std::string& text : doubts_about(rule, situation_, line, of.session.matched[match.rule], of.path.context))
        out.push_back(std::move(text));
      for (const Test& test : rule.statement->tests) {
        const std::string name = read_key(test.key).name;
        const auto key = std::ranges::lower_bound(of.path.keys, name);
        if (key != of.path.keys.end() && *key == name &&
            !of.path.spaces[static_cast<std::size_t>(key - of.path.keys.begin())].exact)
          out.push_back(
              fmt::format("{}: {} is tested in more ways than were looked at", to_text(cite(rule)), test.key));
      }
    }
    if (out.size() == before)
      out.push_back(fmt::format("{} on {}: the conditions leave more combinations than were looked at",
                                of.action().name, of.resource.text));
  }

  void doubt(const std::string& text) {
    if (proof_.unknown.size() < most_doubts) add_new(proof_.unknown, text);
  }

  const Situation& situation_;
  const Question& question_;
  Rulebook rulebook_;
  std::vector<Session> sessions_;
  std::deque<Path> paths_;
  std::map<std::pair<const Rule*, std::string>, std::size_t> closing_of_;
  Proof proof_;
};

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "PROVED";
    case Verdict::witness:
      return "WITNESS";
    case Verdict::unknown:
      return "UNKNOWN";
  }
  return "";
}

Proof decide(const Situation& situation, const Question& question) { return Decider(situation, question).run(); }

}  // namespace wiretight::policy
