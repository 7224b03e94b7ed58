#include "net/hello/spec.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "net/hello/build.h"
#include "net/hello/check.h"
#include "net/hello/flight.h"

// The recipes against a real server: OpenSSL in memory, with everything it has switched on.
namespace wiretight::tls {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void add_certificate(SSL_CTX* context, EVP_PKEY* made) {
  Owned<EVP_PKEY> key(made);
  Owned<X509> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("db.example"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  REQUIRE(SSL_CTX_use_certificate(context, certificate.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
}

SSL_CTX* server() {
  static Owned<SSL_CTX> context = [] {
    Owned<SSL_CTX> made(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_security_level(made.get(), 0);
    SSL_CTX_set_min_proto_version(made.get(), TLS1_VERSION);
    SSL_CTX_set_cipher_list(made.get(), "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    SSL_CTX_set_dh_auto(made.get(), 1);
    SSL_CTX_set1_groups_list(made.get(), "X25519:P-256:P-384:P-521:X448");
    add_certificate(made.get(), EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
    add_certificate(made.get(), EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    return made;
  }();
  return context.get();
}

// What the server answers to `spec`, read to the end of its flight.
Flight answer(const HelloSpec& spec) {
  Owned<SSL> connection(SSL_new(server()));
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(connection.get(), in, out);
  std::vector<std::uint8_t> hello = client_hello(spec);
  BIO_write(in, hello.data(), static_cast<int>(hello.size()));
  SSL_accept(connection.get());
  Flight flight;
  std::uint8_t piece[97];
  int size = 0;
  while (flight.progress().need_more() && (size = BIO_read(out, piece, sizeof piece)) > 0)
    flight.feed(Bytes(piece).first(static_cast<std::size_t>(size)));
  return flight;
}

void check_sound(const Flight& flight, const HelloSpec& spec) {
  REQUIRE(flight.server_hello());
  auto outcome = check_answer(*flight.server_hello(), spec);
  CHECK_MESSAGE(outcome, (outcome ? "" : outcome.error().what));
  if (auto exchange = flight.server_key_exchange()) {
    auto fits = check_answer(*exchange, spec);
    CHECK_MESSAGE(fits, (fits ? "" : fits.error().what));
  }
}

}  // namespace

TEST_CASE("each old version is answered in its own") {
  for (Version version : {Version::tls10, Version::tls11, Version::tls12}) {
    HelloSpec spec = legacy_hello(version, legacy_codes(), "db.example");
    randomise(spec);
    Flight flight = answer(spec);
    CHECK(flight.progress().end == End::server_hello_done);
    CHECK(flight.server_hello()->version == wire_code(version));
    check_sound(flight, spec);
  }
  HelloSpec old = legacy_hello(Version::ssl3, legacy_codes(), "db.example");
  CHECK(answer(old).progress().end == End::alert);
}

TEST_CASE("one suite asked for is one suite answered") {
  int accepted = 0;
  for (std::uint16_t code : common_codes()) {
    HelloSpec spec = legacy_hello(Version::tls12, std::span(&code, 1), "db.example");
    randomise(spec);
    Flight flight = answer(spec);
    REQUIRE(flight.progress().done());
    if (!flight.server_hello()) {
      CHECK(flight.alert()->name() == "handshake_failure");
      continue;
    }
    ++accepted;
    CHECK(flight.server_hello()->suite == code);
    check_sound(flight, spec);
    if (find_suite(code)->uses_ecdhe()) CHECK(flight.server_key_exchange()->group == 0x001d);
    if (find_suite(code)->uses_dhe()) CHECK(flight.server_key_exchange()->p_bits() >= 1024);
  }
  CHECK(accepted == 28);  // all but 3DES and RC4, which this OpenSSL was built without
}

TEST_CASE("TLS 1.3: suites, groups by retry, and the big hello") {
  for (std::uint16_t code : tls13_codes().first(5)) {
    HelloSpec spec = tls13_hello(std::span(&code, 1), "db.example");
    randomise(spec);
    Flight flight = answer(spec);
    if (!flight.server_hello()) continue;
    CHECK(flight.server_hello()->suite == code);
    CHECK(flight.server_hello()->group == 0x001d);
    check_sound(flight, spec);
  }
  for (const Group& group : groups()) {
    HelloSpec spec = group_hello(std::span(&group.code, 1), "db.example");
    randomise(spec);
    Flight flight = answer(spec);
    bool has = group.code == 0x001d || group.code == 0x001e || (group.code >= 0x0017 && group.code <= 0x0019);
    CHECK_MESSAGE((flight.progress().end == End::hello_retry) == has, group.name);
    if (has) check_sound(flight, spec);
  }
  HelloSpec spec = big_hello("db.example");
  CHECK(client_hello(spec).size() > 1460);
  Flight flight = answer(spec);
  CHECK(flight.server_hello()->is_tls13());
  check_sound(flight, spec);
}

TEST_CASE("a certificate can be chosen by what is offered") {
  Flight ecdsa = answer(ecdsa_only_hello("db.example"));
  CHECK(find_suite(ecdsa.server_hello()->suite)->authentication == Authentication::ecdsa);
  CHECK(ecdsa.server_key_exchange()->signature_scheme == 0x0403);
  Flight rsa = answer(rsa_only_hello("db.example"));
  CHECK(find_suite(rsa.server_hello()->suite)->authentication == Authentication::rsa);
  CHECK(ecdsa.certificates()->size() == 1);
  CHECK(rsa.certificates()->size() == 1);
  CHECK((*ecdsa.certificates())[0].size() < (*rsa.certificates())[0].size());
}

TEST_CASE("the fallback signal is refused by a server that could do better") {
  HelloSpec spec = legacy_hello(Version::tls11, legacy_codes(), "db.example");
  spec.fallback_scsv = true;
  CHECK(answer(spec).alert()->name() == "inappropriate_fallback");
}

TEST_CASE("a foreign ticket is not taken up") {
  HelloSpec spec = legacy_hello(Version::tls12, common_codes(), "db.example");
  spec.session_ticket = std::vector<std::uint8_t>(192, 1);
  spec.session_id = {1};
  Flight flight = answer(spec);
  CHECK_FALSE(is_resumed(*flight.server_hello(), spec));
  CHECK(ticketbleed_leak(*flight.server_hello(), spec) == 0);
}

TEST_CASE("randomise fills what must be fresh and nothing else") {
  HelloSpec spec = big_hello("db.example");
  HelloSpec other = spec;
  randomise(spec);
  CHECK(spec.random != other.random);
  CHECK(spec.session_id != other.session_id);
  const auto& hybrid = spec.key_shares->front().key;
  CHECK(std::ranges::count(std::span(hybrid).first(1184), 0) == 1184);
  CHECK(std::ranges::count(std::span(hybrid).last(32), 0) < 16);
  // A point of Curve25519 is below 2^255; wolfSSL 5.5 hangs up on others.
  for (int tries = 0; tries < 32; ++tries) {
    HelloSpec again = tls13_hello(tls13_codes(), "db.example");
    randomise(again);
    randomise(spec);
    CHECK(again.key_shares->front().key.back() < 0x80);
    CHECK(spec.key_shares->front().key.back() < 0x80);
  }
}

TEST_CASE("no recipe offers ffdhe, which would hide a weak prime") {
  for (Version version : {Version::tls10, Version::tls11, Version::tls12})
    for (std::uint16_t code : legacy_hello(version, legacy_codes(), "").groups)
      CHECK(find_group(code)->kind != GroupKind::ffdhe);
}

}  // namespace wiretight::tls
