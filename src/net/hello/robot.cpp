#include "net/hello/robot.h"

#include <algorithm>
#include <memory>
#include <openssl/bn.h>

#include "net/hello/build.h"
#include "net/hello/message.h"

namespace wiretight::tls {
namespace {

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
using Context = std::unique_ptr<BN_CTX, FreeNumber>;

constexpr std::size_t secret_size = 46;  // of the premaster secret behind its version
constexpr std::size_t smallest_modulus = 64;
constexpr std::size_t largest_modulus = 2048;

Number number_of(Bytes bytes) { return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)); }

}  // namespace

std::string_view to_text(RobotVector vector) {
  switch (vector) {
    case RobotVector::correct:
      return "correct";
    case RobotVector::wrong_prefix:
      return "wrong prefix";
    case RobotVector::misplaced_zero:
      return "misplaced zero";
    case RobotVector::no_zero:
      return "no zero";
    case RobotVector::wrong_version:
      return "wrong version";
  }
  return "";
}

std::vector<std::uint8_t> robot_plaintext(RobotVector vector, std::size_t modulus_size, std::uint16_t version) {
  if (modulus_size < smallest_modulus) return {};
  // All bytes non-zero, so that the only zeros are those that a vector places.
  std::vector<std::uint8_t> block(modulus_size);
  for (std::size_t at = 0; at < block.size(); ++at) block[at] = static_cast<std::uint8_t>(1 + (at * 73 + 17) % 255);

  std::size_t secret = modulus_size - secret_size;
  block[0] = 0;
  block[1] = 2;
  block[secret - 3] = 0;
  block[secret - 2] = static_cast<std::uint8_t>(version >> 8);
  block[secret - 1] = static_cast<std::uint8_t>(version);
  auto delimiter = block.begin() + static_cast<std::ptrdiff_t>(secret - 3);  // the zero byte and the version
  switch (vector) {
    case RobotVector::correct:
      break;
    case RobotVector::wrong_prefix:
      block[0] = 0x41;
      block[1] = 0x17;
      break;
    case RobotVector::misplaced_zero:
      std::fill_n(delimiter, 3, std::uint8_t{0x11});
      block[modulus_size - 2] = 0;
      break;
    case RobotVector::no_zero:
      std::fill_n(delimiter, 3, std::uint8_t{0x11});
      break;
    case RobotVector::wrong_version:
      block[secret - 2] = 2;
      block[secret - 1] = 2;
      break;
  }
  return block;
}

Outcome<std::vector<std::uint8_t>> rsa_public(Bytes plain, Bytes modulus, Bytes exponent) {
  while (!modulus.empty() && modulus.front() == 0) modulus = modulus.subspan(1);
  bool sized = modulus.size() >= smallest_modulus && modulus.size() <= largest_modulus &&
               plain.size() <= modulus.size() && !exponent.empty() && exponent.size() <= modulus.size();
  if (!sized || modulus.back() % 2 == 0) return failure("an RSA key that cannot be used");
  Number m = number_of(plain);
  Number n = number_of(modulus);
  Number e = number_of(exponent);
  Number result(BN_new());
  Context context(BN_CTX_new());
  if (!m || !n || !e || !result || !context) return failure("out of memory for RSA");
  if (BN_cmp(m.get(), n.get()) >= 0) return failure("an RSA plaintext not below its modulus");
  if (BN_mod_exp(result.get(), m.get(), e.get(), n.get(), context.get()) != 1) return failure("RSA encryption failed");
  std::vector<std::uint8_t> bytes(modulus.size());
  if (BN_bn2binpad(result.get(), bytes.data(), static_cast<int>(bytes.size())) < 0)
    return failure("RSA encryption failed");
  return bytes;
}

void append_robot(std::vector<std::uint8_t>& out, std::uint16_t version, Bytes encrypted, RobotForm form) {
  append_client_key_exchange(out, version, encrypted);
  if (form == RobotForm::interrupted) {
    constexpr std::array server_hello_done = {static_cast<std::uint8_t>(HandshakeType::server_hello_done),
                                              std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}};
    append_record(out, ContentType::handshake, version, server_hello_done);
  }
  if (form != RobotForm::finished) return;
  append_change_cipher_spec(out, version);
  // 64 bytes: a length that every cipher of TLS takes for an encrypted Finished, and a content that none verifies.
  std::array<std::uint8_t, 64> finished;
  for (std::size_t at = 0; at < finished.size(); ++at) finished[at] = static_cast<std::uint8_t>(at * 31 + 5);
  append_record(out, ContentType::handshake, version, finished);
}

}  // namespace wiretight::tls
