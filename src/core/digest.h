#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace wiretight {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits
std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);  // RFC 4648 section 4, padded

}  // namespace wiretight
