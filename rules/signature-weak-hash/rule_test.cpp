#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("a root's own signature is nobody's concern, a leaf's is") {
  Chain chain = fixture::chain({.signature_hash = "SHA256"});
  chain.certificates.push_back({.signature_hash = "SHA1", .self_signed = true, .sha256 = "root"});
  CHECK(fixture::findings_of("signature-weak-hash", fixture::serving(chain)).empty());
  chain.certificates[1].self_signed = false;
  CHECK(fixture::findings_of("signature-weak-hash", fixture::serving(chain)).at(0).identity == "root");
  chain = fixture::chain({.signature_hash = "MD5", .self_signed = true});
  CHECK(fixture::findings_of("signature-weak-hash", fixture::serving(chain)).at(0).cap == 59);
}

TEST_CASE("handshakes: SHA-1 is medium, MD5 is high") {
  Listener listener = fixture::listener();
  listener.signatures = {{.name = "rsa_pkcs1_sha256", .hash = "SHA256"}, {.name = "ed25519", .hash = "intrinsic"}};
  CHECK(fixture::findings_of("signature-weak-hash", listener).empty());
  listener.signatures.push_back({.name = "rsa_pkcs1_sha1", .hash = "SHA1"});
  const Finding sha1 = fixture::findings_of("signature-weak-hash", listener).at(0);
  CHECK(sha1.severity == Severity::medium);
  CHECK_FALSE(sha1.cap.has_value());
  listener.signatures.push_back({.name = "rsa_pkcs1_md5", .hash = "MD5"});
  const auto both = fixture::findings_of("signature-weak-hash", listener);
  REQUIRE(both.size() == 1);
  CHECK(both[0].severity == Severity::high);
}
