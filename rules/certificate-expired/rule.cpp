#include "engine/rule.h"

#include "core/prose.h"
#include "core/text.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a server certificate whose time is over. Expired issuers in the chain are certificate-chain-broken.
extern const Rule certificate_expired{
    .name = "certificate-expired",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      constexpr std::int64_t day = 86400;
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        const std::int64_t ago = listener.observed_at - leaf.not_after;
        if (ago <= 0) continue;
        out.add(listener, use)
            .says("{} serves the certificate {}{}, which expired on {}, {} ago.", listener.endpoint(), said(leaf),
                  use.audience(), utc_date(leaf.not_after),
                  ago < day ? "less than a day" : count_of(static_cast<std::size_t>(ago / day), "day"))
            .shows("notAfter", rfc3339(leaf.not_after))
            .shows("observedAt", rfc3339(listener.observed_at));
      }
    }),
};

}  // namespace wiretight::rules
