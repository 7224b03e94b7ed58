#include "sources/capture/packet_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "core/digest.h"
#include "sources/gunzip.h"

// pcap: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html
// pcapng: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
namespace wiretight::capture {
namespace {

// libpcap takes no longer packet either (MAXIMUM_SNAPLEN).
constexpr std::uint32_t longest_packet = 256 * 1024;
// Blocks that are held as a whole; longer ones are passed over, whatever they hold.
constexpr std::uint32_t longest_block = longest_packet + 64 * 1024;
constexpr std::size_t most_interfaces = 4096;  // of one section

constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1, obsolete_packet = 2, simple_packet = 3,
                        interface_statistics = 5, enhanced_packet = 6;

constexpr std::uint32_t pcap_micro = 0xa1b2c3d4, pcap_nano = 0xa1b23c4d;

std::uint32_t big32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 |
         static_cast<std::uint32_t>(at[2]) << 8 | at[3];
}

bool is_pcap(std::uint32_t magic) {
  return magic == pcap_micro || magic == pcap_nano || magic == std::byteswap(pcap_micro) ||
         magic == std::byteswap(pcap_nano);
}

}  // namespace

std::int64_t Clock::milliseconds(std::uint64_t stamp) const {
  const std::uint64_t whole = stamp / ticks_a_second;
  const double part = static_cast<double>(stamp % ticks_a_second) / static_cast<double>(ticks_a_second);
  // No clock of a capture is this far off; a damaged one must not overflow.
  constexpr std::uint64_t most = 1ULL << 40;
  const auto seconds = static_cast<std::int64_t>(std::min(whole, most)) +
                       std::clamp(offset, -static_cast<std::int64_t>(most), static_cast<std::int64_t>(most));
  return seconds * 1000 + std::min<std::int64_t>(static_cast<std::int64_t>(part * 1000), 999);
}

Magic magic_of(Bytes first) {
  if (is_gzip(first)) return Magic::gzip;
  if (first.size() < 4) return Magic::none;
  const std::uint32_t magic = big32(first.data());
  if (is_pcap(magic)) return Magic::pcap;
  if (magic != section_header || first.size() < 12) return Magic::none;
  const std::uint32_t order = big32(first.data() + 8);
  return order == 0x1a2b3c4d || order == 0x4d3c2b1a ? Magic::pcapng : Magic::none;
}

std::uint16_t PacketFile::load16(const std::uint8_t* at) const {
  return static_cast<std::uint16_t>(big_endian_ ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

std::uint32_t PacketFile::load32(const std::uint8_t* at) const {
  std::uint32_t value = 0;
  std::memcpy(&value, at, 4);
  return big_endian_ == (std::endian::native == std::endian::big) ? value : std::byteswap(value);
}

bool PacketFile::fail(std::string what) {
  problem_ = input_.problem().value_or(std::move(what));
  return false;
}

bool PacketFile::end_early(std::string_view in_what) {
  return fail(fmt::format("cut off in the middle of {} at byte {}", in_what, input_.offset()));
}

Outcome<PacketFile> PacketFile::begin(Input input) {
  PacketFile file(std::move(input));
  const Bytes first = file.input_.peek(28);
  if (first.empty() && !file.input_.problem())
    return failure(file.input_.is_compressed() ? "holds nothing but an empty gzip file" : "is empty");
  switch (magic_of(first)) {
    case Magic::pcap:
      if (!file.begin_classic()) return failure(*file.problem_);
      return file;
    case Magic::pcapng:
      file.classic_ = false;
      return file;
    case Magic::gzip:
    case Magic::none:
      break;
  }
  if (file.input_.problem()) return failure(*file.input_.problem());
  const Bytes shown = first.first(std::min<std::size_t>(4, first.size()));
  return failure(fmt::format("is no capture: it begins with the bytes {}{}",
                             hex({reinterpret_cast<const char*>(shown.data()), shown.size()}),
                             file.input_.is_compressed() ? " when decompressed" : ""));
}

bool PacketFile::begin_classic() {
  const Bytes header = input_.peek(24);
  if (header.size() < 24) return end_early("the file's header");
  const std::uint32_t magic = big32(header.data());
  big_endian_ = magic == pcap_micro || magic == pcap_nano;
  const bool nano = magic == pcap_nano || magic == std::byteswap(pcap_nano);
  if (const std::uint16_t version = load16(header.data() + 4); version != 2)
    return fail(fmt::format("pcap of version {}, which is not read", version));
  Interface only{.snap_length = load32(header.data() + 16)};
  // The upper bits tell of frame check sequences, which the lengths of IP leave out anyway.
  only.link_number = load32(header.data() + 20) & 0x03ffffff;
  only.link = packet::link_of(only.link_number);
  only.clock.ticks_a_second = nano ? 1'000'000'000 : 1'000'000;
  interfaces_.push_back(only);
  input_.skip(24);
  return true;
}

bool PacketFile::next_classic(Packet& packet) {
  Bytes record = input_.peek(16);
  if (record.size() < 16) {
    if (!record.empty()) return end_early("a packet's header");
    if (input_.problem()) fail({});
    return false;
  }
  const std::uint32_t seconds = load32(record.data()), part = load32(record.data() + 4);
  const std::uint32_t captured = load32(record.data() + 8);
  packet.on_wire = load32(record.data() + 12);
  if (captured > longest_packet)
    return fail(fmt::format("damaged at byte {}: a packet of {} bytes", input_.offset(), captured));
  record = input_.peek(16 + captured);
  if (record.size() < 16 + captured) return end_early("a packet");
  const Interface& only = interfaces_.front();
  packet.bytes = record.subspan(16, captured);
  packet.link = only.link;
  packet.link_number = only.link_number;
  packet.clock = only.clock;
  packet.offset = input_.offset();
  packet.stamp = seconds * only.clock.ticks_a_second + part;
  input_.skip(16 + captured);
  return true;
}

bool PacketFile::next_block(Packet& packet) {
  for (;;) {
    const Bytes head = input_.peek(12);
    if (head.size() < 12) {
      if (!head.empty()) return end_early("a block's header");
      if (input_.problem()) fail({});
      return false;
    }
    // Its type reads the same in both byte orders, and the order of the rest is in it.
    if (big32(head.data()) == section_header) {
      if (!begin_section()) return false;
      continue;
    }
    const std::uint32_t type = load32(head.data()), length = load32(head.data() + 4);
    if (length < 12 || length % 4 != 0)
      return fail(fmt::format("damaged at byte {}: a block of {} bytes", input_.offset(), length));
    const bool wanted = type == interface_description || type == obsolete_packet || type == simple_packet ||
                        type == interface_statistics || type == enhanced_packet;
    if (!wanted || length > longest_block) {
      if (wanted && type != interface_statistics)
        return fail(fmt::format("damaged at byte {}: a block of {} bytes", input_.offset(), length));
      if (!pass(length)) return false;
      continue;
    }
    const Bytes block = input_.peek(length);
    if (block.size() < length) return end_early("a block");
    if (load32(block.data() + length - 4) != length)
      return fail(fmt::format("damaged at byte {}: a block whose two lengths differ", input_.offset()));
    const Bytes body = block.subspan(8, length - 12);
    bool is_packet = false;
    switch (type) {
      case interface_description:
        add_interface(body);
        break;
      case interface_statistics:
        read_statistics(body);
        break;
      case simple_packet:
        is_packet = read_simple(body, packet);
        break;
      default:
        is_packet = read_enhanced(body, packet, type == obsolete_packet);
        break;
    }
    if (problem_) return false;
    packet.offset = input_.offset();
    input_.skip(length);
    if (is_packet) return true;
  }
}

bool PacketFile::begin_section() {
  const Bytes head = input_.peek(28);
  if (head.size() < 28) return end_early("a section's header");
  const std::uint32_t order = big32(head.data() + 8);
  if (order != 0x1a2b3c4d && order != 0x4d3c2b1a)
    return fail(fmt::format("damaged at byte {}: a section of an unknown byte order", input_.offset()));
  big_endian_ = order == 0x1a2b3c4d;
  if (const std::uint16_t version = load16(head.data() + 12); version != 1)
    return fail(fmt::format("pcapng of version {} at byte {}, which is not read", version, input_.offset()));
  const std::uint32_t length = load32(head.data() + 4);
  if (length < 28 || length % 4 != 0)
    return fail(fmt::format("damaged at byte {}: a block of {} bytes", input_.offset(), length));
  interfaces_.clear();
  return pass(length);
}

bool PacketFile::pass(std::uint32_t length) {
  const std::uint64_t start = input_.offset();
  if (!input_.skip_far(length - 4)) return end_early("a block");
  const Bytes trailer = input_.peek(4);
  if (trailer.size() < 4) return end_early("a block");
  if (load32(trailer.data()) != length)
    return fail(fmt::format("damaged at byte {}: a block whose two lengths differ", start));
  input_.skip(4);
  return true;
}

void PacketFile::add_interface(Bytes body) {
  if (body.size() < 8 || interfaces_.size() == most_interfaces) {
    fail(fmt::format("damaged at byte {}: an interface that cannot be", input_.offset()));
    return;
  }
  Interface added{.link_number = load16(body.data()), .snap_length = load32(body.data() + 4)};
  added.link = packet::link_of(added.link_number);
  constexpr std::uint16_t resolution = 9, offset = 14;
  for (Bytes options = body.subspan(8); options.size() >= 4;) {
    const std::uint16_t code = load16(options.data()), size = load16(options.data() + 2);
    const std::size_t padded = 4 + (std::size_t{size} + 3) / 4 * 4;
    if (code == 0 || padded > options.size()) break;
    const std::uint8_t* value = options.data() + 4;
    if (code == resolution && size == 1) {
      const unsigned exponent = value[0] & 0x7f;
      if ((value[0] & 0x80) != 0) {
        added.clock.ticks_a_second = 1ULL << std::min(exponent, 63U);
      } else {
        added.clock.ticks_a_second = 1;
        for (unsigned i = 0; i < std::min(exponent, 19U); ++i) added.clock.ticks_a_second *= 10;
      }
    } else if (code == offset && size == 8) {
      const std::uint64_t first = load32(value), second = load32(value + 4);
      added.clock.offset = static_cast<std::int64_t>(big_endian_ ? first << 32 | second : second << 32 | first);
    }
    options = options.subspan(padded);
  }
  interfaces_.push_back(added);
}

// Each block has the count since the beginning, so that the last one of an interface stands for all of them.
void PacketFile::read_statistics(Bytes body) {
  if (body.size() < 12) return;
  const std::uint32_t number = load32(body.data());
  if (number >= interfaces_.size()) return;
  constexpr std::uint16_t by_interface = 5, by_system = 7;
  std::uint64_t lost = 0;
  for (Bytes options = body.subspan(12); options.size() >= 4;) {
    const std::uint16_t code = load16(options.data()), size = load16(options.data() + 2);
    const std::size_t padded = 4 + (std::size_t{size} + 3) / 4 * 4;
    if (code == 0 || padded > options.size()) break;
    if ((code == by_interface || code == by_system) && size == 8) {
      const std::uint64_t first = load32(options.data() + 4), second = load32(options.data() + 8);
      lost = std::max(lost, big_endian_ ? first << 32 | second : second << 32 | first);
    }
    options = options.subspan(padded);
  }
  Interface& interface = interfaces_[number];
  if (lost <= interface.dropped) return;
  dropped_ += lost - interface.dropped;
  interface.dropped = lost;
}

bool PacketFile::read_enhanced(Bytes body, Packet& packet, bool obsolete) {
  if (body.size() < 20) return fail(fmt::format("damaged at byte {}: a packet without a header", input_.offset()));
  const std::uint32_t number = obsolete ? load16(body.data()) : load32(body.data());
  const std::uint32_t captured = load32(body.data() + 12);
  if (number >= interfaces_.size())
    return fail(fmt::format("damaged at byte {}: a packet of an interface that is not described", input_.offset()));
  if (captured > body.size() - 20)
    return fail(fmt::format("damaged at byte {}: a packet longer than its block", input_.offset()));
  const Interface& interface = interfaces_[number];
  packet.bytes = body.subspan(20, captured);
  packet.on_wire = load32(body.data() + 16);
  packet.link = interface.link;
  packet.link_number = interface.link_number;
  packet.clock = interface.clock;
  packet.stamp = static_cast<std::uint64_t>(load32(body.data() + 4)) << 32 | load32(body.data() + 8);
  return true;
}

bool PacketFile::read_simple(Bytes body, Packet& packet) {
  if (body.size() < 4 || interfaces_.empty())
    return fail(fmt::format("damaged at byte {}: a packet without a header or interface", input_.offset()));
  const Interface& interface = interfaces_.front();
  packet.on_wire = load32(body.data());
  std::size_t captured = std::min<std::size_t>(packet.on_wire, body.size() - 4);
  if (interface.snap_length != 0) captured = std::min<std::size_t>(captured, interface.snap_length);
  packet.bytes = body.subspan(4, captured);
  packet.link = interface.link;
  packet.link_number = interface.link_number;
  packet.clock = interface.clock;
  packet.stamp = 0;
  return true;
}

}  // namespace wiretight::capture
