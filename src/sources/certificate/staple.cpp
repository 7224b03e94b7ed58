#include "sources/certificate/staple.h"

#include <algorithm>

namespace wiretight::certificate {
namespace {

using Response = Handle<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using Basic = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using Id = Handle<OCSP_CERTID, OCSP_CERTID_free>;

// A response for one certificate has about 500 bytes, with a responder's certificates some 2000.
constexpr std::size_t most_bytes = 64 * 1024;
constexpr int most_answers = 256;

Setting<OcspStaple> malformed(std::string why) { return observed(OcspStaple{.status = "malformed"}, std::move(why)); }

// The answer about the leaf. Each names its certificate by hashes of the issuer's name and key, with a hash function of
// its own choice.
OCSP_SINGLERESP* answer_for(OCSP_BASICRESP* basic, X509& leaf, X509& issuer) {
  const int count = std::min(OCSP_resp_count(basic), most_answers);
  for (int i = 0; i < count; ++i) {
    OCSP_SINGLERESP* answer = OCSP_resp_get0(basic, i);
    auto* id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(answer));
    ASN1_OBJECT* algorithm = nullptr;
    OCSP_id_get0_info(nullptr, &algorithm, nullptr, nullptr, id);
    const EVP_MD* digest = EVP_get_digestbyobj(algorithm);
    if (!digest) continue;
    const Id wanted(OCSP_cert_to_id(digest, &leaf, &issuer));
    if (wanted && OCSP_id_cmp(wanted.get(), id) == 0) return answer;
  }
  return nullptr;
}

bool holds_at(const X509* certificate, std::int64_t at) {
  std::int64_t begin = 0, end = 0;
  return read_time(X509_get0_notBefore(certificate), begin) && read_time(X509_get0_notAfter(certificate), end) &&
         begin <= at && at <= end;
}

// Why the signature does not count; empty when it does.
std::string fault_of_signature(OCSP_BASICRESP* basic, X509& issuer, std::int64_t at) {
  const Handle<STACK_OF(X509), [](STACK_OF(X509) * stack) { sk_X509_free(stack); }> known(sk_X509_new_null());
  sk_X509_push(known.get(), &issuer);
  X509* signer = nullptr;
  if (OCSP_resp_get0_signer(basic, &signer, known.get()) != 1) return "the certificate of who signed it is not known";
  if (OCSP_basic_verify(basic, known.get(), nullptr, OCSP_NOVERIFY) != 1) return "its signature does not verify";
  if (X509_cmp(signer, &issuer) == 0) return {};
  // RFC 6960 4.2.2.2: a delegated responder is appointed by the issuer itself, for this use.
  if (!same_name(X509_get_issuer_name(signer), X509_get_subject_name(&issuer)) ||
      check_signature(*signer, issuer) != Signature::valid)
    return "it is signed by somebody whom the issuer did not appoint";
  const bool restricted = (X509_get_extension_flags(signer) & EXFLAG_XKUSAGE) != 0;
  if (!restricted || (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) == 0)
    return "it is signed by a certificate that is not for OCSP";
  if (!holds_at(signer, at)) return "the certificate of who signed it is not valid now";
  return {};
}

std::string text_of_status(int status) {
  if (status == V_OCSP_CERTSTATUS_GOOD) return "good";
  return status == V_OCSP_CERTSTATUS_REVOKED ? "revoked" : "unknown";
}

}  // namespace

Setting<OcspStaple> read_staple(Bytes der, X509& leaf, X509* issuer, std::int64_t at) {
  const QuietErrors quiet;
  if (der.size() > most_bytes) return malformed("it is too long");
  const unsigned char* end = der.data();
  const Response response(d2i_OCSP_RESPONSE(nullptr, &end, static_cast<long>(der.size())));
  if (!response || end != der.data() + der.size()) return malformed("it is no OCSP response");
  if (const int status = OCSP_response_status(response.get()); status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
    return observed(OcspStaple{.status = "unsuccessful"}, OCSP_response_status_str(status));
  const Basic basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return malformed("it has no basic response");
  if (!issuer) return unresolved<OcspStaple>("the issuer's certificate is needed to check it and was not sent");

  OCSP_SINGLERESP* answer = answer_for(basic.get(), leaf, *issuer);
  if (!answer) return malformed("it is about another certificate");
  if (std::string why = fault_of_signature(basic.get(), *issuer, at); !why.empty()) return malformed(std::move(why));

  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
  const int status = OCSP_single_get0_status(answer, nullptr, nullptr, &this_update, &next_update);
  OcspStaple staple{.status = text_of_status(status)};
  if (!read_time(this_update, staple.this_update)) return malformed("its date cannot be read");
  if (next_update && !read_time(next_update, staple.next_update)) return malformed("its date cannot be read");
  return observed(std::move(staple));
}

}  // namespace wiretight::certificate
