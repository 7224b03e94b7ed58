#include "sources/certificate/certificate.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <openssl/core_names.h>
#include <openssl/ct.h>
#include <openssl/evp.h>

#include "core/digest.h"
#include "core/host.h"
#include "core/text.h"
#include "net/hello/registry.h"
#include "sources/certificate/handles.h"

namespace wiretight::certificate {
namespace {

std::string_view view(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(std::max(ASN1_STRING_length(string), 0))};
}

std::string_view view(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// An extension of the certificate, decoded; empty when there is none or it is malformed.
template <class T, auto end>
Handle<T, end> extension(const X509& certificate, int nid) {
  const int at = X509_get_ext_by_NID(&certificate, nid, -1);
  if (at < 0) return {};
  return Handle<T, end>(static_cast<T*>(X509V3_EXT_d2i(X509_get_ext(&certificate, at))));
}

bool has_extension(const X509& certificate, int nid) { return X509_get_ext_by_NID(&certificate, nid, -1) >= 0; }

std::string serial_of(const X509& certificate) {
  const ASN1_INTEGER* number = X509_get0_serialNumber(&certificate);
  const std::string_view bytes = view(number).substr(0, limits::text / 2);
  std::string digits = bytes.empty() ? "00" : hex(bytes);
  if (view(number).size() > bytes.size()) digits += "…";
  return (ASN1_STRING_type(number) & V_ASN1_NEG) != 0 ? "-" + digits : digits;
}

// An IP name has 4 or 16 bytes; what else stands there covers no host and is left out.
std::string address_text(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (bytes.size() == 4) inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
  if (bytes.size() == 16) inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

// Of a DNS name that no host can have (an address, blanks, control bytes …) the kind is said, so that it is never taken
// for what sanitising has left of it.
std::string dns_text(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= limits::text && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '*';
  });
  if (plain && !parse_address(name)) return std::string(name);
  return "DNS:" + sanitise(name, limits::text);
}

std::vector<std::string> names_of(const X509& certificate) {
  std::vector<std::string> names;
  const auto all = extension<GENERAL_NAMES, GENERAL_NAMES_free>(certificate, NID_subject_alt_name);
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()) && names.size() < limits::names; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(dns_text(view(name->d.dNSName)));
    if (name->type == GEN_IPADD)
      if (std::string text = address_text(view(name->d.iPAddress)); !text.empty()) names.push_back(std::move(text));
  }
  return names;
}

std::string name_of(const ASN1_OBJECT* object) {
  if (const int nid = OBJ_obj2nid(object); nid != NID_undef) return OBJ_nid2ln(nid);
  std::array<char, 128> text = {};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return text.data();
}

std::string key_algorithm_of(const X509_PUBKEY* key) {
  ASN1_OBJECT* object = nullptr;
  X509_PUBKEY_get0_param(&object, nullptr, nullptr, nullptr, key);
  switch (OBJ_obj2nid(object)) {
    case NID_rsaEncryption:
    case NID_rsa:
      return "RSA";
    case NID_rsassaPss:
      return "RSA-PSS";
    case NID_X9_62_id_ecPublicKey:
      return "EC";
    case NID_ED25519:
      return "Ed25519";
    case NID_ED448:
      return "Ed448";
    case NID_dsa:
      return "DSA";
    default:
      return name_of(object);
  }
}

// The name that TLS gives a curve, else OpenSSL's.
std::string curve_of(const EVP_PKEY* key) {
  std::array<char, 64> name = {};
  std::size_t length = 0;
  std::string curve;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) == 1) curve.assign(name.data(), length);
  for (const tls::Group& group : tls::groups())
    if (!curve.empty() && (group.name == curve || group.openssl == curve)) curve = group.name;
  int spelled_out = 0;
  EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelled_out);
  if (curve.empty()) return "explicit";
  return spelled_out != 0 ? "explicit " + curve : curve;
}

std::uint64_t saturated(const BIGNUM* number) {
  std::array<unsigned char, 8> bytes = {};
  if (BN_bn2binpad(number, bytes.data(), bytes.size()) < 0) return UINT64_MAX;
  std::uint64_t value = 0;
  for (unsigned char byte : bytes) value = value << 8 | byte;
  return value;
}

void read_key(const X509& certificate, Certificate& into) {
  X509_PUBKEY* info = X509_get_X509_PUBKEY(&certificate);
  into.key_algorithm = key_algorithm_of(info);
  const EVP_PKEY* key = X509_PUBKEY_get0(info);
  if (!key) return;
  if (into.key_algorithm == "EC") into.curve = curve_of(key);
  if (into.key_algorithm.starts_with("RSA")) {
    BIGNUM* exponent = nullptr;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent);
    const Number owner(exponent);
    if (exponent) into.rsa_exponent = saturated(exponent);
  }
  for (std::string_view sized : {"RSA", "RSA-PSS", "EC", "Ed25519", "Ed448", "DSA"})
    if (into.key_algorithm == sized) into.key_bits = EVP_PKEY_get_bits(key);
}

bool allows_servers(const X509& certificate) {
  if (!has_extension(certificate, NID_ext_key_usage)) return true;
  const auto uses = extension<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>(certificate, NID_ext_key_usage);
  for (int i = 0; i < sk_ASN1_OBJECT_num(uses.get()); ++i) {
    const int use = OBJ_obj2nid(sk_ASN1_OBJECT_value(uses.get(), i));
    if (use == NID_server_auth || use == NID_anyExtendedKeyUsage) return true;
  }
  return false;
}

// RFC 7633: the feature is the number of the extension, 5 for status_request.
bool must_staple(const X509& certificate) {
  const auto features = extension<TLS_FEATURE, TLS_FEATURE_free>(certificate, NID_tlsfeature);
  for (int i = 0; i < sk_ASN1_INTEGER_num(features.get()); ++i)
    if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features.get(), i)) == 5) return true;
  return false;
}

std::string key_pin(const X509& certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (length <= 0) return {};
  const auto digest = sha256({reinterpret_cast<char*>(der), static_cast<std::size_t>(length)});
  OPENSSL_free(der);
  return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

Outcome<Certificate> read_certificate(Bytes der) {
  const auto parsed = parse(der);
  if (!parsed) return std::unexpected(parsed.error());
  return describe(**parsed, der);
}

Outcome<Certificate> describe(const X509& x509, Bytes der) {
  const QuietErrors quiet;
  Certificate out;
  if (!read_time(X509_get0_notBefore(&x509), out.not_before) || !read_time(X509_get0_notAfter(&x509), out.not_after))
    return failure("the certificate's dates cannot be read");
  out.subject = text_of(X509_get_subject_name(&x509));
  out.issuer = text_of(X509_get_issuer_name(&x509));
  out.serial = serial_of(x509);
  out.names = names_of(x509);
  read_key(x509, out);

  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(nullptr, &algorithm, &x509);
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  out.signature_algorithm = name_of(object);
  out.signature_hash = hash_of(*algorithm);
  out.self_signed = same_name(X509_get_subject_name(&x509), X509_get_issuer_name(&x509)) &&
                    check_signature(x509, x509) == Signature::valid;

  const auto constraints = extension<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>(x509, NID_basic_constraints);
  out.authority = constraints && constraints->ca != 0;
  out.server_auth = allows_servers(x509);
  out.must_staple = must_staple(x509);
  const auto timestamps = extension<STACK_OF(SCT), SCT_LIST_free>(x509, NID_ct_precert_scts);
  out.signed_timestamps = std::max(sk_SCT_num(timestamps.get()), 0);
  out.sha256 = sha256_hex(view(der));
  out.pin = key_pin(x509);
  out.known_test = known_test(out.sha256);
  return out;
}

std::string pin_of(Bytes der) {
  const auto parsed = parse(der);
  return parsed ? key_pin(**parsed) : "";
}

}  // namespace wiretight::certificate
