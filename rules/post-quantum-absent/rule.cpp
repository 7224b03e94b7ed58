#include "engine/rule.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/prose.h"
#include "facts/flow_use.h"

namespace wiretight::rules {
namespace {

// The groups with ML-KEM exist for TLS 1.3 alone.
bool lacks_tls13(const Listener& listener) {
  const ProtocolSupport* tls13 = listener.protocol(ProtocolVersion::tls13);
  return tls13 != nullptr && tls13->accepted.is(false) &&
         std::ranges::any_of(listener.protocols, [](const auto& support) { return support.accepted.is(true); });
}

void judge_server(const Listener& listener, Findings& out) {
  const bool old = lacks_tls13(listener);
  if (!old && !listener.post_quantum.is(false)) return;
  std::vector<std::string> names;
  Json groups = Json::array();
  for (const NamedGroup& group : listener.groups) {
    names.push_back(group.name);
    groups.push(group.name);
  }
  Draft draft = out.add(listener);
  if (old)
    draft.says("{} exchanges no key that withstands a quantum computer, because it refuses TLS 1.3.",
               listener.endpoint());
  else
    draft.says("{} accepts no hybrid ML-KEM group; its groups are {}.", listener.endpoint(),
               names.empty() ? "not known" : list_of(names, 4));
  draft.shows("groups", std::move(groups)).shows("tls13", !old);
  if (out.profile().require_post_quantum) draft.severity(Severity::high);
  draft.at_provider(listener);
}

// The handshakes on the wire with one name, whoever led them: a line for each client would say the same again and
// again.
struct Handshakes {
  const Flow* first = nullptr;
  std::uint64_t all = 0;          // whose outcome was captured
  std::uint64_t without = 0;      // … without ML-KEM
  std::uint64_t not_offered = 0;  // … because the client has none
  std::set<std::string> clients = {};
};

void judge_handshakes(const Handshakes& seen, Findings& out) {
  const std::string whose = seen.not_offered == seen.without ? "the client offers none"
                            : seen.not_offered == 0
                                ? "the client offered one and the server took another"
                                : fmt::format("the client offered none in {} of them", seen.not_offered);
  Draft draft = out.add(*seen.first);
  draft.about("handshakes " + seen.first->host)
      .says("{} with {} agreed on a key without ML-KEM, of {} seen: {}.", count_of(seen.without, "handshake"),
            seen.first->destination_text(), seen.all, whose)
      .shows("handshakes", seen.all)
      .shows("withoutMlKem", seen.without)
      .shows("notOffered", seen.not_offered)
      .shows("clients", static_cast<std::uint64_t>(seen.clients.size()));
  if (out.profile().require_post_quantum) draft.severity(Severity::high);
}

void judge_traffic(const FactSet& facts, Findings& out) {
  std::map<std::pair<std::string, std::string>, Handshakes> by_name;
  for (const Flow& flow : facts.flows) {
    for (const HandshakeOutcome& handshake : flow.handshakes) {
      if (!handshake.version) continue;
      Handshakes& seen = by_name[{flow.target, flow.host}];
      if (seen.first == nullptr) seen.first = &flow;
      seen.all += handshake.count;
      if (handshake.post_quantum) continue;
      seen.without += handshake.count;
      if (!handshake.post_quantum_offered) seen.not_offered += handshake.count;
      seen.clients.insert(flow.client);
    }
  }
  for (const auto& [name, seen] : by_name)
    if (seen.without > 0) judge_handshakes(seen, out);
}

// One for each account: which of its callers are ready is an inventory, and not a defect of each.
void judge_callers(const FactSet& facts, Findings& out) {
  std::map<std::string_view, Caller> accounts;
  for (const CallGroup& group : facts.calls)
    if (group.tls_class == TlsClass::q1) accounts[group.account].add(group);
  for (const auto& [account, caller] : accounts) {
    Draft draft = out.add(caller);
    draft.about(std::string(account))
        .says("In account {} {} over TLS 1.3 had a key exchange without ML-KEM ({}), by {}.", account,
              count_of(caller.count, "call"), list_of(caller.distinct(&CallGroup::key_exchange), 3),
              list_of(caller.distinct(&CallGroup::principal), 3));
    if (out.profile().require_post_quantum) draft.severity(Severity::high);
  }
}

}  // namespace

// Tells that no hybrid group with ML-KEM is accepted, or was agreed on in a capture or in the calls that CloudTrail
// saw; high for those who ask for it with --require-pq.
extern const Rule post_quantum_absent{
    .name = "post-quantum-absent",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          judge_traffic(facts, out);
          judge_callers(facts, out);
        },
};

}  // namespace wiretight::rules
