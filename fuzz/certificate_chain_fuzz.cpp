#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "require.h"
#include "sources/certificate/judge.h"

// A presented chain and a stapled OCSP response: the first byte says how many parts follow, each with its length in two
// bytes; the last part is the staple. Beyond "no crash": a chain is described certificate by certificate or not at all,
// and judging it twice gives the same answer.
namespace {

using namespace wiretight;
using Der = std::vector<std::uint8_t>;

std::vector<Der> parts_of(std::span<const std::uint8_t> bytes) {
  std::vector<Der> parts;
  if (bytes.empty()) return parts;
  const std::size_t count = bytes[0] % 6;
  bytes = bytes.subspan(1);
  while (parts.size() < count && bytes.size() >= 2) {
    const std::size_t length = std::min<std::size_t>(bytes[0] * 256U + bytes[1], bytes.size() - 2);
    parts.emplace_back(bytes.begin() + 2, bytes.begin() + 2 + static_cast<std::ptrdiff_t>(length));
    bytes = bytes.subspan(2 + length);
  }
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<Der> chain = parts_of({data, size});
  if (chain.size() < 2) return 0;
  const Der staple = std::move(chain.back());
  chain.pop_back();
  static const certificate::TrustStore nobody("", "");
  const certificate::Presented presented{
      .chain = chain, .staple = staple, .staple_asked = true, .host = "db.example", .at = 1'790'000'000};
  certificate::Judge first(nobody);
  certificate::Judge second(nobody);
  const Chain one = first.judge(presented);
  const Chain other = second.judge(presented);
  require(one.certificates.size() <= chain.size());
  require(one.certificates.size() == other.certificates.size());
  require(one.trusted.value == other.trusted.value);
  require(!one.trusted.is(true));
  return 0;
}
