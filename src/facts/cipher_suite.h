#pragma once

#include <cstdint>
#include <string>

namespace wiretight {

enum class ProtocolVersion { ssl2, ssl3, tls10, tls11, tls12, tls13 };

// "SSLv2" … "TLSv1.3", the spelling that OpenSSL and CloudTrail's `tlsDetails` use.
constexpr const char* to_text(ProtocolVersion version) {
  switch (version) {
    case ProtocolVersion::ssl2:
      return "SSLv2";
    case ProtocolVersion::ssl3:
      return "SSLv3";
    case ProtocolVersion::tls10:
      return "TLSv1.0";
    case ProtocolVersion::tls11:
      return "TLSv1.1";
    case ProtocolVersion::tls12:
      return "TLSv1.2";
    case ProtocolVersion::tls13:
      return "TLSv1.3";
  }
  return "";
}

// What a cipher suite is made of, whoever named it (a probe, a capture, a log, a configuration).
struct CipherSuite {
  std::uint32_t code = 0;           // IANA number; SSLv2 kinds have 24 bits
  std::string name = {};            // IANA name, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  std::string key_exchange = {};    // "RSA" "DHE" "ECDHE" "DH" "ECDH" "PSK" "SRP" … "any" for TLS 1.3
  std::string authentication = {};  // "RSA" "ECDSA" "DSS" "PSK" "anon" … "any" for TLS 1.3
  std::string cipher = {};          // "AES" "CHACHA20" "CAMELLIA" "RC4" "3DES" "DES" "IDEA" "RC2" "NULL" …
  std::string mode = {};            // "GCM" "CCM" "CCM_8" "POLY1305" "CBC" "stream" "NULL" …
  std::string mac = {};             // "SHA1" "MD5" "SHA256" "SHA384" "AEAD" …
  int bits = 0;                     // effective secret bits of the cipher: 3DES 112, export 40 or 56, NULL 0
  bool export_grade = false;
  bool anonymous = false;
  bool forward_secret = false;
  bool operator==(const CipherSuite&) const = default;
};

}  // namespace wiretight
