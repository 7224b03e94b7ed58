#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {

// Reports suites in which the server shows no certificate.
extern const Rule cipher_anonymous{
    .name = "cipher-anonymous",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const auto uses =
          suites_where(listener, [](const CipherSuite& suite, ProtocolVersion) { return suite.anonymous; });
      if (uses.empty()) return;
      out.add(listener)
          .says("{} accepts cipher suites without any certificate: {}.", listener.endpoint(), said(uses))
          .shows("suites", shown(uses))
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
