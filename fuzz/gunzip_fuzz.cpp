#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "require.h"
#include "sources/gunzip.h"

// Whatever a file holds: the stream takes it in any pieces alike, and where a member is read at once, the stream reads
// the same bytes.
namespace {

using namespace wiretight;

struct Read {
  std::string text = {};
  bool whole = false;
  bool bad = false;
};

Read stream(std::span<const std::uint8_t> file, std::size_t in_piece, std::size_t out_piece) {
  constexpr std::size_t most = 1 << 20;
  Gunzip gunzip;
  Read out;
  std::vector<std::uint8_t> room(out_piece);
  while (out.text.size() < most) {
    const auto step = gunzip.step(file.first(std::min(in_piece, file.size())), room);
    out.text.append(reinterpret_cast<const char*>(room.data()), step.written);
    file = file.subspan(step.read);
    if (!gunzip.problem().empty() || (step.written < room.size() && file.empty())) break;
    require(step.read > 0 || step.written > 0);
  }
  out.bad = !gunzip.problem().empty();
  out.whole = !out.bad && file.empty() && gunzip.may_end();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  const Read one = stream(file, size, 4096);
  const Read many = stream(file, 5, 77);
  if (one.text.size() < 1 << 20) require(one.whole == many.whole && one.bad == many.bad);
  if (one.whole) require(one.text == many.text);

  static MemberGunzip members(1 << 16);
  const MemberGunzip::Member member = members.next(file);
  if (member.outcome != MemberGunzip::Outcome::whole) return 0;
  const Read same = stream(file.first(member.read), member.read, 4096);
  // libdeflate is the more lenient: it takes length codes that RFC 1951 leaves out, and no notice of a header's
  // checksum.
  require(same.whole || same.bad);
  if (same.whole)
    require(same.text == std::string(reinterpret_cast<const char*>(member.data.data()), member.data.size()));
  return 0;
}
