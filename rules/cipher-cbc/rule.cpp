#include "engine/rule.h"

#include "facts/suite_use.h"

namespace wiretight::rules {

// Reports CBC with ciphers that are sound otherwise (AES, CAMELLIA, ARIA, SEED); the others are cipher-broken.
extern const Rule cipher_cbc{
    .name = "cipher-cbc",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const auto uses = suites_where(listener, [](const CipherSuite& suite, ProtocolVersion) {
        return is_cbc(suite) && !suite.export_grade && !has_short_blocks(suite);
      });
      if (uses.empty()) return;
      out.add(listener)
          .says("{} accepts cipher suites in CBC mode: {}.", listener.endpoint(), said(uses))
          .shows("suites", shown(uses))
          .shows("encryptThenMac", listener.encrypt_then_mac.known() ? Json(listener.encrypt_then_mac.value) : Json())
          .at_provider(listener);
    }),
};

}  // namespace wiretight::rules
