#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

namespace {

std::vector<Finding> judged(Listener listener) {
  return fixture::findings_of("downgrade-accepted", std::move(listener));
}

}  // namespace

TEST_CASE("the fallback signal protects only who has something to fall back to") {
  Listener listener = fixture::listener();
  listener.protocols = {fixture::taking(ProtocolVersion::tls10), fixture::taking(ProtocolVersion::tls12)};
  CHECK(judged(listener).empty());
  listener.fallback_scsv = observed(true);
  CHECK(judged(listener).empty());
  listener.fallback_scsv = observed(false);
  CHECK(judged(listener).at(0).message.contains("accepts TLSv1.0 and TLSv1.2"));
  listener.protocols = {fixture::taking(ProtocolVersion::tls12), fixture::refusing(ProtocolVersion::tls10)};
  CHECK(judged(listener).empty());
}

TEST_CASE("the mark is missed only where both versions are spoken") {
  Listener listener = fixture::listener();
  listener.downgrade_sentinel = observed(false);
  listener.protocols = {fixture::taking(ProtocolVersion::tls12)};
  CHECK(judged(listener).empty());
  listener.protocols.push_back(fixture::taking(ProtocolVersion::tls13));
  CHECK(judged(listener).at(0).identity == "downgrade-sentinel");
}

TEST_CASE("answers that change are a finding of their own") {
  Listener listener = fixture::listener();
  listener.inconsistencies = {"TLSv1.0 was accepted once and refused once"};
  const Finding finding = judged(listener).at(0);
  CHECK(finding.identity == "inconsistent");
  CHECK(finding.confidence == Confidence::firm);
}
