#include "net/hello/robot.h"

#include <algorithm>
#include <doctest/doctest.h>

namespace wiretight::tls {

TEST_CASE("the vectors differ from the correct block only where they should") {
  auto correct = robot_plaintext(RobotVector::correct, 256, 0x0303);
  REQUIRE(correct.size() == 256);
  CHECK(correct[0] == 0);
  CHECK(correct[1] == 2);
  CHECK(correct[256 - 49] == 0);
  CHECK(correct[256 - 48] == 3);
  CHECK(correct[256 - 47] == 3);
  CHECK(std::ranges::count(correct, 0) == 2);

  CHECK(robot_plaintext(RobotVector::wrong_prefix, 256, 0x0303)[0] == 0x41);
  CHECK(std::ranges::count(robot_plaintext(RobotVector::no_zero, 256, 0x0300), 0) == 1);
  auto misplaced = robot_plaintext(RobotVector::misplaced_zero, 256, 0x0303);
  CHECK(misplaced[256 - 49] != 0);
  CHECK(misplaced[254] == 0);
  auto version = robot_plaintext(RobotVector::wrong_version, 256, 0x0303);
  CHECK(version[256 - 48] == 2);
  CHECK(std::equal(version.begin() + 210, version.end(), correct.begin() + 210));
  CHECK(robot_plaintext(RobotVector::correct, 20, 0x0303).empty());
}

TEST_CASE("RSA with the public key") {
  // n = 2^512 - 569, an odd number; with e = 3 and a small plaintext nothing wraps round: the result is the cube.
  std::vector<std::uint8_t> modulus(64, 0xff);
  modulus[62] = 0xfd;
  modulus[63] = 0xc7;
  const std::uint8_t exponent[] = {3};
  const std::uint8_t plain[] = {5};
  auto result = rsa_public(plain, modulus, exponent);
  REQUIRE(result);
  CHECK(result->size() == 64);
  CHECK(result->back() == 125);
  CHECK(std::count(result->begin(), result->end(), 0) == 63);

  CHECK_FALSE(rsa_public(modulus, modulus, exponent));
  modulus[63] = 0xc6;
  CHECK_FALSE(rsa_public(plain, modulus, exponent));
  CHECK_FALSE(rsa_public(plain, {}, exponent));
}

TEST_CASE("every form begins with the key exchange") {
  const std::uint8_t secret[] = {1, 2, 3};
  std::vector<std::uint8_t> brief;
  std::vector<std::uint8_t> full;
  std::vector<std::uint8_t> interrupted;
  append_robot(brief, 0x0303, secret, RobotForm::brief);
  append_robot(full, 0x0303, secret, RobotForm::finished);
  append_robot(interrupted, 0x0303, secret, RobotForm::interrupted);
  CHECK(brief.size() == 5 + 4 + 2 + 3);
  CHECK(std::equal(brief.begin(), brief.end(), full.begin()));
  CHECK(full.size() == brief.size() + 6 + 5 + 64);
  CHECK(std::equal(brief.begin(), brief.end(), interrupted.begin()));
  const std::vector<std::uint8_t> behind(interrupted.begin() + static_cast<std::ptrdiff_t>(brief.size()),
                                         interrupted.end());
  CHECK(behind == std::vector<std::uint8_t>{22, 3, 3, 0, 4, 14, 0, 0, 0});
}

}  // namespace wiretight::tls
