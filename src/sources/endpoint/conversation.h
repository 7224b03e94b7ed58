#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/hello/build.h"
#include "net/hello/check.h"
#include "net/hello/flight.h"
#include "sources/endpoint/lane.h"

namespace wiretight::endpoint {

// How a hand-built hello was answered.
enum class Reply {
  hello,        // a ServerHello that answers what was offered
  retry,        // a HelloRetryRequest for an offered group
  ssl2,         // an SSLv2 SERVER-HELLO with ciphers
  older,        // a ServerHello of a version below the one that was asked for: a clear no to that
  alert,        // refused with an alert (or an SSLv2 error): a clear no
  closed,       // closed or reset without a word: inconclusive
  silent,       // nothing within the deadline
  not_tls,      // other bytes
  violation,    // an answer that breaks the protocol or was not offered
  unreachable,  // no connection
  not_asked,    // the budget was used up
};

// A clear no: the server read the hello and declined.
constexpr bool is_refusal(Reply reply) {
  return reply == Reply::alert || reply == Reply::older || reply == Reply::violation;
}
// Neither yes nor no, taken by itself.
constexpr bool is_inconclusive(Reply reply) {
  return reply == Reply::closed || reply == Reply::silent || reply == Reply::unreachable || reply == Reply::not_asked;
}

struct Answer {
  Reply reply = Reply::not_asked;
  tls::Flight flight = tls::Flight(tls::Until::server_hello_done);  // what was read, for its accessors
  std::string trouble = {};                                         // of violation and unreachable
  bool settled = false;  // closing or hanging was shown to be how this server says no
  bool accepted() const { return reply == Reply::hello || reply == Reply::retry; }
  bool refused() const { return settled || is_refusal(reply); }
};

// One connection that begins with a hand-built hello and may go on with payloads of our making.
class Conversation {
 public:
  Conversation(Lane& lane, std::uint16_t port) : lane_(lane), port_(port), socket_(lane.wire().io) {}
  ~Conversation() { net::hang_up(socket_); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // Connects, sends the hello and reads until the flight's event. Nothing is judged by the spec yet.
  net::Task<Reply> open(tls::Bytes hello, tls::Until until);
  // Sends more bytes; false when the peer is gone.
  net::Task<bool> send(tls::Bytes bytes);
  // Reads until the next event of the flight or for `patience`.
  net::Task<Reply> read(tls::Until until, net::Clock::duration patience);

  tls::Flight& flight() { return flight_; }
  const std::string& trouble() const { return trouble_; }

 private:
  net::Task<Reply> read_flight(net::Clock::time_point deadline);
  Reply reply_of(const tls::Progress& progress);

  Lane& lane_;
  std::uint16_t port_;
  std::optional<Lane::Seat> seat_;
  net::Socket socket_;
  tls::Flight flight_ = tls::Flight(tls::Until::server_hello_done);
  std::string trouble_;
};

// What came back to a payload, in words that can be compared: "alert 20", "closed", "silence".
std::string outcome_of(Reply reply, const tls::Flight& flight);

// Sends `spec` (made random first) on a connection of its own, reads the answer, judges it by the spec.
net::Task<Answer> ask(Lane& lane, std::uint16_t port, tls::HelloSpec& spec,
                      tls::Until until = tls::Until::server_hello_done);
// The same for an SSLv2 hello.
net::Task<Answer> ask(Lane& lane, std::uint16_t port, const tls::Ssl2Hello& hello);

}  // namespace wiretight::endpoint
