#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "require.h"
#include "sources/capture/capture.h"
#include "sources/capture/frames.h"

// The bytes of one client and one server, which the recognisers of HTTP, TLS and DAX see in segments of any size.
// Beyond "no crash": how the same bytes of TLS or DAX are cut into segments does not matter, as long as none is
// missing. (HTTP that breaks its own rules is looked for again where a segment begins.)
namespace {

using namespace wiretight;
namespace frames = capture::frames;

// A line of two hyphens ends the turn of a side.
struct Turn {
  bool client = true;
  std::string_view bytes = {};
};
std::vector<Turn> turns_of(std::string_view bytes) {
  std::vector<Turn> turns;
  bool client = true;
  while (!bytes.empty()) {
    const std::size_t mark = bytes.find("\n--\n");
    turns.push_back({client, bytes.substr(0, mark)});
    if (mark == std::string_view::npos) break;
    bytes.remove_prefix(mark + 4);
    client = !client;
  }
  return turns;
}

Reading read(const std::vector<Turn>& turns, std::size_t piece) {
  std::vector<frames::Frame> packets;
  std::uint32_t next[2] = {1, 1};
  const auto add = [&](bool client, std::uint8_t flags, std::uint32_t sequence, std::string_view payload) {
    frames::Segment segment{.sequence = sequence, .flags = flags, .payload = payload};
    if (!client) {
      std::swap(segment.source, segment.destination);
      std::swap(segment.source_port, segment.destination_port);
    }
    packets.push_back(frames::ethernet(segment));
  };
  add(true, 0x02, 0, {});
  add(false, 0x12, 0, {});
  for (const Turn& turn : turns) {
    for (std::size_t at = 0; at < turn.bytes.size(); at += piece) {
      const std::string_view part = turn.bytes.substr(at, piece);
      add(turn.client, 0x18, next[turn.client ? 0 : 1], part);
      next[turn.client ? 0 : 1] += static_cast<std::uint32_t>(part.size());
    }
  }
  const frames::Frame file = frames::pcap(packets);
  return capture::read(capture::Input::of(file), "fuzz.pcap", {});
}

bool may_be_http(const Turn& turn) { return turn.bytes.empty() || (turn.bytes[0] >= 'A' && turn.bytes[0] <= 'Z'); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  const std::vector<Turn> turns = turns_of({reinterpret_cast<const char*>(data), size});
  const Reading whole = read(turns, 1400), pieces = read(turns, 1 + size % 13);
  if (std::ranges::any_of(turns, may_be_http)) return 0;
  require(whole.facts.flows.size() == pieces.facts.flows.size());
  for (std::size_t i = 0; i < whole.facts.flows.size(); ++i) {
    const Flow &one = whole.facts.flows[i], &other = pieces.facts.flows[i];
    require(one.host == other.host && one.key_id == other.key_id && one.protocol == other.protocol);
    require(one.requests == other.requests && one.responses == other.responses);
    require(one.operations == other.operations && one.tables == other.tables);
    require(one.items_written == other.items_written && one.items_returned == other.items_returned);
    require(one.handshakes == other.handshakes && one.alerts == other.alerts);
  }
  return 0;
}
