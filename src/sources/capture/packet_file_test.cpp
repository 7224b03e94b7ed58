#include "sources/capture/packet_file.h"

#include <doctest/doctest.h>
#include <utility>

#include "sources/capture/frames.h"

using namespace wiretight::capture;
using frames::Frame;

namespace {

struct Seen {
  std::vector<std::size_t> sizes = {};
  std::vector<std::int64_t> times = {};
  std::string problem = {};
  std::uint64_t dropped = 0;
};

Seen read(const Frame& bytes) {
  auto file = PacketFile::begin(Input::of(bytes));
  if (!file) return {.problem = file.error().what};
  Seen seen;
  Packet packet;
  while (file->next(packet)) {
    seen.sizes.push_back(packet.bytes.size());
    seen.times.push_back(packet.milliseconds());
  }
  seen.problem = file->problem().value_or("");
  seen.dropped = file->dropped();
  return seen;
}

// Little-endian, as pcapng is written here.
void add(Frame& to, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Frame block(std::uint32_t type, Frame body) {
  while (body.size() % 4 != 0) body.push_back(0);
  Frame out;
  add(out, type, 4);
  add(out, body.size() + 12, 4);
  out.insert(out.end(), body.begin(), body.end());
  add(out, body.size() + 12, 4);
  return out;
}

Frame section() {
  Frame body;
  add(body, 0x1a2b3c4d, 4);
  add(body, 1, 2);
  add(body, 0, 2);
  add(body, ~std::uint64_t{0}, 8);
  return block(0x0a0d0d0a, body);
}

// Nanoseconds.
Frame interface(std::uint16_t link) {
  Frame body;
  add(body, link, 2);
  add(body, 0, 6);
  for (std::uint64_t word : {9U, 1U}) add(body, word, 2);
  add(body, 9, 4);
  add(body, 0, 4);
  return block(1, body);
}

Frame enhanced(std::uint32_t number, std::uint64_t stamp, const Frame& packet) {
  Frame body;
  add(body, number, 4);
  add(body, stamp >> 32, 4);
  add(body, stamp & 0xffffffff, 4);
  add(body, packet.size(), 4);
  add(body, packet.size(), 4);
  body.insert(body.end(), packet.begin(), packet.end());
  return block(6, body);
}

Frame statistics(std::uint32_t number, std::uint64_t lost) {
  Frame body;
  add(body, number, 4);
  add(body, 0, 8);
  add(body, 5, 2);
  add(body, 8, 2);
  add(body, lost, 8);
  return block(5, body);
}

Frame joined(const std::vector<Frame>& parts) {
  Frame out;
  for (const Frame& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

}  // namespace

TEST_CASE("a pcap file, packet by packet") {
  const Seen seen = read(frames::pcap({Frame(60), Frame(1514)}));
  CHECK(seen.sizes == std::vector<std::size_t>{60, 1514});
  CHECK(seen.times == std::vector<std::int64_t>{1'764'000'000'000, 1'764'000'001'000});
  CHECK(seen.problem.empty());
}

TEST_CASE("a file that ends too early says where, and what came before stands") {
  Frame bytes = frames::pcap({Frame(60), Frame(60)});
  bytes.pop_back();
  Seen seen = read(bytes);
  CHECK(seen.sizes.size() == 1);
  CHECK(seen.problem == "cut off in the middle of a packet at byte 100");
  bytes.resize(105);
  CHECK(read(bytes).problem == "cut off in the middle of a packet's header at byte 100");
  bytes.resize(20);
  CHECK(read(bytes).problem == "cut off in the middle of the file's header at byte 0");
}

TEST_CASE("a length that no packet has is damage and not an allocation") {
  Frame bytes = frames::pcap({Frame(60)});
  for (std::size_t at = 32; at < 36; ++at) bytes[at] = 0xff;
  CHECK(read(bytes).problem == "damaged at byte 24: a packet of 4294967295 bytes");
}

TEST_CASE("what is no capture is told by its first bytes") {
  CHECK(read({}).problem == "is empty");
  CHECK(read({'P', 'K', 3, 4, 5}).problem == "is no capture: it begins with the bytes 504b0304");
}

TEST_CASE("a pcapng file with several interfaces, sections and blocks of others") {
  const std::uint64_t stamp = 1'764'000'000'123'000'000;
  const Seen seen = read(joined({section(), interface(1), interface(276), block(0x0bad, Frame(9)),
                                 enhanced(1, stamp, Frame(33)), statistics(0, 5), statistics(0, 7), section(),
                                 interface(1), enhanced(0, stamp, Frame(60)), statistics(0, 2)}));
  CHECK(seen.sizes == std::vector<std::size_t>{33, 60});
  CHECK(seen.times.at(0) == 1'764'000'000'123);
  CHECK_MESSAGE(seen.dropped == 9, "each count has those before it, within its section");
  CHECK(seen.problem.empty());
}

TEST_CASE("damage in a pcapng file ends it with a reason") {
  const Frame before = joined({section(), interface(1), enhanced(0, 0, Frame(60))});
  const auto problem_behind = [&](Frame damaged) {
    const Seen seen = read(joined({before, std::move(damaged)}));
    CHECK(seen.sizes.size() == 1);
    return seen.problem;
  };
  CHECK(problem_behind(enhanced(4, 0, Frame(60))).contains("an interface that is not described"));
  Frame other_length = enhanced(0, 0, Frame(60));
  other_length[other_length.size() - 4] ^= 4;
  CHECK(problem_behind(other_length).contains("two lengths differ"));
  Frame longer = enhanced(0, 0, Frame(60));
  longer[20] = 200;
  CHECK(problem_behind(longer).contains("longer than its block"));
  CHECK(problem_behind({6, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0}).contains("a block of 8 bytes"));
  CHECK(problem_behind({6, 0, 0, 0}).contains("cut off in the middle of a block's header"));
  CHECK(problem_behind({6, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff, 0, 0, 0, 0}).contains("a block of 4294967280 bytes"));
}

TEST_CASE("clocks of any resolution, and damaged ones") {
  CHECK(Clock{.ticks_a_second = 1'000'000'000}.milliseconds(1'500'000'000) == 1500);
  CHECK(Clock{.ticks_a_second = 1ULL << 63}.milliseconds(~0ULL) == 1999);
  CHECK(Clock{.ticks_a_second = 1, .offset = 5}.milliseconds(2) == 7000);
  CHECK(Clock{.ticks_a_second = 1, .offset = INT64_MIN}.milliseconds(~0ULL) == 0);
}
