#include "sources/certificate/judge.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "sources/certificate/certificate.h"
#include "sources/certificate/fixture.h"

using namespace wiretight;
using namespace wiretight::certificate;
using namespace wiretight::certificate::test;

namespace {

// A root that is trusted, an intermediate and a leaf below it, and one that is not trusted.
struct World {
  Issued root = authority("Example Root");
  Issued intermediate = authority("Example Intermediate", &root);
  Issued leaf = issue({}, &intermediate);
  Issued foreign = authority("Foreign Root");
  Folder folder;
  TrustStore trust{folder.write("trusted.pem", root.pem()), ""};

  Chain judge(const std::vector<Issued>& chain, std::string_view host = "db.example") const {
    return judge_by(trust, chain, host);
  }
  static Chain judge_by(const TrustStore& trust, const std::vector<Issued>& chain,
                        std::string_view host = "db.example") {
    std::vector<Der> ders;
    for (const Issued& issued : chain) ders.push_back(issued.der());
    return Judge(trust).judge({.chain = ders, .staple = {}, .staple_asked = false, .host = host, .at = now});
  }
};

World& world() {
  static World one;
  return one;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a sound chain is trusted and has no defects, with and without its root") {
  for (const bool with_root : {false, true}) {
    std::vector<Issued> chain = {world().leaf, world().intermediate};
    if (with_root) chain.push_back(world().root);
    const Chain judged = world().judge(chain);
    CHECK(judged.trusted.is(true));
    CHECK(judged.trust_error.empty());
    CHECK(judged.name_matches.is(true));
    CHECK(judged.defects == Texts{});
    REQUIRE(judged.certificates.size() == chain.size());
    CHECK(judged.certificates[0].subject == "CN=db.example");
    CHECK_FALSE(judged.staple.known());
  }
}

TEST_CASE("names are judged apart from trust") {
  const std::vector<Issued> chain = {world().leaf, world().intermediate};
  CHECK(world().judge(chain, "other.example").name_matches.is(false));
  CHECK(world().judge(chain, "other.example").trusted.is(true));
  CHECK_FALSE(world().judge(chain, "").name_matches.known());
  std::string many = "DNS:n0.example";
  for (std::size_t i = 1; i <= limits::names; ++i) many += ",DNS:n" + std::to_string(i) + ".example";
  const Issued crowded = issue({.extensions = {{"subjectAltName", many}}}, &world().intermediate);
  CHECK(world().judge({crowded, world().intermediate}, "n7.example").name_matches.is(true));
  CHECK_FALSE(world().judge({crowded, world().intermediate}, "n2000.example").name_matches.known());
}

TEST_CASE("a missing intermediate") {
  const Chain judged = world().judge({world().leaf});
  CHECK(judged.trusted.is(false));
  CHECK(judged.trust_error ==
        "the certificate of \"Example Intermediate\", who issued \"db.example\", was not sent and is not among the "
        "trusted ones");
  CHECK(judged.defects == Texts{"intermediate missing: nothing was sent of \"Example Intermediate\", who issued "
                                "\"db.example\", and it is no trusted root"});
}

TEST_CASE("an authority that is not known here is no defect of the chain") {
  const Issued below = authority("Foreign Intermediate", &world().foreign);
  const Issued leaf = issue({}, &below);
  const Chain without_root = world().judge({leaf, below});
  CHECK(without_root.trusted.is(false));
  CHECK(without_root.defects == Texts{});
  const Chain with_root = world().judge({leaf, below, world().foreign});
  CHECK(with_root.trusted.is(false));
  CHECK(with_root.trust_error == "the root \"Foreign Root\" is not among the trusted ones");
  CHECK(with_root.defects == Texts{});
}

TEST_CASE("self-signed certificates are trusted where the machine says so") {
  const Issued alone = issue({.subject = "alone"});
  const Chain judged = world().judge({alone});
  CHECK(judged.trusted.is(false));
  CHECK(judged.trust_error == "the certificate is self-signed and not among the trusted ones");
  CHECK(judged.defects == Texts{});
  const Folder folder;
  CHECK(World::judge_by(TrustStore(folder.write("own.pem", alone.pem()), ""), {alone}).trusted.is(true));

  Issued impostor = issue({.subject = "impostor"});
  REQUIRE(X509_sign(impostor.x509.get(), key_called("another").get(), EVP_sha256()) > 0);
  CHECK(world().judge({impostor}).trust_error == "\"impostor\" names itself as its issuer, but another key signed it");
}

TEST_CASE("an intermediate or the server's own certificate may be what is trusted") {
  const Folder folder;
  const TrustStore of_intermediate(folder.write("intermediate.pem", world().intermediate.pem()), "");
  CHECK(World::judge_by(of_intermediate, {world().leaf}).trusted.is(true));
  CHECK(World::judge_by(of_intermediate, {world().leaf}).defects == Texts{});
  const TrustStore of_leaf(folder.write("leaf.pem", world().leaf.pem()), "");
  CHECK(World::judge_by(of_leaf, {world().leaf}).trusted.is(true));
}

TEST_CASE("the order of a chain") {
  const Issued second = authority("Second Intermediate", &world().intermediate);
  const Issued leaf = issue({}, &second);
  CHECK(world().judge({leaf, second, world().intermediate}).defects == Texts{});
  const Chain judged = world().judge({leaf, world().intermediate, second});
  CHECK(judged.trusted.is(true));
  CHECK(judged.defects == Texts{"wrong order: \"Example Intermediate\" comes before \"Second Intermediate\", which it "
                                "certifies"});
  CHECK(world().judge({world().intermediate, world().leaf}).defects ==
        Texts{"wrong order: \"db.example\" comes after its issuer \"Example Intermediate\""});
}

TEST_CASE("certificates that do not belong") {
  const std::vector<Issued> chain = {world().leaf, world().foreign, world().intermediate, world().intermediate};
  const Chain judged = world().judge(chain);
  CHECK(judged.trusted.is(true));
  CHECK(judged.defects == Texts{"extra certificate: \"Foreign Root\" has nothing to do with \"db.example\"",
                                "extra certificate: \"Example Intermediate\" is sent twice"});
}

// What Amazon's own endpoints serve: the root once more, certified by an older one.
TEST_CASE("a cross-signed root is no extra certificate, unless it has expired") {
  const auto crossed = [](std::int64_t until) {
    return issue({.subject = "Example Root",
                  .extensions = of_authority(),
                  .key = world().root.key,
                  .from = now - 800 * day,
                  .until = until},
                 &world().foreign);
  };
  const Chain sound = world().judge({world().leaf, world().intermediate, crossed(now + day)});
  CHECK(sound.trusted.is(true));
  CHECK(sound.defects == Texts{});
  const Chain expired = world().judge({world().leaf, world().intermediate, crossed(now - day)});
  CHECK(expired.trusted.is(true));
  CHECK(expired.defects ==
        Texts{"extra certificate: \"Example Root\" expired on 2026-09-20; some clients take no other way"});
}

TEST_CASE("dates do not decide about trust, and expired authorities are defects") {
  const Issued expired_leaf = issue({.from = now - 90 * day, .until = now - day}, &world().intermediate);
  CHECK(world().judge({expired_leaf, world().intermediate}).trusted.is(true));
  const Issued early_leaf = issue({.from = now + day, .until = now + 90 * day}, &world().intermediate);
  CHECK(world().judge({early_leaf, world().intermediate}).trusted.is(true));

  const auto renewed = [](std::int64_t from, std::int64_t until) {
    return issue({.subject = "Example Intermediate",
                  .extensions = of_authority(),
                  .key = world().intermediate.key,
                  .from = from,
                  .until = until},
                 &world().root);
  };
  const Issued expired = renewed(now - 90 * day, now - 3 * day);
  const Chain judged = world().judge({world().leaf, expired});
  CHECK(judged.trusted.is(true));
  CHECK(judged.defects == Texts{"expired intermediate: \"Example Intermediate\" expired on 2026-09-18"});
  CHECK(world().judge({world().leaf, renewed(now + day, now + 9 * day)}).defects ==
        Texts{"not yet valid intermediate: \"Example Intermediate\" is not valid before 2026-09-22"});

  // With a valid one beside it, that is the way.
  const Chain both = world().judge({world().leaf, expired, world().intermediate});
  CHECK(both.trusted.is(true));
  CHECK(both.defects ==
        Texts{"extra certificate: \"Example Intermediate\" expired on 2026-09-18; some clients take no other way"});
}

TEST_CASE("who is no authority cannot vouch") {
  const Issued plain =
      issue({.subject = "plain", .extensions = {{"basicConstraints", "CA:FALSE"}}}, &world().intermediate);
  const Issued leaf = issue({}, &plain);
  const Chain judged = world().judge({leaf, plain, world().intermediate});
  CHECK(judged.trusted.is(false));
  CHECK(judged.trust_error == "\"plain\" signed another certificate and is no certificate authority");
  CHECK(judged.defects == Texts{"no authority: \"plain\" signed \"db.example\" and is no certificate authority"});

  // OpenSSL lets this one pass; Go and Java do not.
  const Issued by_key_usage =
      issue({.subject = "by key usage", .extensions = {{"keyUsage", "keyCertSign"}}}, &world().intermediate);
  CHECK(world().judge({issue({}, &by_key_usage), by_key_usage, world().intermediate}).trusted.is(false));

  const Issued may_not =
      issue({.subject = "may not", .extensions = {{"basicConstraints", "CA:TRUE"}, {"keyUsage", "digitalSignature"}}},
            &world().intermediate);
  CHECK(world().judge({issue({}, &may_not), may_not, world().intermediate}).trust_error ==
        "\"may not\" signed another certificate and may not sign certificates by its key usage");
}

TEST_CASE("path lengths, uses and name constraints of authorities hold") {
  const Issued short_path = authority("Short", &world().root, "critical,CA:TRUE,pathlen:0");
  const Issued below = authority("Below", &short_path);
  const Chain too_long = world().judge({issue({}, &below), below, short_path});
  CHECK(too_long.trusted.is(false));
  CHECK(too_long.defects == Texts{"path length: \"Short\" allows 0 authorities below it and has 1"});
  CHECK(world().judge({issue({}, &short_path), short_path}).trusted.is(true));

  Extensions for_mail = of_authority();
  for_mail.emplace_back("extendedKeyUsage", "emailProtection");
  const Issued mail = issue({.subject = "Mail", .extensions = for_mail, .key = key_called("Mail")}, &world().root);
  CHECK(world().judge({issue({}, &mail), mail}).trust_error ==
        "\"Mail\" may not certify TLS servers by its extended key usage");

  Extensions constrained = of_authority();
  constrained.emplace_back("nameConstraints", "critical,permitted;DNS:other.example");
  const Issued other =
      issue({.subject = "Other", .extensions = constrained, .key = key_called("Other")}, &world().root);
  CHECK(world().judge({issue({}, &other), other}).trust_error ==
        "\"db.example\" has a name that an authority above it may not certify");
}

TEST_CASE("a signature by another key of the same name is none") {
  const Issued same_name =
      issue({.subject = "Example Root", .extensions = of_authority(), .key = key_called("same name")});
  const Chain judged = world().judge({issue({}, &same_name)});
  CHECK(judged.trusted.is(false));
  CHECK(judged.trust_error == "the signature on \"db.example\" was not made by \"Example Root\"");
}

TEST_CASE("weak hashes and keys do not decide about trust") {
  const Issued weak_root =
      issue({.subject = "Weak", .extensions = of_authority(), .key = key_called("weak", "RSA:1024")});
  const Folder folder;
  const TrustStore trust(folder.write("weak.pem", weak_root.pem()), "");
  for (const char* hash : {"MD5", "SHA1"}) {
    const Chain judged =
        World::judge_by(trust, {issue({.key = key_called("small", "RSA:512"), .digest = hash}, &weak_root)});
    CHECK(judged.trusted.is(true));
    CHECK(judged.certificates[0].signature_hash == hash);
  }
}

TEST_CASE("a signature that cannot be checked leaves trust unresolved") {
  const auto renamed = [](const TrustStore& trust, const Issued& leaf, const Der& algorithm, const Der& other) {
    Der der = leaf.der();
    for (auto at = std::ranges::search(der, algorithm); !at.empty(); at = std::ranges::search(der, algorithm))
      std::ranges::copy(other, at.begin());
    const std::vector<Der> chain = {der};
    return Judge(trust).judge({.chain = chain, .staple = {}, .host = "db.example", .at = now});
  };
  // An algorithm without a name.
  const Der ecdsa = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
  const Der unknown = {0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x03, 0x7f};
  const Chain nameless = renamed(world().trust, issue({}, &world().root), ecdsa, unknown);
  CHECK_FALSE(nameless.trusted.known());
  CHECK(nameless.trust_error == "the signature on \"db.example\" is of a kind that this program cannot check");
  CHECK(nameless.certificates[0].signature_algorithm == "1.2.643.7.1.1.3.127");
  CHECK(nameless.certificates[0].signature_hash.empty());

  // MD2, whose name is all that OpenSSL still has.
  Der sha256 = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}, md2 = sha256;
  md2.back() = 0x02;
  const Issued root = issue({.subject = "RSA", .extensions = of_authority(), .key = key_called("RSA", "RSA:2048")});
  const Folder folder;
  const Chain old = renamed(TrustStore(folder.write("rsa.pem", root.pem()), ""), issue({}, &root), sha256, md2);
  CHECK_FALSE(old.trusted.known());
  CHECK(old.certificates[0].signature_hash == "MD2");
}

TEST_CASE("without trusted certificates nothing is said about trust") {
  const Chain judged = World::judge_by(TrustStore("", ""), {world().leaf, world().intermediate});
  CHECK_FALSE(judged.trusted.known());
  CHECK(judged.trust_error == "this machine has no trusted certificates");
  CHECK(judged.name_matches.is(true));
}

TEST_CASE("what cannot be read is said and not passed over") {
  Judge judge(world().trust);
  const Chain nothing = judge.judge({.chain = {}, .staple = {}, .host = "db.example", .at = now});
  CHECK_FALSE(nothing.trusted.known());
  CHECK_FALSE(nothing.name_matches.known());
  CHECK(nothing.certificates.empty());

  const std::vector<Der> no_leaf = {{1, 2, 3}, world().intermediate.der()};
  const Chain broken = judge.judge({.chain = no_leaf, .staple = {}, .host = "db.example", .at = now});
  CHECK(broken.trusted.is(false));
  CHECK(broken.certificates.empty());
  CHECK(broken.defects == Texts{"unreadable: certificate 1 of 2: the bytes are no X.509 certificate"});

  const std::vector<Der> in_between = {world().leaf.der(), {1, 2, 3}, world().intermediate.der()};
  const Chain readable = judge.judge({.chain = in_between, .staple = {}, .host = "db.example", .at = now});
  CHECK(readable.trusted.is(true));
  CHECK(readable.certificates.size() == 2);
  CHECK(readable.defects == Texts{"unreadable: certificate 2 of 3: the bytes are no X.509 certificate"});

  const std::vector<Der> endless(1000, world().leaf.der());
  const Chain cut = judge.judge({.chain = endless, .staple = {}, .host = "db.example", .at = now});
  CHECK(cut.certificates.size() == limits::certificates);
  CHECK(cut.defects[0] == "too long: 1000 certificates, of which 16 were read");
}

TEST_CASE("one judge gives the same answer again") {
  Judge judge(world().trust);
  const std::vector<Der> chain = {world().leaf.der(), world().intermediate.der()};
  const Chain first = judge.judge({.chain = chain, .staple = {}, .host = "db.example", .at = now});
  const Chain again = judge.judge({.chain = chain, .staple = {}, .host = "other.example", .at = now});
  CHECK(again.trusted.is(true));
  CHECK(again.certificates[0].sha256 == first.certificates[0].sha256);
  CHECK(first.name_matches.is(true));
  CHECK(again.name_matches.is(false));
  // Another time is another judgement.
  const Chain later = judge.judge({.chain = chain, .staple = {}, .host = "db.example", .at = now + 5000 * day});
  CHECK(later.defects.size() == 2);
}

TEST_CASE("any order of what is served leads to the trusted root") {
  const Issued second = authority("Second Intermediate", &world().intermediate);
  const Issued leaf = issue({}, &second);
  CHECK(rc::check([&] {
    std::vector<Issued> others = {second, world().intermediate, world().foreign, world().root, second};
    for (std::size_t i = others.size(); i > 1; --i)
      std::swap(others[i - 1], others[*rc::gen::inRange<std::size_t>(0, i)]);
    others.insert(others.begin(), leaf);
    RC_ASSERT(world().judge(others).trusted.is(true));
  }));
}
