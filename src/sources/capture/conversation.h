#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/packet/decode.h"
#include "net/stream/assembly.h"
#include "net/stream/flow_table.h"
#include "sources/capture/dax.h"
#include "sources/capture/dynamodb.h"
#include "sources/capture/http_half.h"
#include "sources/capture/packet_file.h"
#include "sources/capture/tally.h"
#include "sources/capture/tls_watch.h"

namespace wiretight::capture {

// What conversations count while they go on.
struct Counts {
  std::uint64_t connections = 0;
  std::uint64_t handshakes = 0;  // of TLS, whoever they were with
  std::uint64_t dynamodb_handshakes = 0;
  std::uint64_t hidden_names = 0;  // encrypted ClientHellos
  std::uint64_t begun_before = 0;  // TLS that began before the capture did: nothing of it can be read
  std::uint64_t lost = 0;          // times that bytes were missing where they were needed
  std::uint64_t cut = 0;           // … because of the snap length
  std::uint64_t too_long = 0;      // … because of this program's limits
};

// The surroundings of all conversations of one capture.
struct Scene {
  explicit Scene(std::string capture) : file(std::move(capture)) {}

  std::string file = {};  // as the user named it
  stream::Budget budget{64 << 20};
  Tally tally = {};
  Counts counts = {};
  // The packet at hand.
  std::uint64_t frame = 0;
  std::uint64_t offset = 0;
  const Packet* packet = nullptr;
};

// One TCP connection: tells what it speaks, reads as much as shows DynamoDB in it, and ignores the rest.
class Conversation {
 public:
  Conversation() = default;
  explicit Conversation(std::uint64_t stream) : stream_(stream) {}

  // A SYN with another number than the one that began this: the ports are used again.
  bool is_replaced_by(const packet::Segment& segment, int side) const {
    constexpr std::uint8_t opening = packet::flag::syn | packet::flag::ack;
    const Half& half = halves_[static_cast<std::size_t>(side)];
    if ((segment.flags & opening) != packet::flag::syn) return false;
    return half.seen ? segment.sequence + 1 != half.first : over_;
  }
  void take(const stream::FlowKey& key, const packet::Segment& segment, int side, Scene& scene);
  // It is over, or no longer followed: what was seen goes to the tally.
  void finish(const stream::FlowKey& key, Scene& scene);

 private:
  friend struct Side;
  enum class Stage : std::uint8_t { first, http, tls, dax, over };
  struct Half {
    stream::Assembly assembly = {};
    std::uint32_t first = 0;  // sequence number of the first byte
    bool seen = false;
    bool from_beginning = false;  // its SYN was seen
    bool tunnel = false;          // a proxy only passes on what comes now
    Stage stage = Stage::first;
    HttpHalf http = {};
  };
  // What is only kept of conversations that are worth it.
  struct Evidence {
    std::vector<Sighting> sightings = {};
    Sighting responses = {};
    std::unique_ptr<TlsWatch> tls = {};
    std::unique_ptr<DaxClient> dax = {};
    Authority tunnel = {};   // of CONNECT
    std::size_t asking = 0;  // the sighting whose request has the body that is awaited
    std::size_t held = 0;    // of the budget, for TLS
  };

  Half& half(int side) { return halves_[static_cast<std::size_t>(side)]; }
  Evidence& evidence();
  // Nothing more is wanted of either direction.
  void retire(Scene& scene);

  std::uint64_t begin(int side, Bytes bytes, Scene& scene);
  std::uint64_t read_tls(int side, Bytes bytes, Scene& scene);
  std::uint64_t read_dax(Bytes bytes, Scene& scene);
  Body on_request(int side, const HttpHead& head, bool whole, Scene& scene);
  Body on_response(int side, const HttpHead& head, Scene& scene);
  void on_body(int side, Bytes beginning);
  Sighting& sighting_of(const DynamoRequest& request, Scene& scene);
  void touch(Sighting& sighting, Scene& scene) const;
  void count_lack(stream::Lack why, Scene& scene);
  void tell(const stream::FlowKey& key, Scene& scene);
  void tell_tls(const stream::FlowKey& key, Scene& scene);
  void tell_dax();
  void tell_responses();

  enum class Outstanding : std::uint8_t { ordinary, head, connect };
  void push_outstanding(Outstanding request);
  Outstanding pop_outstanding();

  std::array<Half, 2> halves_ = {};
  std::uint64_t stream_ = 0;
  std::unique_ptr<Evidence> evidence_ = {};
  std::uint64_t outstanding_ = 0;  // two bits a request that waits for its response, the oldest lowest
  std::uint8_t outstanding_count_ = 0;
  std::int8_t client_ = -1;  // the side that asks
  bool over_ = false;
};

}  // namespace wiretight::capture
