#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/deadlines.h"
#include "net/hello/version.h"
#include "net/http.h"

struct ssl_ctx_st;
struct ssl_session_st;

// Whole handshakes by OpenSSL, for what hand-built hellos cannot see: the certificates of TLS 1.3, what is answered
// inside TLS, tickets, resumption, early data, renegotiation. Nothing is verified here; certificates are judged by
// sources/certificate.
namespace wiretight::tls {

struct ContextEnd {
  void operator()(ssl_ctx_st* context) const;
};
struct SessionEnd {
  void operator()(ssl_session_st* session) const;
};
// What a later connection needs to resume this one; empty when there is nothing to resume with.
using Session = std::unique_ptr<ssl_session_st, SessionEnd>;

// OpenSSL's settings for all handshakes of one worker: TLS 1.0 to 1.3, every suite it has, security level 0, the
// system's openssl.cnf not read. About a millisecond to make; make one per worker. Must outlive its handshakes.
class Context {
 public:
  Context();
  ssl_ctx_st* native() const { return context_.get(); }

 private:
  std::unique_ptr<ssl_ctx_st, ContextEnd> context_;
};

struct HandshakeRequest {
  std::string server_name = {};            // empty: no SNI. Address literals are never sent.
  std::vector<std::string> alpn = {};      // "h2", "http/1.1"
  std::optional<Version> min = {};         // tls10 and up; unset: tls10
  std::optional<Version> max = {};         // unset: tls13
  std::string suites = {};                 // OpenSSL cipher list for up to TLS 1.2; empty: all
  std::string signature_schemes = {};      // OpenSSL list, "ECDSA+SHA256:RSA-PSS+SHA256"; empty: all
  bool want_staple = false;                // status_request
  std::vector<std::string> requests = {};  // HTTP requests, each sent after the answer to the one before
  bool want_ticket = false;                // keep the session; wait `patience` for a TLS 1.3 ticket
  bool offer_tickets = true;               // the session_ticket extension of TLS 1.2; without it sessions go by id
  ssl_session_st* resume = nullptr;        // of an earlier result; must outlive the await
  // An HTTP request sent as 0-RTT data where `resume` allows it. When it is accepted, its answer is the only one in
  // `replies`, and `requests` are not sent.
  std::string early_data = {};
  bool renegotiate = false;                        // try it after the handshake, up to TLS 1.2
  std::chrono::milliseconds patience{500};         // for what may never come: a ticket, a renegotiation's answer
  std::chrono::milliseconds reply_patience{2000};  // for the answers to `requests`, all together
};

enum class HandshakeEnd : std::uint8_t {
  completed,
  alert,   // the peer sent a fatal alert: see alert
  closed,  // the peer closed
  reset,
  timed_out,     // the deadline passed
  not_tls,       // the first bytes are no TLS record
  violation,     // the peer broke the protocol or a limit, or offered what OpenSSL cannot do: see why
  refused_here,  // OpenSSL would not even begin (a suite list it does not know …): see why
};
std::string_view to_text(HandshakeEnd end);

enum class Renegotiation : std::uint8_t {
  not_tried,
  completed,
  refused,  // no_renegotiation, or another alert
  closed,
  timed_out,  // no answer within `patience`
};
std::string_view to_text(Renegotiation outcome);

// What was seen up to where it ended: a handshake that fails late still shows its certificates.
struct HandshakeResult {
  HandshakeEnd end = HandshakeEnd::closed;
  std::string why = {};  // one sentence for people: "the server sent handshake_failure", no foreign bytes
  std::optional<std::uint8_t> alert = {};  // the last alert received, after the handshake too; close_notify aside
  bool completed() const { return end == HandshakeEnd::completed; }

  std::optional<Version> version = {};                // once a ServerHello came
  std::uint16_t suite = 0;                            // IANA number; find_suite() has the rest
  std::string alpn = {};                              // foreign bytes, one of those offered
  std::vector<std::vector<std::uint8_t>> chain = {};  // DER exactly as served, leaf first; at most limits::certificates
  std::vector<std::uint8_t> staple = {};              // DER of the OCSP response
  bool resumed = false;
  std::uint16_t group = 0;              // named group of the key exchange; 0 when none
  int key_exchange_bits = 0;            // of the server's ephemeral key
  std::uint16_t signature_scheme = 0;   // that the server signed with; 0 before TLS 1.2 and when nothing was signed
  bool secure_renegotiation = false;    // RFC 5746; always true in TLS 1.3
  bool extended_master_secret = false;  // always true in TLS 1.3
  bool client_certificate_requested = false;
  bool hello_retried = false;

  bool ticket_received = false;
  std::optional<std::uint32_t> ticket_lifetime = {};  // seconds, as the server said
  std::optional<std::uint32_t> max_early_data = {};   // bytes; 0 where a ticket allows none
  std::optional<bool> early_data_accepted = {};       // set when early data was sent
  Session session = {};                               // with want_ticket
  Renegotiation renegotiation = Renegotiation::not_tried;

  // For the tests of randomness.
  std::vector<std::uint8_t> server_random = {};
  std::vector<std::uint8_t> session_id = {};
  std::vector<std::uint8_t> key_share = {};  // the server's public value
  std::vector<std::uint8_t> ticket = {};     // the first one, its first 256 bytes

  std::vector<http::Response> replies = {};  // one a request, in order; fewer when the peer ended it early
  http::End reply_end = http::End::closed;   // how the HTTP conversation ended, when there were requests
  std::string reply_bytes = {};              // the first bytes when they were no HTTP: foreign bytes

  std::size_t sent = 0;  // bytes on the wire
  std::size_t received = 0;
  std::chrono::microseconds to_hello{0};       // from the ClientHello to the ServerHello
  std::chrono::microseconds to_completion{0};  // from the ClientHello to the end of the handshake
};

// Shakes hands over a connected socket and leaves it useless: close it. With `want_ticket` it is closed already, with a
// close_notify and not with a reset, which would make servers forget the session. All of it ends by `deadline`. The
// arguments must outlive the await. Costs about 0.3 ms of CPU with an ECDSA certificate.
boost::asio::awaitable<HandshakeResult> handshake(net::Deadlines& deadlines, boost::asio::ip::tcp::socket& socket,
                                                  const HandshakeRequest& request, net::Clock::time_point deadline,
                                                  Context& context);

}  // namespace wiretight::tls
