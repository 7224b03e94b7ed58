#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::size_t judged(Certificate certificate) {
  return fixture::findings_of("key-weak", fixture::serving(fixture::chain(std::move(certificate)))).size();
}

}  // namespace

TEST_CASE("certificates are measured by their kind of key") {
  CHECK(judged({.key_algorithm = "RSA", .key_bits = 2047}) == 1);
  CHECK(judged({.key_algorithm = "RSA", .key_bits = 2048, .rsa_exponent = 65537}) == 0);
  CHECK(judged({.key_algorithm = "RSA", .key_bits = 4096, .rsa_exponent = 1}) == 1);
  CHECK(judged({.key_algorithm = "DSA", .key_bits = 1024}) == 1);
  CHECK(judged({.key_algorithm = "EC", .key_bits = 192}) == 1);
  CHECK(judged({.key_algorithm = "EC", .key_bits = 224}) == 0);
  CHECK(judged({.key_algorithm = "Ed25519", .key_bits = 253}) == 0);
  CHECK(judged({.key_algorithm = "RSA", .key_bits = 0}) == 0);
}

TEST_CASE("certificates, parameters and curves are findings of their own") {
  Listener listener = fixture::serving(fixture::chain({.key_algorithm = "RSA", .key_bits = 512}));
  listener.dh = {{.bits = 1024, .known_as = "RFC 2409 group 2"}, {.bits = 2048}, {.bits = 512, .export_grade = true}};
  listener.groups = {{.name = "secp192r1", .bits = 192}, {.name = "secp256r1", .bits = 256}};
  const auto found = fixture::findings_of("key-weak", listener);
  REQUIRE(found.size() == 3);
  CHECK(found[0].identity == "11aa");
  CHECK(found[0].cap == 59);
  CHECK(found[1].cap == 69);
  CHECK(
      found[1].message ==
      "db.example:443 exchanges keys by Diffie-Hellman of 1024 bits with a prime that many share (RFC 2409 group 2).");
  CHECK(found[2].message.ends_with("less than 224 bits: secp192r1."));
}
