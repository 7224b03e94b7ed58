#include "engine/rule.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/prose.h"
#include "facts/certificate_use.h"

namespace wiretight::rules {
namespace {

constexpr int least_modulus = 2048;  // bits of RSA, DSA and Diffie-Hellman: 112 bits of strength (NIST SP 800-57)
constexpr int least_curve = 224;     // bits of the field: the same strength
constexpr int within_reach = 1024;   // moduli below have been factored, or their logarithms computed

// "a key of 1024 bits (RSA)"; empty when the key is strong enough.
std::string weakness_of(const Certificate& certificate) {
  const std::string& algorithm = certificate.key_algorithm;
  if (algorithm == "RSA" && certificate.rsa_exponent == 1) return "the RSA exponent 1, which encrypts nothing";
  const bool modulus = algorithm == "RSA" || algorithm == "RSA-PSS" || algorithm == "DSA";
  const int least = modulus ? least_modulus : algorithm == "EC" ? least_curve : 0;
  if (certificate.key_bits == 0 || certificate.key_bits >= least) return "";
  return fmt::format("an {} key of {} bits", algorithm, certificate.key_bits);
}

void judge_certificates(const Listener& listener, Findings& out) {
  for (const CertificateUse& use : certificates_of(listener)) {
    const Certificate& certificate = *use.certificate;
    const std::string weakness = weakness_of(certificate);
    if (weakness.empty()) continue;
    Draft draft = out.add(listener, use);
    draft
        .says("{} serves the certificate {}{} with {}.", listener.endpoint(), said(certificate), use.audience(),
              weakness)
        .shows("keyAlgorithm", certificate.key_algorithm)
        .shows("keyBits", certificate.key_bits)
        .step("Make a new key, EC P-256 or RSA with 2048 bits and more, and have it certified.");
    const bool hopeless =
        certificate.rsa_exponent == 1 || (certificate.key_algorithm != "EC" && certificate.key_bits < within_reach);
    if (hopeless && use.for_right_name) draft.caps(59);
  }
}

// Parameters of export suites are told with those.
void judge_exchange(const Listener& listener, Findings& out) {
  std::vector<const DhParameters*> weak;
  for (const DhParameters& dh : listener.dh)
    if (!dh.export_grade && dh.bits < least_modulus) weak.push_back(&dh);
  if (weak.empty()) return;
  std::vector<std::string> sentences;
  Json primes = Json::array();
  for (const DhParameters* dh : weak) {
    sentences.push_back(dh->known_as.empty()
                            ? fmt::format("{} bits", dh->bits)
                            : fmt::format("{} bits with a prime that many share ({})", dh->bits, dh->known_as));
    primes.push(Json::object({{"bits", dh->bits}, {"sha256", dh->prime_sha256}, {"knownAs", dh->known_as}}));
  }
  Draft draft = out.add(listener);
  draft.about("dh")
      .says("{} exchanges keys by Diffie-Hellman of {}.", listener.endpoint(), list_of(sentences))
      .shows("primes", std::move(primes));
  if (std::ranges::any_of(weak, [](const DhParameters* dh) { return dh->bits < within_reach; })) draft.caps(59);
  draft.at_provider(listener);
}

void judge_curves(const Listener& listener, Findings& out) {
  std::vector<std::string> names;
  Json groups = Json::array();
  for (const NamedGroup& group : listener.groups) {
    if (group.post_quantum || group.bits == 0 || group.bits >= least_curve) continue;
    names.push_back(group.name);
    groups.push(Json::object({{"name", group.name}, {"bits", group.bits}}));
  }
  if (names.empty()) return;
  out.add(listener)
      .about("curves")
      .says("{} exchanges keys over curves of less than {} bits: {}.", listener.endpoint(), least_curve,
            list_of(names, 4))
      .shows("groups", std::move(groups))
      .at_provider(listener);
}

}  // namespace

// Reports keys below 112 bits of strength: one finding a certificate, one for all Diffie-Hellman parameters and one for
// all curves.
extern const Rule key_weak{
    .name = "key-weak",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      judge_certificates(listener, out);
      judge_exchange(listener, out);
      judge_curves(listener, out);
    }),
};

}  // namespace wiretight::rules
