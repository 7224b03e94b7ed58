#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {
namespace {

bool is_in_cbc_mode(const CipherSuite& suite, ProtocolVersion) {
  return is_cbc(suite) && !suite.export_grade && !has_short_blocks(suite);
}

void judge_server(const Listener& listener, Findings& out) {
  const auto uses = suites_where(listener, is_in_cbc_mode);
  if (uses.empty()) return;
  out.add(listener)
      .says("{} accepts cipher suites in CBC mode: {}.", listener.endpoint(), said(uses))
      .shows("suites", shown(uses))
      .shows("encryptThenMac", listener.encrypt_then_mac.known() ? Json(listener.encrypt_then_mac.value) : Json())
      .at_provider(listener);
}

void judge_client(const Caller& caller, Findings& out) {
  out.add(caller).says("{} in CBC mode: {}.", caller.said_with_suites(), caller.suites()).step(caller.mend());
}

}  // namespace

// Reports CBC with ciphers that are sound otherwise (AES, CAMELLIA, ARIA, SEED); the others are cipher-broken.
extern const Rule cipher_cbc{
    .name = "cipher-cbc",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Caller& caller : callers_with(facts.calls, is_in_cbc_mode)) judge_client(caller, out);
        },
};

}  // namespace wiretight::rules
