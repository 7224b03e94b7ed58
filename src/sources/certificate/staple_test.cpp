#include "sources/certificate/staple.h"

#include <doctest/doctest.h>
#include <functional>

#include "sources/certificate/fixture.h"
#include "sources/certificate/judge.h"

using namespace wiretight;
using namespace wiretight::certificate;
using namespace wiretight::certificate::test;

namespace {

struct Answer {
  int status = V_OCSP_CERTSTATUS_GOOD;
  const char* hash = "SHA1";  // of the certificate's id
  std::int64_t this_update = now - day;
  std::int64_t next_update = now + 6 * day;  // 0: none
};

using Time = Handle<ASN1_TIME, ASN1_TIME_free>;

Der response_of(OCSP_RESPONSE* response) {
  const Handle<OCSP_RESPONSE, OCSP_RESPONSE_free> owner(response);
  unsigned char* bytes = nullptr;
  const int length = i2d_OCSP_RESPONSE(response, &bytes);
  REQUIRE(length > 0);
  Der out(bytes, bytes + length);
  OPENSSL_free(bytes);
  return out;
}

Der respond(const Issued& leaf, const Issued& issuer, const Issued& signer, const Answer& answer = {},
            const Issued* sent_along = nullptr) {
  const Handle<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  const Handle<OCSP_CERTID, OCSP_CERTID_free> id(
      OCSP_cert_to_id(EVP_get_digestbyname(answer.hash), leaf.x509.get(), issuer.x509.get()));
  const Time this_update(ASN1_TIME_set(nullptr, answer.this_update));
  const Time next_update(answer.next_update != 0 ? ASN1_TIME_set(nullptr, answer.next_update) : nullptr);
  const Time revoked(ASN1_TIME_set(nullptr, now - 2 * day));
  REQUIRE(OCSP_basic_add1_status(basic.get(), id.get(), answer.status, 0,
                                 answer.status == V_OCSP_CERTSTATUS_REVOKED ? revoked.get() : nullptr,
                                 this_update.get(), next_update.get()) != nullptr);
  if (sent_along) OCSP_basic_add1_cert(basic.get(), sent_along->x509.get());
  REQUIRE(OCSP_basic_sign(basic.get(), signer.x509.get(), signer.key.get(), EVP_sha256(), nullptr, OCSP_NOCERTS) == 1);
  return response_of(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
}

struct Pki {
  Issued root = authority("Staple Root");
  Issued leaf = issue({}, &root);
  Issued other = issue({.subject = "other.example"}, &root);
  Issued stranger = authority("Stranger");
  Issued responder(const Extensions& extensions, std::int64_t until = now + 10 * day,
                   const Issued* issuer = nullptr) const {
    return issue({.subject = "Responder", .extensions = extensions, .key = key_called("responder"), .until = until},
                 issuer ? issuer : &root);
  }
  Setting<OcspStaple> read(const Der& der) const { return read_staple(der, *leaf.x509, root.x509.get(), now); }
};

Pki& pki() {
  static Pki one;
  return one;
}

void check_malformed(const Setting<OcspStaple>& staple, const std::string& why) {
  CHECK(staple.known());
  CHECK(staple.value.status == "malformed");
  CHECK(staple.why == why);
}

const Extensions for_ocsp = {{"extendedKeyUsage", "OCSPSigning"}};

}  // namespace

TEST_CASE("a response of the issuer says good, revoked or unknown") {
  const auto status = [](int asked) {
    const auto staple = pki().read(respond(pki().leaf, pki().root, pki().root, {.status = asked}));
    REQUIRE_MESSAGE(staple.known(), staple.why);
    CHECK(staple.value.this_update == now - day);
    CHECK(staple.value.next_update == now + 6 * day);
    return staple.value.status;
  };
  CHECK(status(V_OCSP_CERTSTATUS_GOOD) == "good");
  CHECK(status(V_OCSP_CERTSTATUS_REVOKED) == "revoked");
  CHECK(status(V_OCSP_CERTSTATUS_UNKNOWN) == "unknown");
}

TEST_CASE("a response may hash its id by SHA-256 and leave out when the next one comes") {
  const auto staple = pki().read(respond(pki().leaf, pki().root, pki().root, {.hash = "SHA256", .next_update = 0}));
  CHECK(staple.value.status == "good");
  CHECK(staple.value.next_update == 0);
}

TEST_CASE("a responder that the issuer appointed may sign") {
  const Issued responder = pki().responder(for_ocsp);
  CHECK(pki().read(respond(pki().leaf, pki().root, responder, {}, &responder)).value.status == "good");
}

TEST_CASE("nobody else may sign") {
  const auto by = [](const Issued& signer, bool sent = true) {
    return pki().read(respond(pki().leaf, pki().root, signer, {}, sent ? &signer : nullptr));
  };
  check_malformed(by(pki().responder({})), "it is signed by a certificate that is not for OCSP");
  check_malformed(by(pki().responder({{"extendedKeyUsage", "serverAuth"}})),
                  "it is signed by a certificate that is not for OCSP");
  check_malformed(by(pki().responder(for_ocsp, now - day)), "the certificate of who signed it is not valid now");
  check_malformed(by(pki().responder(for_ocsp, now + day, &pki().stranger)),
                  "it is signed by somebody whom the issuer did not appoint");
  check_malformed(by(pki().stranger), "it is signed by somebody whom the issuer did not appoint");
  check_malformed(by(pki().responder(for_ocsp), false), "the certificate of who signed it is not known");
  // The issuer's name, another's key.
  const Issued impostor =
      issue({.subject = "Staple Root", .extensions = of_authority(), .key = key_called("impostor")});
  check_malformed(by(impostor), "its signature does not verify");
  check_malformed(by(impostor, false), "its signature does not verify");
}

TEST_CASE("a response about another certificate says nothing of this one") {
  check_malformed(pki().read(respond(pki().other, pki().root, pki().root)), "it is about another certificate");
  check_malformed(pki().read(respond(pki().leaf, pki().stranger, pki().root)), "it is about another certificate");
}

TEST_CASE("what is no response") {
  check_malformed(pki().read({1, 2, 3}), "it is no OCSP response");
  Der sound = respond(pki().leaf, pki().root, pki().root);
  for (std::size_t length = 0; length < sound.size(); length += 11) {
    const auto cut = read_staple(Bytes(sound).first(length), *pki().leaf.x509, pki().root.x509.get(), now);
    CHECK(cut.value.status == "malformed");
  }
  Der longer = sound;
  longer.push_back(0);
  check_malformed(pki().read(longer), "it is no OCSP response");
  check_malformed(pki().read(Der(100000, 0x30)), "it is too long");
  Der altered = sound;
  altered[altered.size() - 1] ^= 1;
  check_malformed(pki().read(altered), "its signature does not verify");

  const auto later = pki().read(response_of(OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr)));
  CHECK(later.value.status == "unsuccessful");
  CHECK(later.why == "trylater");
  check_malformed(pki().read(response_of(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, nullptr))),
                  "it has no basic response");
}

TEST_CASE("without the issuer's certificate a staple stays unresolved") {
  CHECK_FALSE(read_staple(respond(pki().leaf, pki().root, pki().root), *pki().leaf.x509, nullptr, now).known());
}

TEST_CASE("the judge finds the issuer, served or trusted, and says when a staple did not come") {
  const Folder folder;
  const TrustStore trust(folder.write("root.pem", pki().root.pem()), "");
  const std::vector<Der> alone = {pki().leaf.der()}, with_root = {pki().leaf.der(), pki().root.der()};
  const Der staple = respond(pki().leaf, pki().root, pki().root);
  const auto judged = [&](const TrustStore& store, std::span<const Der> chain, Bytes bytes, bool asked) {
    return Judge(store)
        .judge({.chain = chain, .staple = bytes, .staple_asked = asked, .host = "db.example", .at = now})
        .staple;
  };
  CHECK(judged(trust, alone, staple, true).value.status == "good");
  CHECK(judged(TrustStore("", ""), with_root, staple, true).value.status == "good");
  CHECK_FALSE(judged(TrustStore("", ""), alone, staple, true).known());
  CHECK(judged(trust, alone, {}, true).value.status == "none");
  CHECK_FALSE(judged(trust, alone, {}, false).known());
}
