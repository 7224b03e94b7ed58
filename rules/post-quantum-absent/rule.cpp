#include "engine/rule.h"

#include <algorithm>

#include "core/prose.h"

namespace wiretight::rules {
namespace {

// The groups with ML-KEM exist for TLS 1.3 alone.
bool lacks_tls13(const Listener& listener) {
  const ProtocolSupport* tls13 = listener.protocol(ProtocolVersion::tls13);
  return tls13 != nullptr && tls13->accepted.is(false) &&
         std::ranges::any_of(listener.protocols, [](const auto& support) { return support.accepted.is(true); });
}

}  // namespace

// Tells that no hybrid group with ML-KEM is accepted; high for those who ask for it with --require-pq.
extern const Rule post_quantum_absent{
    .name = "post-quantum-absent",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
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
    }),
};

}  // namespace wiretight::rules
