#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {

// Reports suites that authenticate and do not encrypt, those of TLS 1.3 (RFC 9150) included.
extern const Rule cipher_null{
    .name = "cipher-null",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const auto uses =
          suites_where(listener, [](const CipherSuite& suite, ProtocolVersion) { return suite.cipher == "NULL"; });
      if (uses.empty()) return;
      out.add(listener)
          .says("{} accepts cipher suites that encrypt nothing: {}.", listener.endpoint(), said(uses))
          .shows("suites", shown(uses))
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
