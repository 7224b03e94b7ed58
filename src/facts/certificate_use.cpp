#include "facts/certificate_use.h"

#include <algorithm>

#include "core/text.h"

namespace wiretight {

std::vector<CertificateUse> certificates_of(const Listener& listener) {
  std::vector<CertificateUse> uses;
  for (const bool right : {true, false}) {
    for (const Chain& chain : listener.chains) {
      if (chain.for_right_name != right) continue;
      for (const Certificate& certificate : chain.certificates) {
        auto use =
            std::ranges::find(uses, certificate.sha256, [](const auto& known) { return known.certificate->sha256; });
        if (use == uses.end())
          use = uses.insert(uses.end(), {.certificate = &certificate,
                                         .chain = &chain,
                                         .leaf = &certificate == &chain.certificates.front(),
                                         .for_right_name = right,
                                         .served_to = {}});
        for (const std::string& client : chain.served_to)
          if (std::ranges::find(use->served_to, client) == use->served_to.end()) use->served_to.push_back(client);
      }
    }
  }
  return uses;
}

std::vector<CertificateUse> leaves_of(const Listener& listener) {
  std::vector<CertificateUse> uses = certificates_of(listener);
  std::erase_if(uses, [](const CertificateUse& use) { return !use.leaf; });
  return uses;
}

std::string said(const Certificate& certificate) {
  if (!certificate.subject.empty()) return certificate.subject;
  if (!certificate.names.empty()) return certificate.names.front();
  return "SHA-256 " + certificate.sha256.substr(0, 16) + "…";
}

Json shown(const CertificateUse& use) {
  Json served_to = Json::array();
  for (const std::string& client : use.served_to) served_to.push(client);
  return Json::object({{"subject", use.certificate->subject},
                       {"issuer", use.certificate->issuer},
                       {"serial", use.certificate->serial},
                       {"notBefore", rfc3339(use.certificate->not_before)},
                       {"notAfter", rfc3339(use.certificate->not_after)},
                       {"sha256", use.certificate->sha256},
                       {"servedTo", std::move(served_to)}});
}

}  // namespace wiretight
