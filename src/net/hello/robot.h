#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "net/hello/bytes.h"

// ROBOT (Böck, Somorovsky, Young 2017; CVE-2017-13099 and others): a server whose answers differ with the PKCS #1
// padding of the premaster secret decrypts and signs for the attacker.
namespace wiretight::tls {

enum class RobotVector : std::uint8_t {
  correct,         // 00 02 padding 00 version secret
  wrong_prefix,    // 41 17 in front
  misplaced_zero,  // the zero byte in the secret, not before it
  no_zero,         // no zero byte at all
  wrong_version,   // correct, but version 02 02
};
inline constexpr std::array robot_vectors = {RobotVector::correct, RobotVector::wrong_prefix,
                                             RobotVector::misplaced_zero, RobotVector::no_zero,
                                             RobotVector::wrong_version};
std::string_view to_text(RobotVector vector);

// The block before encryption, of the length of the RSA modulus (at least 64 bytes, else empty). `version` is that of
// the ClientHello. Padding and secret are fixed non-zero bytes, the same in every vector, so that answers differ by
// nothing else.
std::vector<std::uint8_t> robot_plaintext(RobotVector vector, std::size_t modulus_size, std::uint16_t version);

// plain^exponent mod modulus, as long as the modulus; big-endian. Fails for a plain not below the modulus, an even or
// tiny modulus, and more than 16384 bits.
Outcome<std::vector<std::uint8_t>> rsa_public(Bytes plain, Bytes modulus, Bytes exponent);

// What follows the ClientKeyExchange of a ROBOT probe.
enum class RobotForm : std::uint8_t {
  brief,        // nothing: the short form of the published test
  finished,     // ChangeCipherSpec and a Finished record that cannot verify: its long form
  interrupted,  // a message that no server expects there, so that also a server which waits for more has to answer
};

// Appends ClientKeyExchange and what the form puts behind it. Where the server sent a CertificateRequest,
// append_no_certificate goes first.
void append_robot(std::vector<std::uint8_t>& out, std::uint16_t version, Bytes encrypted, RobotForm form);

}  // namespace wiretight::tls
