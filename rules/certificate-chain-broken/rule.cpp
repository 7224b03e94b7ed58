#include "engine/rule.h"

#include <algorithm>

#include "core/prose.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {
namespace {

bool lacks_issuer(const Chain& chain) {
  return chain.trusted.is(false) && std::ranges::any_of(chain.defects, [](const std::string& defect) {
           return defect.starts_with("intermediate missing");
         });
}

}  // namespace

// Reports a chain that is not what a server must send: the certificates in between missing, expired, out of order or
// strange. Where the gap leaves clients without a way to a root this stands for certificate-untrusted, and is as bad.
extern const Rule certificate_chain_broken{
    .name = "certificate-chain-broken",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Chain& chain = *use.chain;
        if (chain.defects.empty()) continue;
        Json defects = Json::array();
        for (const std::string& defect : chain.defects) defects.push(defect);
        const bool unusable = use.for_right_name && lacks_issuer(chain);
        Draft draft = out.add(listener, use);
        draft
            .says("{} serves the certificate {}{} with a chain that is not in order: {}{}.", listener.endpoint(),
                  said(*use.certificate), use.audience(), list_of(chain.defects, 4),
                  unusable ? "; clients find no way to a trusted root" : "")
            .shows("defects", std::move(defects))
            .shows("sent", static_cast<std::int64_t>(chain.certificates.size()));
        if (unusable) draft.severity(Severity::high).caps(59);
      }
    }),
};

}  // namespace wiretight::rules
