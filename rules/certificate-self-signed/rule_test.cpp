#include <doctest/doctest.h>

#include "engine/fixture.h"

using namespace wiretight;

TEST_CASE("a self-signed certificate that the machine trusts is verified, and one that it may trust is not judged") {
  Chain chain = fixture::chain({.self_signed = true});
  const auto judged = [&] { return fixture::findings_of("certificate-self-signed", fixture::serving(chain)).size(); };
  chain.trusted = observed(true);
  CHECK(judged() == 0);
  chain.trusted = unresolved<bool>("this machine trusts nobody");
  CHECK(judged() == 0);
  chain.trusted = observed(false);
  CHECK(judged() == 1);
  chain.certificates[0].known_test = "dynalite's built-in certificate";
  CHECK(judged() == 0);
}
