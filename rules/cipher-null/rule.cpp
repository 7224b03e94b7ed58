#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {
namespace {

bool encrypts_nothing(const CipherSuite& suite, ProtocolVersion) { return suite.cipher == "NULL"; }

void judge_server(const Listener& listener, Findings& out) {
  const auto uses = suites_where(listener, encrypts_nothing);
  if (uses.empty()) return;
  out.add(listener)
      .says("{} accepts cipher suites that encrypt nothing: {}.", listener.endpoint(), said(uses))
      .shows("suites", shown(uses))
      .at_provider(listener);
}

void judge_client(const Caller& caller, Findings& out) {
  out.add(caller).says("{} that encrypt nothing: {}.", caller.said_with_suites(), caller.suites()).step(caller.mend());
}

}  // namespace

// Reports suites that authenticate and do not encrypt, those of TLS 1.3 (RFC 9150) included.
extern const Rule cipher_null{
    .name = "cipher-null",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Caller& caller : callers_with(facts.calls, encrypts_nothing)) judge_client(caller, out);
        },
};

}  // namespace wiretight::rules
