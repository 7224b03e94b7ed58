#include "engine/rule.h"

#include <algorithm>

#include "core/prose.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {
namespace {

bool is_weak(std::string_view hash) { return hash == "SHA1" || hash == "MD5" || hash == "MD4" || hash == "MD2"; }

// The signature of a root is never checked: it is trusted by name.
void judge_certificates(const Listener& listener, Findings& out) {
  for (const CertificateUse& use : certificates_of(listener)) {
    const Certificate& certificate = *use.certificate;
    if (!is_weak(certificate.signature_hash) || (certificate.self_signed && !use.leaf)) continue;
    Draft draft = out.add(listener, use);
    draft
        .says("{} serves the certificate {}{}, signed with {}.", listener.endpoint(), said(certificate), use.audience(),
              certificate.signature_hash)
        .shows("signatureAlgorithm", certificate.signature_algorithm)
        .shows("hash", certificate.signature_hash)
        .step("Have the certificate issued again, signed with SHA-256.");
    if (certificate.signature_hash != "SHA1" && use.for_right_name) draft.caps(59);
  }
}

void judge_handshakes(const Listener& listener, Findings& out) {
  std::vector<std::string> names;
  Json schemes = Json::array();
  bool md5 = false;
  for (const SignatureScheme& scheme : listener.signatures) {
    if (!is_weak(scheme.hash)) continue;
    if (std::ranges::find(names, scheme.name) == names.end()) names.push_back(scheme.name);
    schemes.push(Json::object({{"name", scheme.name}, {"version", to_text(scheme.version)}}));
    md5 |= scheme.hash != "SHA1";
  }
  if (names.empty()) return;
  Draft draft = out.add(listener);
  draft.about("handshake")
      .says("{} signs handshakes with {} for clients that ask for it.", listener.endpoint(), list_of(names, 4))
      .shows("schemes", std::move(schemes));
  // A forged SHA-1 signature takes a collision within the seconds that a handshake waits; one with MD5 has been shown.
  if (!md5) draft.severity(Severity::medium).caps(std::nullopt);
  draft.at_provider(listener);
}

}  // namespace

// Reports certificates signed with MD5 or SHA-1, and servers that sign handshakes of TLS 1.2 with them. TLS 1.0 and 1.1
// can do no better and are protocol-obsolete.
extern const Rule signature_weak_hash{
    .name = "signature-weak-hash",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      judge_certificates(listener, out);
      judge_handshakes(listener, out);
    }),
};

}  // namespace wiretight::rules
