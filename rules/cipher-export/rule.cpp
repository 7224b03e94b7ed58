#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {
namespace {

bool is_for_export(const CipherSuite& suite, ProtocolVersion) { return suite.export_grade; }

void judge_server(const Listener& listener, Findings& out) {
  const auto uses = suites_where(listener, is_for_export);
  if (uses.empty()) return;
  out.add(listener)
      .says("{} accepts export cipher suites, which a laptop breaks: {}.", listener.endpoint(), said(uses))
      .shows("suites", shown(uses))
      .at_provider(listener);
}

void judge_client(const Caller& caller, Findings& out) {
  out.add(caller).says("{} weakened for export: {}.", caller.said_with_suites(), caller.suites()).step(caller.mend());
}

}  // namespace

// Reports suites that were weakened on purpose for the export law of the 1990s. What attackers make of them (FREAK,
// LOGJAM) is known-tls-vulnerability.
extern const Rule cipher_export{
    .name = "cipher-export",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Caller& caller : callers_with(facts.calls, is_for_export)) judge_client(caller, out);
        },
};

}  // namespace wiretight::rules
