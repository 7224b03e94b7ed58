#include "engine/rule.h"

#include <algorithm>
#include <variant>

#include "core/prose.h"
#include "core/text.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a certificate whose renewal is overdue: less than 30 days are left, and less than a quarter of its life, so
// that short-lived certificates that renew themselves stay silent. What was recorded is past, and no warning.
extern const Rule certificate_expires_soon{
    .name = "certificate-expires-soon",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      constexpr std::int64_t day = 86400;
      if (!std::holds_alternative<std::monostate>(listener.seen_at)) return;
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        const std::int64_t left = leaf.not_after - listener.observed_at;
        const std::int64_t life = leaf.not_after - leaf.not_before;
        if (left < 0 || left >= std::min(30 * day, life / 4)) continue;
        out.add(listener, use)
            .says("{} serves the certificate {}{}, which expires on {}, in {}.", listener.endpoint(), said(leaf),
                  use.audience(), utc_date(leaf.not_after),
                  left < day ? "less than a day" : count_of(static_cast<std::size_t>(left / day), "day"))
            .shows("notAfter", rfc3339(leaf.not_after))
            .shows("observedAt", rfc3339(listener.observed_at));
      }
    }),
};

}  // namespace wiretight::rules
