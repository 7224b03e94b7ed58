#include "engine/rule.h"

#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a self-signed server certificate. One that the scanning machine trusts by name is what its owner wants, and a
// published test certificate is certificate-known-test.
extern const Rule certificate_self_signed{
    .name = "certificate-self-signed",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        if (!leaf.self_signed || !use.chain->trusted.is(false) || !leaf.known_test.empty()) continue;
        out.add(listener, use)
            .says("{} serves the self-signed certificate {}{}: no client can tell it from anybody else's.",
                  listener.endpoint(), said(leaf), use.audience())
            .shows("selfSigned", true)
            .shows("pin", leaf.pin);
      }
    }),
};

}  // namespace wiretight::rules
