#include "engine/rule.h"

#include "core/prose.h"
#include "core/text.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a server certificate whose time has not come. One that has also ended is certificate-expired.
extern const Rule certificate_not_yet_valid{
    .name = "certificate-not-yet-valid",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        if (leaf.not_before <= listener.observed_at || leaf.not_after < listener.observed_at) continue;
        out.add(listener, use)
            .says("{} serves the certificate {}{}, which is not valid before {}.", listener.endpoint(), said(leaf),
                  use.audience(), rfc3339(leaf.not_before))
            .shows("notBefore", rfc3339(leaf.not_before))
            .shows("observedAt", rfc3339(listener.observed_at));
      }
    }),
};

}  // namespace wiretight::rules
