#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(std::vector<CipherSuite> suites, Listener listener = fixture::listener()) {
  listener.protocols = {fixture::taking(ProtocolVersion::tls12, std::move(suites))};
  return fixture::findings_of("cipher-broken", std::move(listener));
}

const CipherSuite rc4 = {.code = 5, .name = "TLS_RSA_WITH_RC4_128_SHA", .cipher = "RC4", .mac = "SHA1", .bits = 128};
const CipherSuite triple_des = {
    .code = 10, .name = "TLS_RSA_WITH_3DES_EDE_CBC_SHA", .cipher = "3DES", .mode = "CBC", .mac = "SHA1", .bits = 112};

}  // namespace

TEST_CASE("3DES alone costs less than what cannot be mended at all") {
  CHECK(judged({triple_des}).at(0).cap == 69);
  const auto both = judged({triple_des, rc4});
  REQUIRE(both.size() == 1);
  CHECK(both[0].cap == 59);
  CHECK(both[0].message ==
        "db.example:443 accepts broken cipher suites: TLS_RSA_WITH_3DES_EDE_CBC_SHA and TLS_RSA_WITH_RC4_128_SHA in "
        "TLSv1.2.");
}

TEST_CASE("what is worse is told by its own rule") {
  CipherSuite weakened = rc4;
  weakened.export_grade = true;
  CHECK(judged({weakened}).empty());
  CHECK(judged({{.name = "TLS_RSA_WITH_NULL_MD5", .cipher = "NULL", .mac = "MD5"}}).empty());
}

TEST_CASE("at Amazon it is medium") { CHECK(judged({rc4}, fixture::amazon()).at(0).severity == Severity::medium); }

TEST_CASE("suites of a version that was not proved are none") {
  Listener listener = fixture::listener();
  listener.protocols = {{.version = ProtocolVersion::tls12, .suites = {rc4}}};
  CHECK(fixture::findings_of("cipher-broken", listener).empty());
}
