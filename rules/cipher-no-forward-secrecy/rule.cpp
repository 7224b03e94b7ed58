#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {
namespace {

bool lacks_forward_secrecy(const CipherSuite& suite, ProtocolVersion version) {
  return !suite.forward_secret && suite.cipher != "NULL" && version != ProtocolVersion::ssl2;
}

void judge_server(const Listener& listener, Findings& out) {
  const auto uses = suites_where(listener, lacks_forward_secrecy);
  if (uses.empty()) return;
  out.add(listener)
      .says("{} accepts cipher suites without forward secrecy: {}.", listener.endpoint(), said(uses))
      .shows("suites", shown(uses))
      .at_provider(listener);
}

void judge_client(const Caller& caller, Findings& out) {
  out.add(caller)
      .says("{} without forward secrecy: {}.", caller.said_with_suites(), caller.suites())
      .step(caller.mend());
}

}  // namespace

// Reports suites whose traffic can be read once the server's key is known. Suites that do not encrypt have no secret to
// lose, and SSLv2 knows nothing else: both are reported by rules of their own.
extern const Rule cipher_no_forward_secrecy{
    .name = "cipher-no-forward-secrecy",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Caller& caller : callers_with(facts.calls, lacks_forward_secrecy)) judge_client(caller, out);
        },
};

}  // namespace wiretight::rules
