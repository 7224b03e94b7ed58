#include "engine/rule.h"

#include "core/prose.h"
#include "core/text.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a server certificate that is valid for more than 398 days. Public authorities must keep to less by now; 398
// days is what a private one may still be expected to keep to (AWS Private CA issues for 13 months by default).
extern const Rule certificate_long_lived{
    .name = "certificate-long-lived",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      constexpr std::int64_t day = 86400;
      constexpr std::int64_t most_days = 398;
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        const std::int64_t days = (leaf.not_after - leaf.not_before) / day;
        if (days <= most_days) continue;
        out.add(listener, use)
            .says("{} serves the certificate {}{}, which is valid for {} (until {}).", listener.endpoint(), said(leaf),
                  use.audience(), count_of(static_cast<std::size_t>(days), "day"), utc_date(leaf.not_after))
            .shows("days", days)
            .shows("notBefore", rfc3339(leaf.not_before))
            .shows("notAfter", rfc3339(leaf.not_after));
      }
    }),
};

}  // namespace wiretight::rules
