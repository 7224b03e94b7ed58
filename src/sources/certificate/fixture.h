#pragma once

#include <cstdint>
#include <cstdio>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "sources/certificate/handles.h"

// For the tests of this folder: certificates of every kind, made when they are asked for.
namespace wiretight::certificate::test {

using Der = std::vector<std::uint8_t>;
using Key = std::shared_ptr<EVP_PKEY>;

inline constexpr std::int64_t day = 86400;
inline constexpr std::int64_t now = 1790000000;  // 2026-09-21

inline Key own(EVP_PKEY* key) {
  REQUIRE(key != nullptr);
  return {key, EVP_PKEY_free};
}

// "RSA:2048", "EC:P-256", "ED25519" …; one key a name, made once.
inline Key key_called(const std::string& name, const std::string& kind = "EC:P-256") {
  static std::map<std::string, Key> keys;
  Key& key = keys[name + kind];
  if (key) return key;
  const std::string type = kind.substr(0, kind.find(':'));
  const std::string size = kind.size() > type.size() ? kind.substr(type.size() + 1) : "";
  if (type == "RSA")
    key = own(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(std::stoul(size))));
  else if (type == "EC")
    key = own(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", size.c_str()));
  else
    key = own(EVP_PKEY_Q_keygen(nullptr, nullptr, type.c_str()));
  return key;
}

// An extension as openssl.cnf would have it: {"subjectAltName", "DNS:db.example"}.
using Extensions = std::vector<std::pair<std::string, std::string>>;

struct Wanted {
  std::string subject = "db.example";
  Extensions extensions = {{"subjectAltName", "DNS:db.example"}};
  Key key = key_called("leaf");
  std::int64_t from = now - 10 * day;
  std::int64_t until = now + 80 * day;
  const char* digest = "SHA256";  // null for EdDSA
  int version = 3;
};

// A certificate with its key, so that it can sign others.
struct Issued {
  std::shared_ptr<X509> x509;
  Key key;
  Der der() const {
    unsigned char* bytes = nullptr;
    const int length = i2d_X509(x509.get(), &bytes);
    REQUIRE(length > 0);
    Der out(bytes, bytes + length);
    OPENSSL_free(bytes);
    return out;
  }
  std::string pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_X509(bio.get(), x509.get()) == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
  }
};

// Signed by `issuer`, or by itself when there is none.
inline Issued issue(const Wanted& wanted, const Issued* issuer = nullptr) {
  static long serial = 0x1000;
  Issued out{.x509 = {X509_new(), X509_free}, .key = wanted.key};
  X509* x509 = out.x509.get();
  X509_set_version(x509, wanted.version - 1);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(x509), wanted.from);
  ASN1_TIME_set(X509_getm_notAfter(x509), wanted.until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.subject.data()),
                             static_cast<int>(wanted.subject.size()), -1, 0);
  X509_set_issuer_name(x509, X509_get_subject_name(issuer ? issuer->x509.get() : x509));
  REQUIRE(X509_set_pubkey(x509, wanted.key.get()) == 1);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer ? issuer->x509.get() : x509, x509, nullptr, nullptr, 0);
  for (const auto& [name, value] : wanted.extensions) {
    const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str()));
    REQUIRE_MESSAGE(extension, name, "=", value);
    X509_add_ext(x509, extension.get(), -1);
  }
  const EVP_MD* digest = wanted.digest ? EVP_get_digestbyname(wanted.digest) : nullptr;
  REQUIRE(X509_sign(x509, issuer ? issuer->key.get() : wanted.key.get(), digest) > 0);
  return out;
}

inline Extensions of_authority(const std::string& constraints = "critical,CA:TRUE") {
  return {{"basicConstraints", constraints}, {"keyUsage", "critical,keyCertSign,cRLSign"}};
}

inline Issued authority(const std::string& name, const Issued* issuer = nullptr,
                        const std::string& constraints = "critical,CA:TRUE") {
  return issue({.subject = name,
                .extensions = of_authority(constraints),
                .key = key_called(name),
                .from = now - 400 * day,
                .until = now + 4000 * day},
               issuer);
}

// A folder that is gone with the object.
class Folder {
 public:
  Folder() {
    std::string path = (std::filesystem::temp_directory_path() / "wiretight-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

}  // namespace wiretight::certificate::test
