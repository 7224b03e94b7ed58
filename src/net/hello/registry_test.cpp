#include "net/hello/registry.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <openssl/bn.h>
#include <openssl/dh.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <set>
#include <string>

#include "net/hello/bytes.h"

namespace wiretight::tls {
namespace {

std::string big_endian(const BIGNUM* number) {
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

const DhPrime* find(const std::string& prime) { return find_dh_prime(as_bytes(prime)); }

}  // namespace

TEST_CASE("versions have their wire codes") {
  CHECK(wire_code(Version::ssl2) == 0x0002);
  CHECK(wire_code(Version::ssl3) == 0x0300);
  CHECK(wire_code(Version::tls13) == 0x0304);
  CHECK(version_of(0x0301) == Version::tls10);
  CHECK_FALSE(version_of(0x0305).has_value());
  CHECK_FALSE(version_of(0x7f1c).has_value());
  CHECK(to_text(Version::tls11) == "TLSv1.1");
}

TEST_CASE("suites are found by code and say what they are made of") {
  const Suite* suite = find_suite(0xc02f);
  REQUIRE(suite != nullptr);
  CHECK(suite->name == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  CHECK(suite->openssl == "ECDHE-RSA-AES128-GCM-SHA256");
  CHECK(to_text(suite->key_exchange) == "ECDHE");
  CHECK(suite->is_forward_secret());
  CHECK(suite->is_aead());
  CHECK_FALSE(suite->is_export());
  CHECK(find_suite(0xfafa) == nullptr);
  CHECK(find_suite(renegotiation_scsv) == nullptr);
  CHECK(find_suite(fallback_scsv) == nullptr);

  const Suite* exported = find_suite(0x0003);
  REQUIRE(exported != nullptr);
  CHECK(exported->is_export());
  CHECK(exported->bits == 40);
  CHECK(find_suite(0x0064)->is_export());
  CHECK(find_suite(0x0066)->is_export() == false);
  CHECK(find_suite(0x0034)->is_anonymous());
  CHECK(find_suite(0xc018)->is_anonymous());
  CHECK(find_suite(0x008c)->is_anonymous() == false);
  CHECK(find_suite(0x0001)->is_null());
  CHECK(find_suite(0x000a)->has_short_blocks());
  CHECK(find_suite(0x000a)->bits == 112);
  CHECK(find_suite(0x009c)->is_static_rsa());
  CHECK(find_suite(0x1301)->key_exchange == KeyExchange::any);
  CHECK(find_suite(0xc0b4)->is_null());
  CHECK_FALSE(find_suite(0xc0b4)->is_aead());
  CHECK(find_ssl2_suite(0x0700c0)->cipher == Cipher::triple_des);
  CHECK(find_ssl2_suite(0x020080)->is_export());
}

TEST_CASE("names, codes and ranks are told apart") {
  std::set<std::string_view> names;
  for (auto table : {ssl2_suites(), legacy_suites(), tls13_suites()})
    for (const Suite& suite : table) CHECK_MESSAGE(names.insert(suite.name).second, suite.name);
  CHECK(ssl2_suites().size() == 7);
  CHECK(common_codes().size() == 32);
  CHECK(common_codes().size() + uncommon_codes().size() == legacy_suites().size());
  for (std::uint16_t code : uncommon_codes()) CHECK(std::ranges::find(common_codes(), code) == common_codes().end());
  for (std::uint16_t code : tls13_codes()) CHECK(find_suite(code)->key_exchange == KeyExchange::any);
}

TEST_CASE("the suite table agrees with the OpenSSL we link") {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()), SSL_CTX_free);
  REQUIRE(SSL_CTX_set_cipher_list(context.get(), "ALL:COMPLEMENTOFALL:@SECLEVEL=0") == 1);
  STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(context.get());
  CHECK(sk_SSL_CIPHER_num(ciphers) > 100);
  for (int index = 0; index < sk_SSL_CIPHER_num(ciphers); ++index) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ciphers, index);
    const Suite* suite = find_suite(SSL_CIPHER_get_protocol_id(cipher));
    REQUIRE_MESSAGE(suite != nullptr, SSL_CIPHER_get_name(cipher));
    CHECK(suite->name == SSL_CIPHER_standard_name(cipher));
    CHECK(suite->openssl == SSL_CIPHER_get_name(cipher));
    CHECK(suite->bits == SSL_CIPHER_get_bits(cipher, nullptr));
    CHECK((suite->mac == Mac::aead) == (SSL_CIPHER_is_aead(cipher) == 1));
    CHECK(suite->is_anonymous() == (SSL_CIPHER_get_auth_nid(cipher) == NID_auth_null));
    bool ephemeral_dh = SSL_CIPHER_get_kx_nid(cipher) == NID_kx_dhe || SSL_CIPHER_get_kx_nid(cipher) == NID_kx_dhe_psk;
    CHECK(suite->uses_dhe() == ephemeral_dh);
  }
}

TEST_CASE("groups have the share sizes of their TLS 1.3 encoding") {
  CHECK(find_group(0x001d)->client_share == 32);
  CHECK(find_group(0x0017)->client_share == 65);
  CHECK(find_group(0x0101)->client_share == 384);
  CHECK(find_group(0x11ec)->client_share == 1216);
  CHECK(find_group(0x11ec)->server_share == 1120);
  CHECK(find_group(0x11ec)->is_hybrid());
  CHECK(find_group(0x0201)->is_post_quantum());
  CHECK_FALSE(find_group(0x0201)->is_hybrid());
  CHECK_FALSE(find_group(0x0019)->is_post_quantum());
  CHECK(find_group(0x0a0a) == nullptr);
}

TEST_CASE("signature schemes, alerts and extensions have names") {
  CHECK(find_signature_scheme(0x0201)->name == "rsa_pkcs1_sha1");
  CHECK(find_signature_scheme(0x0201)->hash == "SHA1");
  CHECK(find_signature_scheme(0x0905)->name == "mldsa65");
  CHECK(find_signature_scheme(0xffff) == nullptr);
  CHECK(alert_name(40) == "handshake_failure");
  CHECK(alert_name(86) == "inappropriate_fallback");
  CHECK(alert_name(255).empty());
  CHECK(extension_name(0xff01) == "renegotiation_info");
  CHECK(extension_name(0x0a0a).empty());
}

TEST_CASE("the standard primes are those that OpenSSL knows") {
  using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
  struct {
    BIGNUM* (*make)(BIGNUM*);
    const char* name;
  } known[] = {{BN_get_rfc2409_prime_768, "RFC 2409 group 1"},   {BN_get_rfc2409_prime_1024, "RFC 2409 group 2"},
               {BN_get_rfc3526_prime_1536, "RFC 3526 group 5"},  {BN_get_rfc3526_prime_2048, "RFC 3526 group 14"},
               {BN_get_rfc3526_prime_3072, "RFC 3526 group 15"}, {BN_get_rfc3526_prime_4096, "RFC 3526 group 16"},
               {BN_get_rfc3526_prime_6144, "RFC 3526 group 17"}, {BN_get_rfc3526_prime_8192, "RFC 3526 group 18"}};
  for (auto& [make, name] : known) {
    Number prime(make(nullptr), BN_free);
    const DhPrime* found = find(big_endian(prime.get()));
    REQUIRE_MESSAGE(found != nullptr, name);
    CHECK(found->name == name);
    CHECK(found->standard);
    CHECK(found->bits == BN_num_bits(prime.get()));
  }
  for (const char* name : {"ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"}) {
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr), EVP_PKEY_CTX_free);
    REQUIRE(EVP_PKEY_paramgen_init(context.get()) == 1);
    REQUIRE(EVP_PKEY_CTX_set_dh_nid(context.get(), OBJ_txt2nid(name)) == 1);
    EVP_PKEY* made = nullptr;
    REQUIRE(EVP_PKEY_paramgen(context.get(), &made) == 1);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(made, EVP_PKEY_free);
    BIGNUM* value = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key.get(), "p", &value) == 1);
    Number prime(value, BN_free);
    const DhPrime* found = find(big_endian(prime.get()));
    REQUIRE(found != nullptr);
    CHECK(found->name == name);
  }
}

TEST_CASE("every known prime is a prime of the size it says, and leading zeros do not hide it") {
  for (const DhPrime& known : dh_primes()) {
    std::unique_ptr<BIGNUM, decltype(&BN_free)> prime(
        BN_bin2bn(known.prime.data(), static_cast<int>(known.prime.size()), nullptr), BN_free);
    CHECK_MESSAGE(BN_num_bits(prime.get()) == known.bits, known.name);
    if (known.bits <= 1024) CHECK_MESSAGE(BN_check_prime(prime.get(), nullptr, nullptr) == 1, known.name);
    CHECK(find_dh_prime(known.prime) == &known);
  }
  const DhPrime* apache = find_dh_prime(dh_primes().front().prime);
  REQUIRE(apache != nullptr);
  std::string padded = std::string(2, '\0') + std::string(as_text(apache->prime));
  CHECK(find(padded) == apache);
  padded.back() ^= 2;
  CHECK(find(padded) == nullptr);
  CHECK(find("") == nullptr);
}

TEST_CASE("GREASE values are recognised") {
  CHECK(is_grease(0x0a0a));
  CHECK(is_grease(0xfafa));
  CHECK_FALSE(is_grease(0x0a1a));
  CHECK_FALSE(is_grease(0x1301));
}

}  // namespace wiretight::tls
