#include "engine/rule.h"

#include <fmt/format.h>

#include "core/prose.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {

// Reports a certificate for another name than the one that was asked for. What is served to clients that ask for no
// name or for a strange one is no defect: those did not ask for this host.
extern const Rule certificate_wrong_name{
    .name = "certificate-wrong-name",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const Certificate& leaf = *use.certificate;
        if (!use.for_right_name || !use.chain->name_matches.is(false)) continue;
        Json names = Json::array();
        for (const std::string& name : leaf.names) names.push(name);
        out.add(listener, use)
            .says("{} serves the certificate {}, which is {}, not for {}.", listener.endpoint(), said(leaf),
                  leaf.names.empty() ? "without any subject alternative name"
                                     : fmt::format("for {}", list_of(leaf.names, 4)),
                  listener.host)
            .shows("names", std::move(names))
            .shows("host", listener.host);
      }
    }),
};

}  // namespace wiretight::rules
