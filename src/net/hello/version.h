#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wiretight::tls {

// Ordered: `Version::tls11 < Version::tls12`.
enum class Version : std::uint8_t { ssl2, ssl3, tls10, tls11, tls12, tls13 };

// The number on the wire: 0x0002, 0x0300 … 0x0304.
constexpr std::uint16_t wire_code(Version version) {
  constexpr std::uint16_t codes[] = {0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304};
  return codes[static_cast<std::size_t>(version)];
}

// Nothing for a number that is no version this project judges (drafts of TLS 1.3, GREASE, DTLS, TLCP).
constexpr std::optional<Version> version_of(std::uint16_t code) {
  if (code == 0x0002) return Version::ssl2;
  if (code < 0x0300 || code > 0x0304) return std::nullopt;
  return static_cast<Version>(1 + (code & 0xff));
}

// "SSLv2" … "TLSv1.3", the spelling of OpenSSL and of CloudTrail's `tlsDetails`.
constexpr std::string_view to_text(Version version) {
  constexpr std::string_view names[] = {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  return names[static_cast<std::size_t>(version)];
}

}  // namespace wiretight::tls
