#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {

// Reports suites whose traffic can be read once the server's key is known. Suites that do not encrypt have no secret to
// lose, and SSLv2 knows nothing else: both are reported by rules of their own.
extern const Rule cipher_no_forward_secrecy{
    .name = "cipher-no-forward-secrecy",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const auto uses = suites_where(listener, [](const CipherSuite& suite, ProtocolVersion version) {
        return !suite.forward_secret && suite.cipher != "NULL" && version != ProtocolVersion::ssl2;
      });
      if (uses.empty()) return;
      out.add(listener)
          .says("{} accepts cipher suites without forward secrecy: {}.", listener.endpoint(), said(uses))
          .shows("suites", shown(uses))
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
