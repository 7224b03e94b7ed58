#include "sources/capture/capture.h"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <random>

#include "core/prose.h"
#include "core/text.h"
#include "net/packet/decode.h"
#include "net/stream/flow_table.h"
#include "sources/capture/conversation.h"
#include "sources/capture/packet_file.h"

namespace wiretight::capture {
namespace {

// What was met on the way that is not traffic.
struct Oddities {
  std::uint64_t fragments = 0;
  std::uint64_t first_fragment = 0;  // a frame
  std::uint64_t tunnels = 0;
  std::uint64_t cut_headers = 0;
  std::uint64_t malformed = 0;
  std::uint64_t put_aside = 0;
  std::map<std::uint32_t, std::uint64_t> strange_links = {};  // by number, packets
};

class Capture {
 public:
  Capture(const std::string& target, const Request& request, PacketFile file)
      : target_(target),
        request_(request),
        file_(std::move(file)),
        scene_(target),
        table_(request.connections, std::random_device()()) {}

  void run() {
    Packet packet;
    packet::Segment segment;
    while (file_.next(packet)) {
      ++scene_.frame;
      take(packet, segment);
      if (scene_.frame % 4096 == 0 && request_.interrupted != nullptr && *request_.interrupted) {
        interrupted_ = true;
        break;
      }
    }
    table_.each([&](const stream::FlowKey& key, Conversation& conversation) { conversation.finish(key, scene_); });
  }

  Reading reading(std::int64_t milliseconds);

 private:
  void take(const Packet& packet, packet::Segment& segment) {
    switch (packet::decode(packet.link, packet.bytes, packet.on_wire, segment)) {
      case packet::Kind::segment:
        return take(packet, std::as_const(segment));
      case packet::Kind::other:
        if (packet.link == packet::Link::other) ++oddities_.strange_links[packet.link_number];
        return;
      case packet::Kind::tunnel:
        ++oddities_.tunnels;
        return;
      case packet::Kind::fragment:
        if (oddities_.fragments++ == 0) oddities_.first_fragment = scene_.frame;
        return;
      case packet::Kind::cut:
        ++oddities_.cut_headers;
        return;
      case packet::Kind::malformed:
        ++oddities_.malformed;
        return;
    }
  }

  void take(const Packet& packet, const packet::Segment& segment) {
    const auto [key, side] = stream::directed(segment);
    const auto put_aside = [&](const stream::FlowKey& old, Conversation& conversation) {
      ++oddities_.put_aside;
      conversation.finish(old, scene_);
    };
    Conversation& conversation = table_.find(key, [&] { return Conversation(scene_.counts.connections++); }, put_aside);
    if (conversation.is_replaced_by(segment, side)) {
      conversation.finish(key, scene_);
      conversation = Conversation(scene_.counts.connections++);
    }
    scene_.offset = packet.offset;
    scene_.packet = &packet;
    conversation.take(key, segment, side, scene_);
  }

  void add_gaps(Reading& reading) const;
  void add_lines(Reading& reading, const Tally::Result& result) const;

  const std::string& target_;
  const Request& request_;
  PacketFile file_;
  Scene scene_;
  stream::FlowTable<Conversation> table_;
  Oddities oddities_ = {};
  bool interrupted_ = false;
};

void Capture::add_gaps(Reading& reading) const {
  const auto gap = [&](std::string message) {
    reading.facts.gaps.push_back({.target = target_, .place = target_, .message = std::move(message)});
  };
  const Counts& counts = scene_.counts;
  if (file_.problem()) gap(*file_.problem());
  if (scene_.frame == 0 && !file_.problem()) gap("holds no packet, so nothing is known of any traffic");
  if (interrupted_) gap(fmt::format("interrupted after {}", count_of(scene_.frame, "packet")));
  for (const auto& [number, packets] : oddities_.strange_links)
    gap(fmt::format("{} of link type {}, which is not read", count_of(packets, "packet"), number));
  if (oddities_.tunnels > 0)
    gap(fmt::format("{} of tunnels that are not read (GRE, MPLS, PPPoE, or more than four within each other)",
                    count_of(oddities_.tunnels, "packet")));
  if (oddities_.fragments > 0)
    gap(fmt::format(
        "{} of IP packets, which are not put together: what they carry was not seen (the first is frame {})",
        count_of(oddities_.fragments, "fragment"), oddities_.first_fragment));
  if (oddities_.cut_headers > 0)
    gap(fmt::format("{} cut so short by the snap length that the headers are missing",
                    count_of(oddities_.cut_headers, "packet")));
  if (counts.cut > 0)
    gap(fmt::format("the snap length cut off what would have been read, {}: capture whole packets (tcpdump -s 0)",
                    counts.cut == 1 ? "once" : fmt::format("{} times", counts.cut)));
  if (counts.lost > 0)
    gap(fmt::format("packets are missing where they were needed, {}",
                    counts.lost == 1 ? "once" : fmt::format("{} times", counts.lost)));
  if (file_.dropped() > 0)
    gap(fmt::format("{} lost while capturing, by its own account: what was in them is not known",
                    count_of(file_.dropped(), "packet")));
  if (counts.too_long > 0)
    gap(fmt::format("headers longer than 64 KB, or too many unfinished ones at once: {} not read to the end",
                    count_of(counts.too_long, "connection")));
  if (oddities_.put_aside > 0)
    gap(fmt::format("{} no longer followed because too many went on at the same time",
                    count_of(oddities_.put_aside, "connection")));
}

void Capture::add_lines(Reading& reading, const Tally::Result& result) const {
  const Counts& counts = scene_.counts;
  std::string line = fmt::format("{}, {}", count_of(scene_.frame, "packet"), count_of(counts.connections, "TCP flow"));
  if (counts.handshakes > 0)
    line += fmt::format(", {}; {} of them to DynamoDB names", count_of(counts.handshakes, "TLS handshake"),
                        counts.dynamodb_handshakes);
  reading.looked_at.push_back(std::move(line));
  if (counts.begun_before > 0)
    reading.looked_at.push_back(
        fmt::format("{} of TLS had begun before the capture did: names and versions are unknown",
                    count_of(counts.begun_before, "flow")));
  if (counts.hidden_names > 0)
    reading.looked_at.push_back(fmt::format("{} with an encrypted ClientHello (ECH), which may hide another name",
                                            count_of(counts.hidden_names, "handshake")));
  if (result.http2_elsewhere > 0)
    reading.looked_at.push_back(
        fmt::format("{} of HTTP/2 in the clear, to servers that nothing here shows to be "
                    "DynamoDB; contents are not decoded",
                    count_of(result.http2_elsewhere, "flow")));
  if (oddities_.malformed > 0)
    reading.looked_at.push_back(
        fmt::format("{} with headers that contradict themselves", count_of(oddities_.malformed, "packet")));
  for (const Flow& flow : result.flows)
    for (const AlertSeen& alert : flow.alerts)
      reading.looked_at.push_back(fmt::format(
          "{}: the {} sent the alert {} ({}), {}: {}", flow.destination_text(), alert.from_client ? "client" : "server",
          alert.name.empty() ? "without a name" : alert.name, alert.description,
          alert.count == 1 ? "once" : fmt::format("{} times", alert.count), alert.meaning));
  std::uint64_t emulated = 0;
  for (const Flow& flow : result.flows) emulated += flow.emulator.empty() ? 0 : flow.connections;
  if (emulated > 0)
    reading.looked_at.push_back(
        fmt::format("{} with local emulators, which are no findings", count_of(emulated, "flow")));
}

Reading Capture::reading(std::int64_t milliseconds) {
  Reading reading{.target = target_};
  Tally::Result result = scene_.tally.result(target_);
  add_gaps(reading);
  if (result.overflowed > 0)
    reading.facts.gaps.push_back({.target = target_,
                                  .place = target_,
                                  .message = fmt::format("more than 4,096 different flows: {} not told apart",
                                                         count_of(result.overflowed, "connection"))});
  add_lines(reading, result);
  reading.failed = scene_.frame == 0 && !reading.facts.gaps.empty();
  reading.facts.flows = std::move(result.flows);
  reading.facts.listeners = std::move(result.listeners);
  reading.statistics = Json::object({{"bytes", file_.input().bytes_read()},
                                     {"milliseconds", milliseconds},
                                     {"packets", scene_.frame},
                                     {"flows", scene_.counts.connections},
                                     {"dropped", file_.dropped()}});
  return reading;
}

// The reading of a file of which nothing can be read.
Reading nothing_of(const std::string& target, const Problem& problem) {
  Reading reading{.target = target, .failed = true};
  reading.facts.gaps.push_back({.target = target, .place = target, .message = problem.what});
  return reading;
}

}  // namespace

Reading read(const std::string& target, const Request& request) {
  auto input = Input::open(target);
  return input ? read(std::move(*input), target, request) : nothing_of(target, input.error());
}

Reading read(Input input, const std::string& target, const Request& request) {
  using Watch = std::chrono::steady_clock;
  const auto began = Watch::now();
  auto file = PacketFile::begin(std::move(input));
  if (!file) return nothing_of(target, file.error());
  Capture capture(target, request, std::move(*file));
  capture.run();
  return capture.reading(std::chrono::duration_cast<std::chrono::milliseconds>(Watch::now() - began).count());
}

bool claims(const std::filesystem::path& path) {
  auto input = Input::open(path.string());
  return input && magic_of(input->peek(16)) >= Magic::pcap;
}

}  // namespace wiretight::capture
