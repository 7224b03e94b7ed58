#include "sources/certificate/handles.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <vector>

#include "core/text.h"
#include "sources/certificate/certificate.h"

namespace wiretight::certificate {
namespace {

// Post-quantum signatures (RFC 9881, RFC 9909): OpenSSL has their names from 3.5 on only.
constexpr std::string_view nist_signatures = "2.16.840.1.101.3.4.3.";
constexpr int first_post_quantum = 17, last_post_quantum = 31;

std::string dotted(const ASN1_OBJECT* object) {
  std::array<char, 128> text = {};
  const int length = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  if (length <= 0) return {};
  return {text.data(), std::min(static_cast<std::size_t>(length), text.size() - 1)};
}

bool is_post_quantum(const ASN1_OBJECT* object) {
  const std::string text = dotted(object);
  if (!text.starts_with(nist_signatures)) return false;
  const std::string_view last = std::string_view(text).substr(nist_signatures.size());
  for (int arc = first_post_quantum; arc <= last_post_quantum; ++arc)
    if (last == std::to_string(arc)) return true;
  return false;
}

// RFC 4055 3.1: without parameters, or without a hash in them, it is SHA-1.
int hash_of_pss(const X509_ALGOR& algorithm) {
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, &algorithm);
  if (type == V_ASN1_UNDEF || type == V_ASN1_NULL) return NID_sha1;
  if (type != V_ASN1_SEQUENCE) return NID_undef;
  const Handle<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free> parameters(static_cast<RSA_PSS_PARAMS*>(
      ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), ASN1_ITEM_rptr(RSA_PSS_PARAMS))));
  if (!parameters) return NID_undef;
  if (!parameters->hashAlgorithm) return NID_sha1;
  const ASN1_OBJECT* hash = nullptr;
  X509_ALGOR_get0(&hash, nullptr, nullptr, parameters->hashAlgorithm);
  return OBJ_obj2nid(hash);
}

// One attribute's value as UTF-8; what has no character set is taken byte by byte.
std::string value_of(const X509_NAME_ENTRY* entry) {
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  unsigned char* utf8 = nullptr;
  const int length = ASN1_STRING_to_UTF8(&utf8, value);
  if (length >= 0) {
    const std::string text = sanitise({reinterpret_cast<char*>(utf8), static_cast<std::size_t>(length)}, limits::text);
    OPENSSL_free(utf8);
    return text;
  }
  return sanitise({reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                   static_cast<std::size_t>(std::max(ASN1_STRING_length(value), 0))},
                  limits::text);
}

// RFC 4514 2.4: a backslash before what would otherwise end or split a value.
std::string escaped(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool edge = (i == 0 && (value[i] == ' ' || value[i] == '#')) || (i + 1 == value.size() && value[i] == ' ');
    if (edge || std::string_view(",+\"\\<>;").find(value[i]) != std::string_view::npos) out += '\\';
    out += value[i];
  }
  return out;
}

std::string type_of(const X509_NAME_ENTRY* entry) {
  const ASN1_OBJECT* object = X509_NAME_ENTRY_get_object(entry);
  const int nid = OBJ_obj2nid(object);
  return nid == NID_undef ? dotted(object) : std::string(OBJ_nid2sn(nid));
}

bool can_check(const X509& signed_one, const X509& signer) {
  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(nullptr, &algorithm, &signed_one);
  const std::string hash = hash_of(*algorithm);
  if (hash.empty() || !X509_get0_pubkey(&signer)) return false;
  if (hash == "intrinsic") return true;
  const Handle<EVP_MD, EVP_MD_free> digest(EVP_MD_fetch(nullptr, hash.c_str(), nullptr));
  return digest != nullptr;
}

}  // namespace

Outcome<Cert> parse(Bytes der) {
  if (der.size() > limits::chain_bytes)
    return failure(fmt::format("the certificate is longer than {} bytes", limits::chain_bytes));
  const QuietErrors quiet;
  const unsigned char* at = der.data();
  Cert certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate || at != der.data() + der.size()) return failure("the bytes are no X.509 certificate");
  return certificate;
}

Signature check_signature(const X509& signed_one, const X509& signer) {
  const QuietErrors quiet;
  EVP_PKEY* key = X509_get0_pubkey(&signer);
  if (key && X509_verify(const_cast<X509*>(&signed_one), key) == 1) return Signature::valid;
  return can_check(signed_one, signer) ? Signature::invalid : Signature::unknown;
}

std::string text_of(const X509_NAME* name) {
  std::string out;
  int set = -1;
  // RFC 4514 2.1: the last relative name first.
  for (int i = X509_NAME_entry_count(name) - 1; i >= 0 && out.size() <= limits::text; --i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    if (!out.empty()) out += X509_NAME_ENTRY_set(entry) == set ? "+" : ", ";
    set = X509_NAME_ENTRY_set(entry);
    out += type_of(entry) + "=" + escaped(value_of(entry));
  }
  return sanitise(out, limits::text);
}

std::string short_text_of(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) return text_of(name);
  return sanitise(value_of(X509_NAME_get_entry(name, at)), 80);
}

bool same_name(const X509_NAME* one, const X509_NAME* other) { return X509_NAME_cmp(one, other) == 0; }

std::string hash_of(const X509_ALGOR& algorithm) {
  const QuietErrors quiet;
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, &algorithm);
  const int nid = OBJ_obj2nid(object);
  if (nid == NID_ED25519 || nid == NID_ED448 || is_post_quantum(object)) return "intrinsic";
  int hash = NID_undef;
  if (nid == NID_rsassaPss)
    hash = hash_of_pss(algorithm);
  else
    OBJ_find_sigid_algs(nid, &hash, nullptr);
  return hash == NID_undef ? "" : OBJ_nid2sn(hash);
}

bool read_time(const ASN1_TIME* time, std::int64_t& seconds) {
  const QuietErrors quiet;
  std::tm parts = {};
  // A null pointer would mean "now".
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return false;
  seconds = timegm(&parts);
  return true;
}

}  // namespace wiretight::certificate
