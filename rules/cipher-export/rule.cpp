#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {

// Reports suites that were weakened on purpose for the export law of the 1990s. What attackers make of them (FREAK,
// LOGJAM) is known-tls-vulnerability.
extern const Rule cipher_export{
    .name = "cipher-export",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const auto uses =
          suites_where(listener, [](const CipherSuite& suite, ProtocolVersion) { return suite.export_grade; });
      if (uses.empty()) return;
      out.add(listener)
          .says("{} accepts export cipher suites, which a laptop breaks: {}.", listener.endpoint(), said(uses))
          .shows("suites", shown(uses))
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
