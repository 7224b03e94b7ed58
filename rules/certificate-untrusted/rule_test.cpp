#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(Chain chain) {
  return fixture::findings_of("certificate-untrusted", fixture::serving(std::move(chain)));
}

}  // namespace

TEST_CASE("where nothing is trusted nothing is known") {
  Chain chain = fixture::chain();
  chain.trusted = unresolved<bool>("this machine trusts nobody");
  CHECK(judged(chain).empty());
  chain.trusted = observed(false);
  CHECK(judged(chain).size() == 1);
}

TEST_CASE("what has a rule of its own is not told twice") {
  Chain chain = fixture::chain();
  chain.trusted = observed(false);
  chain.certificates[0].self_signed = true;
  CHECK(judged(chain).empty());
  chain.certificates[0].self_signed = false;
  chain.certificates[0].known_test = "dynalite's built-in certificate";
  CHECK(judged(chain).empty());
}

TEST_CASE("a certificate that only strange clients get is low and caps nothing") {
  Chain chain = fixture::chain();
  chain.trusted = observed(false);
  chain.for_right_name = false;
  chain.served_to = {"wrong SNI"};
  const Finding finding = judged(chain).at(0);
  CHECK(finding.severity == Severity::low);
  CHECK_FALSE(finding.cap.has_value());
  CHECK(finding.message.contains("to clients that do not ask for its name"));
}

TEST_CASE("each certificate is one finding, however many chains have it") {
  Listener listener = fixture::listener();
  for (const char* served_to : {"SNI db.example", "RSA clients"}) {
    Chain chain = fixture::chain();
    chain.trusted = observed(false);
    chain.served_to = {served_to};
    listener.chains.push_back(chain);
  }
  listener.chains.push_back(fixture::chain({.sha256 = "22bb"}));
  listener.chains.back().trusted = observed(false);
  const auto found = fixture::findings_of("certificate-untrusted", listener);
  REQUIRE(found.size() == 2);
  CHECK(found[0].identity == "11aa");
  CHECK(found[1].identity == "22bb");
}

TEST_CASE("an untrusted certificate in Amazon's name is somebody else's, and as bad as any") {
  Listener listener = fixture::amazon();
  listener.chains.push_back(fixture::chain());
  listener.chains[0].trusted = observed(false);
  const Finding finding = fixture::findings_of("certificate-untrusted", listener).at(0);
  CHECK(finding.severity == Severity::high);
  CHECK(finding.remediation.steps.at(0).contains("in the name of dynamodb.eu-west-1.amazonaws.com"));
}
