#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/deadlines.h"

// The client side of HTTP/1.1, no more of it than a prober needs: three fixed requests and a bounded reader of
// whatever comes back. Nothing is decompressed and no redirect is followed.
namespace wiretight::http {

namespace limits {
inline constexpr std::size_t head = 16 * 1024;  // status line and header fields, and likewise the trailer
inline constexpr std::size_t headers = 100;
inline constexpr std::size_t body = 64 * 1024;
inline constexpr std::size_t chunk_lines = 512 * 1024;  // of all chunks of a body
inline constexpr std::size_t interim = 4;               // 1xx responses before the real one
inline constexpr std::size_t first_bytes = 64;          // kept of a peer that does not speak HTTP
}  // namespace limits

// `authority` is what stands in Host: the name or literal (brackets round IPv6), with the port unless it is the
// scheme's default. No request carries credentials.

// A DynamoDB request for an operation that does not exist, so that no data can be read even from an open emulator
// (endpoints.md 6.4). `last` asks the server to close afterwards.
std::string dynamodb_probe(std::string_view authority, bool last = false);
// GET /, which DynamoDB answers with "healthy: …".
std::string get_root(std::string_view authority, bool last = true);
// OPTIONS * with `Upgrade: TLS/1.0` (RFC 2817; Opossum, CVE-2025-49812).
std::string upgrade_to_tls(std::string_view authority);

struct Header {
  std::string name = {};   // lower case
  std::string value = {};  // foreign bytes, trimmed; line folding undone
};

struct Response {
  int status = 0;
  int minor_version = 1;  // HTTP/1.x
  std::vector<Header> headers = {};
  std::string body = {};      // foreign bytes, transfer coding removed
  bool whole = false;         // the body came to its end by its own framing (or by close where that is the framing)
  bool body_cut_off = false;  // longer than limits::body: the rest was not read
  bool keeps_alive = false;   // another request may follow on the same connection

  // The first field of that lower-case name; empty when there is none.
  std::string_view header(std::string_view name) const;
  bool has(std::string_view name) const;
};

// Reads one response from bytes as they come, in any pieces. Memory is bounded by `limits`.
class ResponseReader {
 public:
  enum class State : std::uint8_t {
    need_more,
    complete,  // see response(); with body_cut_off when the body passed its limit
    bad,       // began like HTTP and broke its rules or a limit; response() has the head when that was whole
    not_http,  // the first bytes are no status line
  };
  // Returns how many bytes it took: all of them while it needs more, and none after the end.
  std::size_t feed(std::string_view bytes);
  // The peer closed: a body that ends so is complete now, anything else stays cut off (`need_more` becomes `bad`, or
  // `not_http` when nothing like a status line had come).
  State close();
  State state() const { return state_; }
  const Response& response() const { return response_; }
  Response take() { return std::move(response_); }
  // Constant sentence of `bad`.
  std::string_view why() const { return why_; }

 private:
  enum class Part : std::uint8_t { status, fields, counted, chunk_size, chunk, chunk_end, trailer, until_close };
  void fail(std::string_view why);
  void finish();
  std::size_t take_line(std::string_view bytes);
  void end_line();
  void take_status(std::string_view line);
  void take_field(std::string_view line);
  void end_head();
  void start_body();
  void take_chunk_size(std::string_view line);
  std::size_t take_body(std::string_view bytes);

  State state_ = State::need_more;
  Part part_ = Part::status;
  bool head_complete_ = false;
  std::string_view why_ = {};
  std::string line_ = {};
  std::size_t framing_ = 0;  // bytes of the lines of the head, later of those between the chunks
  std::size_t interim_ = 0;
  std::uint64_t left_ = 0;  // bytes of the body or chunk still to come
  Response response_ = {};
};

// How a conversation in the clear ended.
enum class End : std::uint8_t {
  complete,      // every request was answered
  closed,        // the peer closed before an answer was whole; nothing at all came when `received` is 0
  reset,         // … with a reset
  timed_out,     // the deadline passed
  tls_required,  // a TLS alert or handshake record came back
  not_http,      // other bytes: see first_bytes
  bad,           // HTTP that breaks the rules or a limit
};
std::string_view to_text(End end);

struct Exchange {
  End end = End::closed;
  std::vector<Response> responses = {};  // one a request, in order; fewer when the peer ended it early
  std::string first_bytes = {};          // at most limits::first_bytes of what was not HTTP: foreign bytes
  std::string_view why = {};             // constant sentence of `bad`
  std::size_t received = 0;              // bytes
  std::size_t sent = 0;

  const Response* response(std::size_t index) const { return index < responses.size() ? &responses[index] : nullptr; }
};

// The state of a conversation of requests and answers over any stream: says what to send, takes what came. Pure.
class Conversation {
 public:
  // `requests` must outlive it. The first `sent_already` of them (0 or 1) count as sent.
  explicit Conversation(const std::vector<std::string>& requests, std::size_t sent_already = 0);

  // What to send now; empty while an answer is awaited.
  std::string_view next();
  void feed(std::string_view bytes);
  // The stream is over, as `how` says: closed, reset or timed_out.
  void stop(End how);
  bool over() const { return over_; }
  // Every request was answered and the peer would take more.
  bool alive() const { return alive_; }
  Exchange take() { return std::move(exchange_); }

 private:
  void end(End how);
  void take_foreign();

  const std::vector<std::string>& requests_;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  bool over_ = false;
  bool alive_ = false;
  bool foreign_ = false;
  ResponseReader reader_ = {};
  Exchange exchange_ = {};
};

// Sends the requests over a connected socket, each after the answer to the one before, and stops early where the peer
// does not keep the connection (which is `complete` too: compare responses.size()). Everything ends by `deadline`. The
// arguments must outlive the await.
boost::asio::awaitable<Exchange> exchange(net::Deadlines& deadlines, boost::asio::ip::tcp::socket& socket,
                                          const std::vector<std::string>& requests, net::Clock::time_point deadline);

}  // namespace wiretight::http
