#include "sources/capture/capture.h"

#include <doctest/doctest.h>
#include <string>

#include "sources/capture/frames.h"

using namespace wiretight;
namespace made = wiretight::capture::frames;

namespace {

constexpr std::uint32_t client = 0x0a000005, server = 0x345e000a;

std::string request(const std::string& table = "Music") {
  const std::string body = R"({"TableName":")" + table + R"(","Item":{"id":{"S":"secret-item"}}})";
  return "POST / HTTP/1.1\r\nHost: dynamodb.eu-west-1.amazonaws.com\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\n"
         "X-Amz-Security-Token: secret-token\r\nAuthorization: AWS4-HMAC-SHA256 "
         "Credential=ASIA0123456789ABCDEF/20261124/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, "
         "Signature=00\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

// A connection from its SYN on.
struct Talk {
  std::vector<made::Frame> frames = {};
  std::uint32_t next = 101;
  std::uint16_t port = 40000;
  std::uint16_t server_port = 80;

  void syn() { add(100, 0x02, {}); }
  void add(std::uint32_t sequence, std::uint8_t flags, std::string_view payload) {
    frames.push_back(made::ethernet({.source = client,
                                     .destination = server,
                                     .source_port = port,
                                     .destination_port = server_port,
                                     .sequence = sequence,
                                     .flags = flags,
                                     .payload = payload}));
  }
  void say(const std::string& text, std::size_t piece = 1460) {
    for (std::size_t at = 0; at < text.size(); at += piece) {
      const std::string part = text.substr(at, piece);
      add(next, 0x18, part);
      next += static_cast<std::uint32_t>(part.size());
    }
  }
};

Reading read(const std::vector<made::Frame>& packets, const capture::Request& ask = {}) {
  const made::Frame bytes = made::pcap(packets);
  return capture::read(capture::Input::of(bytes), "dump.pcap", ask);
}

}  // namespace

TEST_CASE("a request in the clear becomes a flow, and none of its secrets with it") {
  Talk talk;
  talk.syn();
  talk.say(request());
  const Reading reading = read(talk.frames);
  CHECK(reading.facts.gaps.empty());
  REQUIRE(reading.facts.flows.size() == 1);
  const Flow& flow = reading.facts.flows[0];
  CHECK(flow.client == "10.0.0.5");
  CHECK(flow.server == "52.94.0.10");
  CHECK(flow.port == 80);
  CHECK(flow.destination == Destination::aws_dynamodb);
  CHECK(flow.key_id == "ASIA…CDEF");
  CHECK(flow.session_tokens == 1);
  CHECK(flow.items_written == 1);
  CHECK(flow.tables == std::vector<std::string>{"Music"});
  CHECK(flow.operations == std::vector<NamedCount>{{.name = "PutItem", .count = 1}});
  CHECK(flow.signs.size() == 2);
  CHECK(to_text(flow.place) == "dump.pcap frame 2");
  CHECK(reading.statistics.find("packets")->dump() == "2");
  CHECK(reading.statistics.find("flows")->dump() == "1");
}

TEST_CASE("segments of one byte, backwards, and twice with other contents change nothing") {
  const std::string text = request();
  Talk talk;
  talk.syn();
  for (std::size_t end = text.size(); end > 0; end -= std::min<std::size_t>(end, 30)) {
    const std::size_t start = end - std::min<std::size_t>(end, 30);
    talk.add(101 + static_cast<std::uint32_t>(start), 0x18, text.substr(start, end - start));
  }
  talk.add(101, 0x18, std::string(30, 'Z'));
  const Reading reading = read(talk.frames);
  REQUIRE(reading.facts.flows.size() == 1);
  CHECK(reading.facts.flows[0].requests == 1);
  CHECK(reading.facts.gaps.empty());
}

TEST_CASE("a hole where the key was is a gap, and what is left still tells") {
  const std::string text = request();
  const std::size_t hole = text.find("Credential=");
  Talk talk;
  talk.syn();
  talk.say(text.substr(0, hole));
  talk.next += 10;
  talk.say(text.substr(hole + 10));
  const Reading reading = read(talk.frames);
  REQUIRE(reading.facts.flows.size() == 1);
  CHECK(reading.facts.flows[0].key_id.empty());
  CHECK(reading.facts.flows[0].operations.size() == 1);
  REQUIRE(reading.facts.gaps.size() == 1);
  CHECK(reading.facts.gaps[0].message == "packets are missing where they were needed, once");
}

TEST_CASE("ports that are used again are another connection") {
  Talk talk;
  talk.syn();
  talk.say(request());
  talk.next = 900'001;
  talk.add(900'000, 0x02, {});
  talk.say(request("Other"));
  const Reading reading = read(talk.frames);
  CHECK(reading.statistics.find("flows")->dump() == "2");
  REQUIRE(reading.facts.flows.size() == 1);
  CHECK(reading.facts.flows[0].connections == 2);
  CHECK(reading.facts.flows[0].tables == std::vector<std::string>{"Music", "Other"});
}

TEST_CASE("more connections than are followed: those that were silent are told, not lost") {
  std::vector<made::Frame> packets;
  for (std::uint16_t port = 1000; port < 1050; ++port) {
    Talk talk{.port = port};
    talk.syn();
    talk.say(request());
    packets.insert(packets.end(), talk.frames.begin(), talk.frames.end());
  }
  const Reading reading = read(packets, {.connections = 8});
  REQUIRE(reading.facts.flows.size() == 1);
  CHECK(reading.facts.flows[0].requests == 50);
  REQUIRE(reading.facts.gaps.size() == 1);
  CHECK(reading.facts.gaps[0].message.contains("42 connections no longer followed"));
}

TEST_CASE("other traffic is silence") {
  Talk talk;
  talk.syn();
  talk.say("GET / HTTP/1.1\r\nHost: www.example\r\nCookie: DynamoDB_20120810.GetItem\r\n\r\n");
  Talk noise{.port = 2};
  noise.syn();
  noise.say(std::string(5000, '\x17'));
  talk.frames.insert(talk.frames.end(), noise.frames.begin(), noise.frames.end());
  const Reading reading = read(talk.frames);
  CHECK(reading.facts.flows.empty());
  CHECK(reading.facts.gaps.empty());
}

TEST_CASE("an interruption is a gap") {
  std::atomic<bool> interrupted = true;
  std::vector<made::Frame> packets(5000, made::ethernet({.payload = "x"}));
  const Reading reading = read(packets, {.interrupted = &interrupted});
  REQUIRE(reading.facts.gaps.size() == 1);
  CHECK(reading.facts.gaps[0].message == "interrupted after 4096 packets");
}

TEST_CASE("link types that are not read, and fragments, are gaps") {
  const made::Frame bytes = made::pcap({made::Frame(60)}, 105);
  const Reading wireless = capture::read(capture::Input::of(bytes), "dump.pcap", {});
  REQUIRE(wireless.facts.gaps.size() == 1);
  CHECK(wireless.facts.gaps[0].message == "1 packet of link type 105, which is not read");
  made::Frame piece = made::ip4({.payload = "x"});
  piece[6] = 0x20;
  const Reading fragments = read({made::ethernet(0x0800, piece)});
  REQUIRE(fragments.facts.gaps.size() == 1);
  CHECK(fragments.facts.gaps[0].message.contains("the first is frame 1"));
}
