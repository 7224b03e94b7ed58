#include "net/packet/decode.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <string>
#include <vector>

using namespace wiretight::packet;

namespace {

using Frame = std::vector<std::uint8_t>;

Frame operator+(Frame one, const Frame& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

// From 10.0.0.5:40000 to 52.94.0.10:80, sequence number 7, "hi".
const Frame tcp = {0x9c, 0x40, 0, 80, 0, 0, 0, 7, 0, 0, 0, 0, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0, 'h', 'i'};
const Frame ends = {10, 0, 0, 5, 52, 94, 0, 10};

Frame ip4(std::uint8_t protocol, const Frame& payload, std::uint16_t fragment = 0) {
  const auto size = static_cast<std::uint16_t>(20 + payload.size());
  return Frame{0x45,
               0,
               static_cast<std::uint8_t>(size >> 8),
               static_cast<std::uint8_t>(size),
               0,
               1,
               static_cast<std::uint8_t>(fragment >> 8),
               static_cast<std::uint8_t>(fragment),
               64,
               protocol,
               0,
               0} +
         ends + payload;
}

Frame ip6(std::uint8_t next, const Frame& payload) {
  Frame out = {0x60, 0, 0, 0, 0, static_cast<std::uint8_t>(payload.size()), next, 64};
  out.resize(40);
  out[8] = out[24] = 0x20;
  out[23] = 1;
  out[39] = 2;
  return out + payload;
}

Frame ethernet(std::uint16_t type, const Frame& payload) {
  return Frame(12) + Frame{static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type)} + payload;
}

Frame udp(std::uint16_t port, const Frame& payload) {
  return Frame{0xd4, 0x31, static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port), 0, 0, 0, 0} + payload;
}

Kind kind_of(Link link, const Frame& frame) {
  Segment segment;
  return decode(link, frame, static_cast<std::uint32_t>(frame.size()), segment);
}

void check_segment(Link link, const Frame& frame) {
  Segment segment;
  REQUIRE(decode(link, frame, static_cast<std::uint32_t>(frame.size()), segment) == Kind::segment);
  CHECK(segment.source_port == 40000);
  CHECK(segment.destination_port == 80);
  CHECK(segment.sequence == 7);
  CHECK(segment.size == 2);
  CHECK(std::string(segment.payload.begin(), segment.payload.end()) == "hi");
}

}  // namespace

TEST_CASE("every link type and tunnel leads to the same segment") {
  const Frame ip = ip4(6, tcp);
  const Frame bridged = ethernet(0x0800, ip);
  check_segment(Link::ethernet, bridged);
  check_segment(Link::ethernet, bridged + Frame(20));  // padding of the link
  check_segment(Link::ethernet, ethernet(0x8100, Frame{0, 5, 8, 0} + ip));
  check_segment(Link::ethernet, ethernet(0x88a8, Frame{0, 5, 0x81, 0, 0, 6, 8, 0} + ip));
  check_segment(Link::raw, ip);
  check_segment(Link::null, Frame{2, 0, 0, 0} + ip);
  check_segment(Link::null, Frame{0, 0, 0, 2} + ip);
  check_segment(Link::loop, Frame{0, 0, 0, 2} + ip);
  check_segment(Link::null, Frame{30, 0, 0, 0} + ip6(6, tcp));
  check_segment(Link::sll, Frame(14) + Frame{8, 0} + ip);
  check_segment(Link::sll2, Frame{8, 0} + Frame(18) + ip);
  check_segment(Link::ethernet, ethernet(0x86dd, ip6(6, tcp)));
  check_segment(Link::raw, ip6(0, Frame{43, 0, 1, 4, 0, 0, 0, 0} + Frame{44, 0, 0, 0, 0, 0, 0, 0} +
                                      Frame{6, 0, 0, 0, 0, 0, 0, 9} + tcp));
  check_segment(Link::raw, ip4(4, ip));
  check_segment(Link::raw, ip4(41, ip6(6, tcp)));
  check_segment(Link::raw, ip4(17, udp(4789, Frame{8, 0, 0, 0, 0, 0, 7, 0} + bridged)));
  check_segment(Link::raw, ip4(17, udp(6081, Frame{1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0} + bridged)));
  check_segment(Link::raw, ip4(17, udp(6081, Frame{0, 0, 8, 0, 0, 0, 7, 0} + ip)));
}

TEST_CASE("an overlay's number keeps its addresses apart") {
  const Frame inner = ethernet(0x0800, ip4(6, tcp));
  const Frame frame = ip4(17, udp(4789, Frame{8, 0, 0, 0, 0, 1, 2, 0} + inner));
  Segment segment;
  REQUIRE(decode(Link::raw, frame, static_cast<std::uint32_t>(frame.size()), segment) == Kind::segment);
  CHECK(segment.network == 0x000102);
  REQUIRE(decode(Link::ethernet, inner, static_cast<std::uint32_t>(inner.size()), segment) == Kind::segment);
  CHECK(segment.network == 0);
}

TEST_CASE("what the snap length cut is told from what contradicts itself") {
  const Frame ip = ip4(6, tcp);
  Segment segment;
  const auto cut_at = [&](std::size_t size) {
    return decode(Link::raw, Bytes(ip).first(size), static_cast<std::uint32_t>(ip.size()), segment);
  };
  CHECK(cut_at(10) == Kind::cut);
  CHECK(cut_at(39) == Kind::cut);
  REQUIRE(cut_at(41) == Kind::segment);
  CHECK(segment.payload.size() == 1);
  CHECK(segment.size == 2);
  CHECK(kind_of(Link::raw, {0x45, 0, 0}) == Kind::malformed);
  CHECK(kind_of(Link::raw, {0x70}) == Kind::malformed);
  CHECK(kind_of(Link::raw, ip4(6, Frame{0x9c, 0x40, 0, 80, 0, 0, 0, 7, 0, 0, 0, 0, 0xf0, 0, 0, 0, 0, 0, 0, 0})) ==
        Kind::malformed);
}

TEST_CASE("pieces, other protocols and tunnels that are not read are told apart") {
  CHECK(kind_of(Link::raw, ip4(6, tcp, 0x2000)) == Kind::fragment);
  CHECK(kind_of(Link::raw, ip4(6, tcp, 0x0010)) == Kind::fragment);
  CHECK(kind_of(Link::raw, ip4(17, udp(53, {}), 0x2000)) == Kind::other);
  CHECK(kind_of(Link::raw, ip4(17, udp(4789, {}), 0x2000)) == Kind::fragment);
  CHECK(kind_of(Link::raw, ip4(17, udp(53, {}))) == Kind::other);
  CHECK(kind_of(Link::raw, ip4(47, {0, 0, 8, 0})) == Kind::tunnel);
  CHECK(kind_of(Link::ethernet, ethernet(0x8847, {0, 0, 1, 64})) == Kind::tunnel);
  CHECK(kind_of(Link::ethernet, ethernet(0x0806, Frame(28))) == Kind::other);
  CHECK(kind_of(Link::other, tcp) == Kind::other);
  Frame deep = ip4(6, tcp);
  for (int i = 0; i < 5; ++i) deep = ip4(4, deep);
  CHECK_MESSAGE(kind_of(Link::raw, deep) == Kind::tunnel, "not for ever");
}

TEST_CASE("addresses in words") {
  const std::uint8_t four[] = {192, 0, 2, 1};
  const std::uint8_t six[16] = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  CHECK(to_text(ip4_address(four)) == "192.0.2.1");
  CHECK(to_text(ip6_address(six)) == "2001:db8::1");
}

TEST_CASE("no bytes lead past their end") {
  CHECK(rc::check([](const Frame& noise) {
    for (Link link : {Link::ethernet, Link::null, Link::loop, Link::raw, Link::sll, Link::sll2}) {
      Segment segment;
      const Frame frame = noise;  // of exactly its size, so that the sanitiser sees a step beyond
      if (decode(link, frame, static_cast<std::uint32_t>(frame.size()), segment) == Kind::segment)
        RC_ASSERT(segment.payload.size() <= segment.size);
    }
  }));
}
