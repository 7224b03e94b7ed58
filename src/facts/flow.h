#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/host.h"
#include "core/place.h"
#include "facts/cipher_suite.h"

namespace wiretight {

enum class FlowProtocol {
  http,   // HTTP/1.x in the clear
  http2,  // HTTP/2 in the clear: the preface was seen, the contents are not decoded
  dax,    // the cleartext DAX protocol
  tls,
};

// "HTTP", "HTTP/2", "DAX", "TLS".
constexpr const char* to_text(FlowProtocol protocol) {
  switch (protocol) {
    case FlowProtocol::http:
      return "HTTP";
    case FlowProtocol::http2:
      return "HTTP/2";
    case FlowProtocol::dax:
      return "DAX";
    case FlowProtocol::tls:
      return "TLS";
  }
  return "";
}

struct NamedCount {
  std::string name = {};
  std::uint64_t count = 0;
  bool operator==(const NamedCount&) const = default;
};

// One outcome of TLS handshakes, and how often it was seen.
struct HandshakeOutcome {
  std::optional<ProtocolVersion> offered = {};  // the client's newest; none: the ClientHello was not captured
  std::optional<ProtocolVersion> version = {};  // none: the ServerHello was not captured
  std::string suite = {};                       // IANA name
  std::string group = {};                       // of the key exchange; empty where it is not visible
  bool post_quantum = false;                    // the group is a hybrid one with ML-KEM
  bool post_quantum_offered = false;            // by the client
  std::uint64_t count = 0;
  bool operator==(const HandshakeOutcome&) const = default;
};

// A TLS alert that was sent before encryption began.
struct AlertSeen {
  bool from_client = false;
  std::uint8_t description = 0;
  std::string name = {};     // "unknown_ca"
  std::string meaning = {};  // what it says about this connection, for people
  std::uint64_t count = 0;
  bool operator==(const AlertSeen&) const = default;
};

// Traffic with DynamoDB, Streams or DAX that happened: all connections of one client to one server that show the same
// name, service and access key. What was not seen is not told: counts are lower bounds.
struct Flow {
  std::string target = {};  // as the user named it
  std::string detector = "pcap";
  Place place = {};  // the first frame that shows it
  FlowProtocol protocol = FlowProtocol::http;
  std::string service = {};  // "dynamodb" "streams" "dax"
  std::string client = {};   // numeric addresses; empty where the capture shows one direction and no handshake
  std::string server = {};
  std::uint16_t port = 0;  // of the server
  std::string host = {};   // Host header, absolute form or TLS server name; lower case, without port
  Destination destination = Destination::unknown;
  std::string emulator = {};                // why it is taken for a local emulator's traffic; empty when it is not
  bool through_proxy = false;               // `server` is a proxy that was asked to go to `host`
  std::vector<std::string> signs = {};      // what says that this is DynamoDB, for people; two are certainty
  std::string key_id = {};                  // masked
  bool documentation_key = false;           // the key id is one of AWS's examples
  std::string region = {};                  // of the credential scope
  std::uint64_t session_tokens = 0;         // requests that carried one
  std::uint64_t basic_credentials = 0;      // requests with a user name and password, to the server or the proxy
  std::string user_agent = {};              // of the first request, sanitised
  std::vector<NamedCount> operations = {};  // most frequent first
  std::vector<std::string> tables = {};     // names in requests, at most 16
  std::uint64_t items_written = 0;          // in requests, whole or in part
  std::uint64_t items_returned = 0;         // in responses
  std::uint64_t requests = 0;
  std::uint64_t responses = 0;
  std::uint64_t request_bytes = 0;  // bodies, by their announced lengths
  std::uint64_t response_bytes = 0;
  std::vector<HandshakeOutcome> handshakes = {};
  std::vector<AlertSeen> alerts = {};
  std::uint64_t connections = 0;
  std::uint64_t first_frame = 0;
  std::uint64_t last_frame = 0;
  std::int64_t first_seen = 0;  // milliseconds since 1970, UTC
  std::int64_t last_seen = 0;

  // "db.example:80" or "192.0.2.1:80", brackets round an IPv6 literal: what the client meant to reach.
  std::string destination_text() const;
};

}  // namespace wiretight
