#pragma once

#include <cstddef>

// What a peer may make us read and keep. Chosen above everything sound servers send (measured over eight stacks) and
// far below what hurts; hostile servers of the facts file make other scanners grow to 493 MB or hang.
namespace wiretight::tls::limits {

inline constexpr std::size_t record_payload = 16384 + 2048 + 256;  // RFC 5246 and 8446 together
inline constexpr std::size_t records = 32;
inline constexpr std::size_t before_hello = 64 * 1024;  // bytes until the ServerHello or ClientHello is whole
inline constexpr std::size_t certificate_message = 128 * 1024;
inline constexpr std::size_t other_message = 64 * 1024;
inline constexpr std::size_t flight = 256 * 1024;  // handshake bytes kept for one direction
inline constexpr std::size_t messages = 24;
inline constexpr std::size_t certificates = 16;
inline constexpr std::size_t warning_alerts = 4;
inline constexpr std::size_t extensions = 64;   // in one hello
inline constexpr std::size_t first_bytes = 64;  // kept of a peer that does not speak TLS
inline constexpr std::size_t ssl2_record = 32767;

}  // namespace wiretight::tls::limits
