#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/flow.h"
#include "net/hello/flight.h"

namespace wiretight::capture {

using Bytes = std::span<const std::uint8_t>;

// What an alert says about the connection that it ended, for people.
std::string_view alert_meaning(std::uint8_t description, bool from_client);

// One TLS connection as far as it is readable: hellos, certificates up to TLS 1.2, alerts before encryption. Reads both
// directions, each in order, whichever comes first.
class TlsWatch {
 public:
  // As stream::Assembly asks its readers.
  std::uint64_t read_client(Bytes bytes);
  std::uint64_t read_server(Bytes bytes);

  bool saw_client_hello() const { return client_.state() == tls::ClientFlight::State::done; }
  // The name asked for, lower case, fit to be shown; empty without one.
  const std::string& server_name() const { return server_name_; }
  bool hides_name() const { return hides_name_; }
  bool offers_post_quantum() const { return offers_post_quantum_; }
  // Nothing more will be learnt from this direction.
  bool client_is_over() const { return client_over_; }
  bool server_is_over() const { return server_over_; }
  const tls::Flight& server() const { return server_; }
  HandshakeOutcome outcome() const;
  // The first name of the server's certificate that is DynamoDB's, Streams' or DAX's; empty when there is none, or no
  // certificate is readable.
  std::string name_in_certificate() const;
  const std::vector<AlertSeen>& alerts() const { return alerts_; }
  // Memory that the two flights hold at most.
  std::size_t held() const { return held_; }

 private:
  std::uint64_t read_hello(Bytes bytes);
  std::uint64_t end_client();
  void add_alert(bool from_client, std::uint8_t description);

  tls::ClientFlight client_ = {};
  tls::Flight server_{tls::Until::server_hello_done};
  std::string server_name_ = {};
  bool hides_name_ = false;
  bool offers_post_quantum_ = false;
  std::optional<ProtocolVersion> offered_ = {};
  bool client_over_ = false;
  bool server_over_ = false;
  int client_records_ = 0;
  std::size_t held_ = 0;
  std::vector<AlertSeen> alerts_ = {};
};

}  // namespace wiretight::capture
