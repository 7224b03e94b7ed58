#include "engine/rule.h"

#include "core/prose.h"
#include "core/text.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a certificate that the server's own stapled OCSP response calls revoked. Nobody is asked online.
extern const Rule certificate_revoked{
    .name = "certificate-revoked",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Setting<OcspStaple>& staple = use.chain->staple;
        if (!staple.known() || staple.value.status != "revoked") continue;
        out.add(listener, use)
            .says("{} serves the certificate {}{}, and its stapled OCSP response of {} says that it is revoked.",
                  listener.endpoint(), said(*use.certificate), use.audience(), utc_date(staple.value.this_update))
            .shows("status", staple.value.status)
            .shows("thisUpdate", rfc3339(staple.value.this_update))
            .shows("nextUpdate", staple.value.next_update == 0 ? Json() : Json(rfc3339(staple.value.next_update)));
      }
    }),
};

}  // namespace wiretight::rules
