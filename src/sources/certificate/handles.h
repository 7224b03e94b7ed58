#pragma once

#include <cstdint>
#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <span>
#include <string>
#include <string_view>

#include "core/problem.h"
#include "facts/listener.h"

// OpenSSL's objects with an owner, and what the files of this folder all do with them.
namespace wiretight::certificate {

template <auto end>
struct EndBy {
  template <class T>
  void operator()(T* object) const {
    end(object);
  }
};
template <class T, auto end>
using Handle = std::unique_ptr<T, EndBy<end>>;

using Cert = Handle<X509, X509_free>;
using Name = Handle<X509_NAME, X509_NAME_free>;
using Number = Handle<BIGNUM, BN_free>;
using Bio = Handle<BIO, BIO_free>;
using Bytes = std::span<const std::uint8_t>;

// OpenSSL queues every failure per thread; what is foreign may fail often and must leave nothing behind.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
  ~QuietErrors() { ERR_pop_to_mark(); }
};

// The DER certificate that the bytes are, from the first to the last.
Outcome<Cert> parse(Bytes der);

// What read_certificate() says of a parsed one; `der` are its bytes.
Outcome<Certificate> describe(const X509& certificate, Bytes der);

// What a signature says about who made it.
enum class Signature : std::uint8_t {
  valid,
  invalid,
  unknown,  // this OpenSSL does not have the algorithm
};
Signature check_signature(const X509& signed_one, const X509& signer);

// "CN=db.example, O=Example" (RFC 4514, with a blank after each comma), sanitised and bounded; "" for an empty name.
std::string text_of(const X509_NAME* name);
// The same, but only the common name where there is one: how a sentence calls a certificate.
std::string short_text_of(const X509_NAME* name);

bool same_name(const X509_NAME* one, const X509_NAME* other);

// "SHA256" of "sha256WithRSAEncryption", also where it stands in parameters (RSA-PSS); "intrinsic" for EdDSA, ML-DSA
// and SLH-DSA; "" when it is not known.
std::string hash_of(const X509_ALGOR& algorithm);

// Seconds since 1970, UTC. False when the time cannot be read.
bool read_time(const ASN1_TIME* time, std::int64_t& seconds);

}  // namespace wiretight::certificate
