#include "sources/certificate/certificate.h"

#include <doctest/doctest.h>
#include <openssl/ct.h>
#include <rapidcheck.h>

#include "core/digest.h"
#include "core/text.h"
#include "sources/certificate/fixture.h"

using namespace wiretight;
using namespace wiretight::certificate;
using namespace wiretight::certificate::test;

namespace {

Certificate read(const Issued& issued) {
  const auto certificate = read_certificate(issued.der());
  REQUIRE_MESSAGE(certificate, certificate.error().what);
  return *certificate;
}

Issued with(Extensions extensions) { return issue({.extensions = std::move(extensions)}); }

// Signs `wanted` with RSA-PSS.
Issued signed_by_pss(const char* digest) {
  const Key key = key_called("pss", "RSA:2048");
  Issued issued = issue({.key = key});
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;
  REQUIRE(EVP_DigestSignInit(context.get(), &settings, EVP_get_digestbyname(digest), nullptr, key.get()) == 1);
  EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
  REQUIRE(X509_sign_ctx(issued.x509.get(), context.get()) > 0);
  return issued;
}

Key key_with_spelled_out_curve(const char* curve) {
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_CTX_set_group_name(context.get(), curve) == 1);
  REQUIRE(EVP_PKEY_CTX_set_ec_param_enc(context.get(), OPENSSL_EC_EXPLICIT_CURVE) == 1);
  REQUIRE(EVP_PKEY_keygen(context.get(), &key) == 1);
  return own(key);
}

}  // namespace

TEST_CASE("what stands in a certificate") {
  const Issued root = authority("Example Root");
  const Issued leaf =
      issue({.extensions = {{"subjectAltName", "DNS:db.example,DNS:*.db.example,IP:192.0.2.7,IP:2001:db8::7"},
                            {"extendedKeyUsage", "serverAuth"}}},
            &root);
  const Certificate read_leaf = read(leaf);
  CHECK(read_leaf.subject == "CN=db.example");
  CHECK(read_leaf.issuer == "CN=Example Root");
  CHECK(read_leaf.names == std::vector<std::string>{"db.example", "*.db.example", "192.0.2.7", "2001:db8::7"});
  CHECK(read_leaf.not_before == now - 10 * day);
  CHECK(read_leaf.not_after == now + 80 * day);
  CHECK(read_leaf.sha256 == sha256_hex({reinterpret_cast<const char*>(leaf.der().data()), leaf.der().size()}));
  CHECK(read_leaf.signature_algorithm == "ecdsa-with-SHA256");
  CHECK(read_leaf.signature_hash == "SHA256");
  CHECK_FALSE(read_leaf.self_signed);
  CHECK_FALSE(read_leaf.authority);
  CHECK(read_leaf.server_auth);
  CHECK_FALSE(read_leaf.must_staple);
  CHECK(read_leaf.signed_timestamps == 0);
  CHECK(read_leaf.known_test.empty());

  const Certificate read_root = read(root);
  CHECK(read_root.authority);
  CHECK(read_root.self_signed);
  CHECK(read_root.names.empty());
}

TEST_CASE("serial numbers are hexadecimal, as the openssl command shows them") {
  const auto serial = [](std::vector<unsigned char> bytes, bool negative) {
    Issued issued = issue({});
    const Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    BN_set_negative(number.get(), negative ? 1 : 0);
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(issued.x509.get()));
    X509_sign(issued.x509.get(), issued.key.get(), EVP_sha256());
    return read(issued).serial;
  };
  CHECK(serial({0x01, 0xab}, false) == "01ab");
  CHECK(serial({0x80}, false) == "80");
  CHECK(serial({0x05}, true) == "-05");
  CHECK(serial({}, false) == "00");
  CHECK(serial(std::vector<unsigned char>(5000, 0x11), false).size() <= limits::text + 3);
}

TEST_CASE("keys of every algorithm") {
  struct Case {
    const char* kind;
    const char* algorithm;
    int bits;
    const char* curve;
  };
  for (const Case& expected :
       {Case{"RSA:2048", "RSA", 2048, ""}, Case{"RSA:1024", "RSA", 1024, ""}, Case{"RSA:512", "RSA", 512, ""},
        Case{"EC:P-256", "EC", 256, "secp256r1"}, Case{"EC:P-384", "EC", 384, "secp384r1"},
        Case{"EC:P-192", "EC", 192, "secp192r1"}, Case{"EC:secp256k1", "EC", 256, "secp256k1"},
        Case{"EC:brainpoolP256r1", "EC", 256, "brainpoolP256r1"}, Case{"EC:secp112r1", "EC", 112, "secp112r1"},
        Case{"ED25519", "Ed25519", 256, ""}, Case{"ED448", "Ed448", 456, ""}}) {
    CAPTURE(expected.kind);
    const bool edwards = expected.kind[1] == 'D';
    const Certificate certificate =
        read(issue({.key = key_called("one", expected.kind), .digest = edwards ? nullptr : "SHA256"}));
    CHECK(certificate.key_algorithm == expected.algorithm);
    // Ed25519 and Ed448 count the bits of the curve: 253 and 448 in one OpenSSL, 256 and 456 in another.
    if (!edwards) CHECK(certificate.key_bits == expected.bits);
    if (edwards) CHECK(certificate.key_bits >= 253);
    CHECK(certificate.curve == expected.curve);
    CHECK(certificate.rsa_exponent == (certificate.key_algorithm == "RSA" ? 65537 : 0));
    CHECK(certificate.self_signed);
    if (edwards) CHECK(certificate.signature_hash == "intrinsic");
  }
}

TEST_CASE("a curve that is spelled out is told from a named one") {
  CHECK(read(issue({.key = key_with_spelled_out_curve("P-256")})).curve == "explicit secp256r1");
}

TEST_CASE("exponents of RSA keys, the largest ones saturate") {
  const auto exponent = [](const char* hex) {
    BIGNUM* number = nullptr;
    BN_hex2bn(&number, hex);
    const Number owner(number);
    const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
    EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 1024);
    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), number);
    REQUIRE(EVP_PKEY_keygen(context.get(), &key) == 1);
    return read(issue({.key = own(key)})).rsa_exponent;
  };
  CHECK(exponent("3") == 3);
  CHECK(exponent("FFFFFFFFFFFFFFFF") == UINT64_MAX);
  CHECK(exponent("10000000000000001") == UINT64_MAX);
}

TEST_CASE("hashes of signatures, broken ones too, and where they stand in parameters") {
  for (const char* hash : {"MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"}) {
    const Certificate certificate = read(issue({.key = key_called("rsa", "RSA:2048"), .digest = hash}));
    CHECK(certificate.signature_hash == hash);
    CHECK(certificate.signature_algorithm == lower(hash) + "WithRSAEncryption");
    CHECK(certificate.self_signed);
  }
  const Certificate pss = read(signed_by_pss("SHA384"));
  CHECK(pss.signature_algorithm == "rsassaPss");
  CHECK(pss.signature_hash == "SHA384");
  CHECK(pss.self_signed);
  CHECK(read(signed_by_pss("SHA1")).signature_hash == "SHA1");  // the default, not written down (RFC 4055)
}

TEST_CASE("self-signed is who signs with its own key, not who names itself") {
  Issued impostor = issue({});
  REQUIRE(X509_sign(impostor.x509.get(), key_called("another").get(), EVP_sha256()) > 0);
  CHECK_FALSE(read(impostor).self_signed);
}

TEST_CASE("uses of a certificate") {
  CHECK(read(with({})).server_auth);
  CHECK(read(with({{"extendedKeyUsage", "clientAuth,serverAuth"}})).server_auth);
  CHECK(read(with({{"extendedKeyUsage", "anyExtendedKeyUsage"}})).server_auth);
  CHECK_FALSE(read(with({{"extendedKeyUsage", "clientAuth"}})).server_auth);
  CHECK_FALSE(read(with({{"extendedKeyUsage", "DER:04:01:00"}})).server_auth);
  CHECK(read(with({{"tlsfeature", "status_request"}})).must_staple);
  CHECK_FALSE(read(with({{"tlsfeature", "DER:30:03:02:01:11"}})).must_staple);
  CHECK_FALSE(read(with({{"basicConstraints", "CA:FALSE"}})).authority);
  CHECK_FALSE(read(issue({.extensions = {}, .version = 1})).authority);
}

TEST_CASE("embedded certificate timestamps are counted") {
  const Handle<STACK_OF(SCT), SCT_LIST_free> list(sk_SCT_new_null());
  for (const unsigned char log : std::initializer_list<unsigned char>{1, 2, 3}) {
    SCT* timestamp = SCT_new();
    REQUIRE(SCT_set_version(timestamp, SCT_VERSION_V1) == 1);
    const std::vector<unsigned char> id(32, log), signature(8, log);
    REQUIRE(SCT_set1_log_id(timestamp, id.data(), id.size()) == 1);
    SCT_set_timestamp(timestamp, 1);
    REQUIRE(SCT_set_signature_nid(timestamp, NID_ecdsa_with_SHA256) == 1);
    REQUIRE(SCT_set1_signature(timestamp, signature.data(), signature.size()) == 1);
    sk_SCT_push(list.get(), timestamp);
  }
  Issued issued = issue({});
  REQUIRE(X509_add1_ext_i2d(issued.x509.get(), NID_ct_precert_scts, list.get(), 0, 0) == 1);
  CHECK(read(issued).signed_timestamps == 3);
  CHECK(read(with({{"1.3.6.1.4.1.11129.2.4.2", "DER:04:02:ff:ff"}})).signed_timestamps == 0);
}

TEST_CASE("names of hostile certificates are made fit to be shown") {
  const Certificate escapes = read(issue({.subject = "\x1b[31mred\x07"}));
  CHECK(escapes.subject == "CN=[31mred");
  CHECK(escapes.issuer == "CN=[31mred");
  CHECK(read(issue({.subject = " a,b+c=\"d\"#"})).subject == "CN=\\ a\\,b\\+c=\\\"d\\\"#");

  // Nothing that sanitising leaves of a name may stand for a host, and an address in a DNS name is none.
  const auto dns = [](std::string_view bytes) {
    Issued issued = issue({.extensions = {}});
    const Handle<GENERAL_NAMES, GENERAL_NAMES_free> names(sk_GENERAL_NAME_new_null());
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    sk_GENERAL_NAME_push(names.get(), name);
    X509_add1_ext_i2d(issued.x509.get(), NID_subject_alt_name, names.get(), 0, 0);
    return read(issued).names;
  };
  using namespace std::string_view_literals;
  CHECK(dns("DB.example") == std::vector<std::string>{"DB.example"});
  CHECK(dns("db.exa\x01mple") == std::vector<std::string>{"DNS:db.example"});
  CHECK(dns("db.example\0.evil.example"sv) == std::vector<std::string>{"DNS:db.example.evil.example"});
  CHECK(dns("192.0.2.7") == std::vector<std::string>{"DNS:192.0.2.7"});
  CHECK(dns("") == std::vector<std::string>{"DNS:"});
  CHECK(dns(std::string(5000, 'a'))[0].size() <= limits::text + 8);
}

TEST_CASE("a certificate with very many names is cut") {
  std::string all = "DNS:n0.example";
  for (int i = 1; i < 2500; ++i) all += ",DNS:n" + std::to_string(i) + ".example";
  const Certificate certificate = read(with({{"subjectAltName", all}}));
  CHECK(certificate.names.size() == limits::names);
  CHECK(certificate.names.back() == "n1999.example");
}

TEST_CASE("other bytes are no certificate") {
  CHECK_FALSE(read_certificate({}).has_value());
  const Der der = issue({}).der();
  for (std::size_t length = 0; length < der.size(); length += 7)
    CHECK_FALSE(read_certificate(Bytes(der).first(length)).has_value());
  Der longer = der;
  longer.push_back(0);
  CHECK_FALSE(read_certificate(longer).has_value());
  CHECK(pin_of(longer).empty());
  Der huge(limits::chain_bytes + 1, 0x30);
  CHECK(read_certificate(huge).error().what == "the certificate is longer than 131072 bytes");
}

TEST_CASE("a damaged certificate is read or refused, and never shown raw") {
  const Der der = issue({.extensions = {{"subjectAltName", "DNS:db.example,IP:192.0.2.7"},
                                        {"extendedKeyUsage", "serverAuth"},
                                        {"tlsfeature", "status_request"}}})
                      .der();
  CHECK(rc::check([&] {
    Der damaged = der;
    const auto count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i)
      damaged[*rc::gen::inRange<std::size_t>(0, damaged.size())] = *rc::gen::arbitrary<std::uint8_t>();
    const auto certificate = read_certificate(damaged);
    if (!certificate) return;
    for (const std::string& text : {certificate->subject, certificate->issuer, certificate->serial})
      RC_ASSERT(sanitise(text, text.size()) == text);
    for (const std::string& name : certificate->names) RC_ASSERT(sanitise(name, name.size()) == name);
  }));
}

TEST_CASE("a pin is the digest of the public key as it stands in the certificate") {
  const Issued one = issue({.key = key_called("pinned", "RSA:2048")});
  const Issued other = issue({.subject = "renewed", .key = key_called("pinned", "RSA:2048")});
  CHECK(pin_of(one.der()) == pin_of(other.der()));
  CHECK(pin_of(one.der()) == read(one).pin);
  unsigned char* key = nullptr;
  const int length = i2d_PUBKEY(one.key.get(), &key);
  const auto digest = sha256({reinterpret_cast<char*>(key), static_cast<std::size_t>(length)});
  OPENSSL_free(key);
  CHECK(pin_of(one.der()) == base64({reinterpret_cast<const char*>(digest.data()), digest.size()}));
  CHECK(pin_of({}).empty());
}
