#include "engine/rule.h"

#include <fmt/format.h>

#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a certificate that leads to no root which this machine trusts, or that is not made for servers. Self-signed
// ones and published test certificates have rules of their own, which say more.
extern const Rule certificate_untrusted{
    .name = "certificate-untrusted",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        if (leaf.self_signed || !leaf.known_test.empty()) continue;
        if (!leaf.server_auth) {
          out.add(listener, use)
              .says("{} serves the certificate {}{}, whose extended key usage does not allow it for servers.",
                    listener.endpoint(), said(leaf), use.audience())
              .shows("serverAuth", false);
        } else if (use.chain->trusted.is(false)) {
          const std::string& why = use.chain->trust_error;
          out.add(listener, use)
              .says("{} serves the certificate {}{}, issued by {}, which leads to no trusted root{}.",
                    listener.endpoint(), said(leaf), use.audience(), leaf.issuer,
                    why.empty() ? "" : fmt::format(": {}", why))
              .shows("trustError", why);
        }
      }
    }),
};

}  // namespace wiretight::rules
