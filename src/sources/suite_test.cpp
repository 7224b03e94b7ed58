#include "sources/suite.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("a suite keeps its number, its names and what it is made of") {
  const CipherSuite sound = suite_of(*tls::find_suite(0xC02F));
  CHECK(sound.code == 0xC02F);
  CHECK(sound.name == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  CHECK(sound.key_exchange == "ECDHE");
  CHECK(sound.authentication == "RSA");
  CHECK(sound.cipher == "AES");
  CHECK(sound.mode == "GCM");
  CHECK(sound.mac == "AEAD");
  CHECK(sound.bits == 128);
  CHECK(sound.forward_secret);
  CHECK_FALSE(sound.anonymous);
  CHECK_FALSE(sound.export_grade);
}

TEST_CASE("export and anonymous suites say so") {
  const CipherSuite exported = suite_of(*tls::find_suite(0x0003));
  CHECK(exported.export_grade);
  CHECK(exported.key_exchange == "RSA");
  CHECK(exported.bits == 40);
  CHECK_FALSE(exported.forward_secret);
  CHECK(suite_of(*tls::find_suite(0x001B)).anonymous);
}

TEST_CASE("every suite of the tables has a name, a cipher and a key exchange") {
  for (const auto table : {tls::ssl2_suites(), tls::legacy_suites(), tls::tls13_suites()}) {
    for (const tls::Suite& suite : table) {
      const CipherSuite fact = suite_of(suite);
      CHECK_FALSE(fact.name.empty());
      CHECK_FALSE(fact.cipher.empty());
      CHECK_FALSE(fact.key_exchange.empty());
    }
  }
}

TEST_CASE("suites by name") {
  REQUIRE(find_suite("ECDHE-RSA-AES128-GCM-SHA256") != nullptr);
  CHECK(find_suite("ECDHE-RSA-AES128-GCM-SHA256")->code == 0xc02f);
  CHECK(find_suite("TLS_AES_128_GCM_SHA256")->code == 0x1301);
  CHECK(find_suite("RC4-MD5")->code == 4);  // and not SSLv2's of the same name
  CHECK(find_suite("ECDHE-RSA-AES128-GCM-SHA25") == nullptr);
  CHECK(find_suite("") == nullptr);
}
