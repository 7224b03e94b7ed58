#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {
namespace {

bool has_no_certificate(const CipherSuite& suite, ProtocolVersion) { return suite.anonymous; }

void judge_server(const Listener& listener, Findings& out) {
  const auto uses = suites_where(listener, has_no_certificate);
  if (uses.empty()) return;
  out.add(listener)
      .says("{} accepts cipher suites without any certificate: {}.", listener.endpoint(), said(uses))
      .shows("suites", shown(uses))
      .at_provider(listener);
}

void judge_client(const Caller& caller, Findings& out) {
  out.add(caller)
      .says("{} without any certificate: {}.", caller.said_with_suites(), caller.suites())
      .step(caller.mend());
}

}  // namespace

// Reports suites in which the server shows no certificate.
extern const Rule cipher_anonymous{
    .name = "cipher-anonymous",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Caller& caller : callers_with(facts.calls, has_no_certificate)) judge_client(caller, out);
        },
};

}  // namespace wiretight::rules
