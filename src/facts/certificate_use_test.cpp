#include "facts/certificate_use.h"

#include <doctest/doctest.h>

using namespace wiretight;

namespace {

Certificate certificate(std::string sha256) {
  Certificate made;
  made.subject = "CN=" + sha256;
  made.sha256 = std::move(sha256);
  return made;
}

Chain chain(std::vector<std::string> digests, std::vector<std::string> served_to, bool right) {
  Chain made{.served_to = std::move(served_to), .for_right_name = right};
  for (std::string& digest : digests) made.certificates.push_back(certificate(std::move(digest)));
  return made;
}

}  // namespace

TEST_CASE("every certificate once, with all who are shown it, the right name's first") {
  Listener listener;
  listener.chains = {chain({"default"}, {"wrong SNI"}, false), chain({"mine", "issuer"}, {"SNI db"}, true),
                     chain({"mine", "other issuer"}, {"no SNI", "SNI db"}, false)};
  const auto uses = certificates_of(listener);
  REQUIRE(uses.size() == 4);
  CHECK(uses[0].certificate->sha256 == "mine");
  CHECK(uses[0].leaf);
  CHECK(uses[0].for_right_name);
  CHECK(uses[0].served_to == std::vector<std::string>{"SNI db", "no SNI"});
  CHECK(uses[1].certificate->sha256 == "issuer");
  CHECK_FALSE(uses[1].leaf);
  CHECK(uses[2].certificate->sha256 == "default");
  CHECK_FALSE(uses[2].for_right_name);
  CHECK(uses[2].audience() == std::string(" to clients that do not ask for its name"));

  const auto leaves = leaves_of(listener);
  REQUIRE(leaves.size() == 2);
  CHECK(leaves[1].certificate->sha256 == "default");
}

TEST_CASE("a certificate is named by what it has") {
  CHECK(said({.subject = "CN=db", .names = {"db.example"}}) == "CN=db");
  CHECK(said({.names = {"db.example", "www.example"}}) == "db.example");
  CHECK(said({.sha256 = "00112233445566778899"}) == "SHA-256 0011223344556677…");
}
