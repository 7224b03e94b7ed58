#include "engine/rule.h"

#include <algorithm>

#include "core/prose.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {
namespace {

// A path to a root is there, but one of its authorities is out of date, and no client takes it.
bool is_out_of_date(std::string_view defect) {
  return defect.starts_with("expired intermediate") || defect.starts_with("not yet valid intermediate");
}

// From outside an intermediate that is not sent looks like a private root that need not be.
bool is_perhaps_a_root(std::string_view defect) { return defect.starts_with("intermediate missing"); }

}  // namespace

// Reports a chain that is not what a server must send: certificates in between missing, out of order, out of date or
// strange. That clients find no way to a trusted root is certificate-untrusted.
extern const Rule certificate_chain_broken{
    .name = "certificate-chain-broken",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      for (const CertificateUse& use : leaves_of(listener)) {
        const std::vector<std::string>& defects = use.chain->defects;
        if (defects.empty()) continue;
        Json shown = Json::array();
        for (const std::string& defect : defects) shown.push(defect);
        Draft draft = out.add(listener, use);
        draft
            .says("{} serves the certificate {}{} with a chain that is not in order: {}.", listener.endpoint(),
                  said(*use.certificate), use.audience(), list_of(defects, 4))
            .shows("defects", std::move(shown))
            .shows("sent", static_cast<std::int64_t>(use.chain->certificates.size()));
        if (use.for_right_name && std::ranges::any_of(defects, is_out_of_date))
          draft.severity(Severity::high).caps(59);
        else if (std::ranges::all_of(defects, is_perhaps_a_root))
          draft.confidence(Confidence::tentative);
      }
    }),
};

}  // namespace wiretight::rules
