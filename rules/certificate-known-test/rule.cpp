#include "engine/rule.h"

#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a certificate whose private key is published with some software. It stands for certificate-self-signed and
// certificate-untrusted, which would say less.
extern const Rule certificate_known_test{
    .name = "certificate-known-test",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        if (leaf.known_test.empty()) continue;
        out.add(listener, use)
            .says("{} serves {}{}: its private key is public, so anybody can answer in its place.", listener.endpoint(),
                  leaf.known_test, use.audience())
            .shows("knownAs", leaf.known_test)
            .shows("pin", leaf.pin);
      }
    }),
};

}  // namespace wiretight::rules
