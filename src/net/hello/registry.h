#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "net/hello/version.h"

// The numbers of TLS and what they mean. The data is knowledge/tls/*.csv, compiled in at build; every table is sorted
// by code, lives for the whole program and is searched in O(log n).
namespace wiretight::tls {

enum class KeyExchange : std::uint8_t {
  null,
  any,  // TLS 1.3: not a matter of the suite
  rsa,
  rsa_export,
  dh,
  dh_export,
  dhe,
  dhe_export,
  ecdh,
  ecdhe,
  psk,
  dhe_psk,
  rsa_psk,
  ecdhe_psk,
  krb5,
  krb5_export,
  srp,
  fortezza,
  gost,
  eccpwd,
};
enum class Authentication : std::uint8_t {
  null,
  any,
  rsa,
  dss,
  ecdsa,
  anonymous,
  psk,
  krb5,
  srp,
  fortezza,
  gost,
  eccpwd
};
enum class Cipher : std::uint8_t {
  null,
  rc2,
  rc4,
  des,
  triple_des,
  idea,
  seed,
  fortezza,
  aes,
  camellia,
  aria,
  chacha20,
  gost28147,
  magma,
  kuznyechik,
  sm4,
  aegis,
};
enum class Mode : std::uint8_t { null, stream, cbc, ctr, gcm, ccm, ccm_8, poly1305, mgm, aegis };
enum class Mac : std::uint8_t { null, md5, sha1, sha256, sha384, ripemd160, gost, aead };

// The words of the reports: "ECDHE", "DHE_PSK", "RSA_EXPORT" as "RSA" (export is a property of its own), "anon",
// "3DES", "CCM_8", "SHA1", "AEAD" …; "any" for what TLS 1.3 negotiates apart; "NULL" for none.
std::string_view to_text(KeyExchange);
std::string_view to_text(Authentication);
std::string_view to_text(Cipher);
std::string_view to_text(Mode);
std::string_view to_text(Mac);

struct Suite {
  std::uint32_t code = 0;         // 16 bits, or the 24 of an SSLv2 cipher kind
  std::string_view name = {};     // IANA's; for numbers IANA never had, the name in the defining draft or product
  std::string_view openssl = {};  // OpenSSL's; empty where no release of it has had the suite
  KeyExchange key_exchange = KeyExchange::null;
  Authentication authentication = Authentication::null;
  Cipher cipher = Cipher::null;
  std::uint16_t bits = 0;  // what an attacker must guess: 3DES 112, export 40 or 56, NULL 0
  Mode mode = Mode::null;
  Mac mac = Mac::null;
  std::uint8_t rank = 0;  // place among the commonest, from 1; 0 for the rest

  constexpr bool is_export() const {
    return key_exchange == KeyExchange::rsa_export || key_exchange == KeyExchange::dh_export ||
           key_exchange == KeyExchange::dhe_export || key_exchange == KeyExchange::krb5_export ||
           (cipher != Cipher::null && bits == 40);
  }
  constexpr bool is_null() const { return cipher == Cipher::null; }
  // No proof of who the server is. Keys shared beforehand, Kerberos and SRP are such a proof.
  constexpr bool is_anonymous() const { return authentication == Authentication::anonymous; }
  constexpr bool is_forward_secret() const {
    return key_exchange == KeyExchange::any || key_exchange == KeyExchange::dhe ||
           key_exchange == KeyExchange::dhe_export || key_exchange == KeyExchange::ecdhe ||
           key_exchange == KeyExchange::dhe_psk || key_exchange == KeyExchange::ecdhe_psk ||
           key_exchange == KeyExchange::eccpwd || key_exchange == KeyExchange::srp;
  }
  // The premaster secret is encrypted to the certificate's RSA key: what ROBOT needs.
  constexpr bool is_static_rsa() const {
    return key_exchange == KeyExchange::rsa || key_exchange == KeyExchange::rsa_psk;
  }
  constexpr bool is_aead() const { return mac == Mac::aead && !is_null(); }
  // 64-bit blocks: SWEET32.
  constexpr bool has_short_blocks() const {
    return cipher == Cipher::rc2 || cipher == Cipher::des || cipher == Cipher::triple_des || cipher == Cipher::idea ||
           cipher == Cipher::gost28147 || cipher == Cipher::magma || cipher == Cipher::fortezza;
  }
  constexpr bool uses_dhe() const {
    return key_exchange == KeyExchange::dhe || key_exchange == KeyExchange::dhe_export ||
           key_exchange == KeyExchange::dhe_psk;
  }
  constexpr bool uses_ecdhe() const {
    return key_exchange == KeyExchange::ecdhe || key_exchange == KeyExchange::ecdhe_psk;
  }
};

std::span<const Suite> ssl2_suites();
// SSL 3.0 to TLS 1.2. Signalling values (0x00ff, 0x5600) are not suites and not in here.
std::span<const Suite> legacy_suites();
std::span<const Suite> tls13_suites();
// The codes of legacy_suites() without the common ones, ascending: what a hello of "all the rest" offers.
std::span<const std::uint16_t> uncommon_codes();
// The 32 legacy suites that servers accept most, the commonest first.
std::span<const std::uint16_t> common_codes();
std::span<const std::uint16_t> legacy_codes();
// The five of RFC 8446 come first.
std::span<const std::uint16_t> tls13_codes();
// Null for a number the tables do not have.
const Suite* find_suite(std::uint16_t code);
const Suite* find_ssl2_suite(std::uint32_t kind);

enum class GroupKind : std::uint8_t { prime, binary, montgomery, ffdhe, gost, sm2, kem, hybrid };

struct Group {
  std::uint16_t code = 0;
  std::string_view name = {};     // IANA's
  std::string_view openssl = {};  // the other name people know: "prime256v1", "P-256"; may be empty
  GroupKind kind = GroupKind::prime;
  std::uint16_t bits = 0;  // size of the field or modulus; parameter set of ML-KEM; of the classical half of a hybrid
  std::uint16_t client_share = 0;  // bytes of key_exchange in a TLS 1.3 ClientHello; 0 where TLS 1.3 has none
  std::uint16_t server_share = 0;
  constexpr bool is_post_quantum() const { return kind == GroupKind::kem || kind == GroupKind::hybrid; }
  constexpr bool is_hybrid() const { return kind == GroupKind::hybrid; }
  // What strength in bits a discrete logarithm here has, roughly: half the field for curves.
  constexpr bool is_curve() const {
    return kind == GroupKind::prime || kind == GroupKind::binary || kind == GroupKind::montgomery ||
           kind == GroupKind::gost || kind == GroupKind::sm2;
  }
};
std::span<const Group> groups();
const Group* find_group(std::uint16_t code);

struct SignatureScheme {
  std::uint16_t code = 0;
  std::string_view name = {};       // "rsa_pkcs1_sha256"; the TLS 1.2 pairs without a 1.3 name are spelled alike
  std::string_view hash = {};       // "MD5" "SHA1" "SHA224" "SHA256" …; "intrinsic" for EdDSA, ML-DSA and SLH-DSA
  std::string_view algorithm = {};  // the key it needs: "RSA" "RSA-PSS" "DSA" "ECDSA" "Ed25519" "ML-DSA" …
};
std::span<const SignatureScheme> signature_schemes();
const SignatureScheme* find_signature_scheme(std::uint16_t code);

// A finite-field Diffie-Hellman prime that many servers share. `prime` is big-endian without leading zeros.
struct DhPrime {
  std::string_view name = {};  // "RFC 3526 group 14", "Apache mod_ssl 1024-bit"
  std::uint16_t bits = 0;
  bool standard = false;  // RFC 2409, 3526 or 7919, made by formula and without a trapdoor
  std::span<const std::uint8_t> prime = {};
};
std::span<const DhPrime> dh_primes();
// Leading zeros of `prime` do not matter. Null for a prime that is not among the known.
const DhPrime* find_dh_prime(std::span<const std::uint8_t> prime);

// "handshake_failure"; empty for an unknown number.
std::string_view alert_name(std::uint8_t description);
// "supported_groups"; empty for an unknown number.
std::string_view extension_name(std::uint16_t type);

// RFC 8701 values 0x0a0a, 0x1a1a … 0xfafa, the same for suites, groups, extensions and versions.
constexpr bool is_grease(std::uint16_t code) { return (code & 0x0f0f) == 0x0a0a && (code >> 8) == (code & 0xff); }

inline constexpr std::uint16_t renegotiation_scsv = 0x00ff;  // RFC 5746
inline constexpr std::uint16_t fallback_scsv = 0x5600;       // RFC 7507

}  // namespace wiretight::tls
