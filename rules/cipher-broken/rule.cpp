#include "engine/rule.h"

#include <algorithm>

#include "facts/suite_use.h"

namespace wiretight::rules {
namespace {

bool is_broken(const CipherSuite& suite, ProtocolVersion) {
  // Told by cipher-null and cipher-export, which are worse.
  if (suite.cipher == "NULL" || suite.export_grade) return false;
  return suite.cipher == "RC4" || suite.mac == "MD5" || has_short_blocks(suite);
}

void judge_server(const Listener& listener, Findings& out) {
  const auto uses = suites_where(listener, is_broken);
  if (uses.empty()) return;
  // 3DES alone can still be mended by rekeying in time; the others cannot.
  const bool only_3des = std::ranges::all_of(
      uses, [](const SuiteUse& use) { return use.suite.cipher == "3DES" && use.suite.mac != "MD5"; });
  Draft draft = out.add(listener);
  draft.says("{} accepts broken cipher suites: {}.", listener.endpoint(), said(uses)).shows("suites", shown(uses));
  if (!only_3des) draft.caps(59);
  draft.at_provider(listener);
}

void judge_client(const Caller& caller, Findings& out) {
  out.add(caller).says("{} that are broken: {}.", caller.said_with_suites(), caller.suites()).step(caller.mend());
}

}  // namespace

// Reports RC4, MD5 and ciphers with blocks of 64 bits (DES, 3DES, IDEA, RC2 …) that are not weakened further.
extern const Rule cipher_broken{
    .name = "cipher-broken",
    .check =
        [](const FactSet& facts, Findings& out) {
          for (const Listener& listener : facts.listeners) judge_server(listener, out);
          for (const Caller& caller : callers_with(facts.calls, is_broken)) judge_client(caller, out);
        },
};

}  // namespace wiretight::rules
