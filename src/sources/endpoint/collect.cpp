#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "core/digest.h"
#include "sources/endpoint/assessment.h"
#include "sources/key_exchange.h"

// What every answer teaches, whatever it was asked for: randoms, extensions, chains, Diffie-Hellman parameters.
namespace wiretight::endpoint {

namespace {

using Bytes = std::vector<std::uint8_t>;

void set_once(Setting<bool>& setting, bool value) {
  if (!setting.known()) setting = observed(value);
}

struct KeyEnd {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};

Bytes number_of(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return {};
  const std::unique_ptr<BIGNUM, KeyEnd> owned(number);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  return bytes;
}

}  // namespace

void Assessment::collect(const Answer& answer, const tls::HelloSpec& spec, std::string_view served_to) {
  const auto hello = answer.flight.server_hello();
  if (!hello || !answer.accepted() || hello->hello_retry) return;
  randomness_.server_random(hello->random, hello->is_tls13());
  if (hello->is_tls13()) {
    randomness_.ecdh_share(hello->key_share);
    return;
  }
  const auto version = tls::version_of(hello->version);
  const bool echoed = std::ranges::equal(hello->session_id, spec.session_id);
  if (!echoed && hello->session_id.size() == 32) randomness_.session_id(hello->session_id);

  const auto offered = [&](bool in_hello) { return spec.extensions && in_hello; };
  if (offered(spec.renegotiation_info) || spec.renegotiation_scsv)
    ++(hello->renegotiation_info ? renegotiation_info_seen_ : renegotiation_info_missing_);
  if (spec.compressions.size() > 1) {
    if (hello->compression != 0)
      listener.compression = observed(true);
    else
      set_once(listener.compression, false);
  }
  if (offered(spec.extended_master_secret)) set_once(listener.extended_master_secret, hello->extended_master_secret);
  const tls::Suite* suite = tls::find_suite(hello->suite);
  if (offered(spec.encrypt_then_mac) && suite && suite->mode == tls::Mode::cbc)
    set_once(listener.encrypt_then_mac, hello->encrypt_then_mac);
  if (offered(spec.heartbeat.has_value())) {
    saw_heartbeat_ = saw_heartbeat_ || hello->heartbeat.has_value();
    listener.heartbeat = observed(saw_heartbeat_);
  }
  if (!hello->alpn.empty() && std::ranges::find(listener.alpn, hello->alpn) == listener.alpn.end())
    listener.alpn.emplace_back(hello->alpn);
  // RFC 8446 4.1.3: a TLS 1.3 server marks its random when it settles for less.
  if (version && *version >= tls::Version::tls10)
    ++(hello->downgrade_mark() != tls::DowngradeMark::none ? sentinels_seen_ : sentinels_missing_);
  if (answer.flight.certificate_request()) listener.client_certificate = observed(true);

  if (const auto exchange = answer.flight.server_key_exchange()) {
    using Kind = tls::ServerKeyExchange::Kind;
    if (exchange->kind == Kind::ecdhe) randomness_.ecdh_share(exchange->public_value);
    if (exchange->kind == Kind::dhe) randomness_.dh_share(exchange->public_value);
    if (auto parameters =
            dh_of(*exchange, suite, static_cast<ProtocolVersion>(version.value_or(tls::Version::tls12)))) {
      // Probes end in any order; what is kept of them must not depend on it.
      const auto known = std::ranges::find_if(listener.dh, [&](const DhParameters& other) {
        return other.prime_sha256 == parameters->prime_sha256 && other.export_grade == parameters->export_grade;
      });
      if (known == listener.dh.end())
        listener.dh.push_back(std::move(*parameters));
      else
        known->version = std::min(known->version, parameters->version);
    }
  }
  if (const auto certificates = answer.flight.certificates(); certificates && !certificates->empty()) {
    std::vector<Bytes> chain;
    for (const auto& der : *certificates) chain.emplace_back(der.begin(), der.end());
    const auto status = answer.flight.certificate_status();
    const bool right = spec.server_name == server_name();
    add_chain(chain, status.value_or(tls::Bytes{}), spec.status_request, right, served_to);
  }
}

void Assessment::collect(const tls::HandshakeResult& result, std::string_view served_to, bool staple_asked) {
  const bool tls13 = result.version == tls::Version::tls13;
  if (result.version) {
    randomness_.server_random(result.server_random, tls13);
    if (!tls13 && !result.resumed && result.session_id.size() == 32) randomness_.session_id(result.session_id);
    if (!result.resumed) randomness_.ecdh_share(result.key_share);
    if (!result.resumed) randomness_.ticket(result.ticket);
  }
  if (!result.alpn.empty() && std::ranges::find(listener.alpn, result.alpn) == listener.alpn.end())
    listener.alpn.push_back(result.alpn);
  if (result.client_certificate_requested) listener.client_certificate = observed(true);
  if (!result.chain.empty()) {
    const bool right = served_to != "wrong SNI" && served_to != "no SNI";
    add_chain(result.chain, result.staple, staple_asked, right, served_to);
  }
}

// What later probes need of the leaf's key: the curve that an EC certificate forces on clients, the modulus for ROBOT.
void Assessment::learn_key(const Bytes& der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<X509, KeyEnd> parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  EVP_PKEY* key = parsed ? X509_get0_pubkey(parsed.get()) : nullptr;
  if (!key) return;
  if (EVP_PKEY_is_a(key, "RSA") && rsa_modulus_.empty()) {
    rsa_modulus_ = number_of(key, OSSL_PKEY_PARAM_RSA_N);
    rsa_exponent_ = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  }
  std::array<char, 64> name = {};
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1) {
    const std::string_view curve(name.data(), size);
    for (const tls::Group& group : tls::groups())
      if (group.is_curve() && (group.openssl == curve || group.name == curve)) leaf_curve_ = group.code;
  }
}

void Assessment::add_chain(std::span<const Bytes> chain, std::span<const std::uint8_t> staple, bool staple_asked,
                           bool right_name, std::string_view served_to) {
  std::string bytes;
  for (const Bytes& der : chain) bytes.append(reinterpret_cast<const char*>(der.data()), der.size());
  const auto [entry, fresh] = chains_by_bytes_.try_emplace(sha256_hex(bytes), listener.chains.size());
  const bool first_staple = !fresh && staple_asked && !listener.chains[entry->second].staple.known();
  if (fresh || first_staple) {
    Chain judged = judge_.judge({.chain = chain,
                                 .staple = staple,
                                 .staple_asked = staple_asked,
                                 .host = request_.sni.empty() || request_.sni == "-" ? listener.host : request_.sni,
                                 .at = listener.observed_at});
    if (fresh)
      listener.chains.push_back(std::move(judged));
    else
      listener.chains[entry->second].staple = std::move(judged.staple);
    if (fresh && right_name) learn_key(chain[0]);
  }
  Chain& kept = listener.chains[entry->second];
  kept.for_right_name = kept.for_right_name || right_name;
  if (served_to.empty()) return;
  std::string label(served_to);
  if (std::ranges::find(kept.served_to, label) == kept.served_to.end()) kept.served_to.push_back(std::move(label));
}

}  // namespace wiretight::endpoint
