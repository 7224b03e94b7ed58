#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/hello/limits.h"
#include "net/hello/message.h"

namespace wiretight::tls {

// What the reader of a server's flight waits for. It always stops at a fatal alert, at ChangeCipherSpec, at a TLS 1.3
// ServerHello or HelloRetryRequest (nothing readable follows), at an SSLv2 answer and at bytes that are not TLS.
enum class Until : std::uint8_t {
  server_hello,
  server_hello_done,
  alert,      // any alert, warnings too: after a payload was sent
  heartbeat,  // a heartbeat record: after a heartbeat request was sent
};

// Why a flight is over.
enum class End : std::uint8_t {
  none,
  server_hello,
  hello_retry,
  server_hello_done,
  change_cipher_spec,  // a resumed handshake, or the server's answer to our payload
  alert,               // see alert()
  encrypted_alert,     // an alert record that cannot be read
  application_data,    // encrypted records, once the hello is past
  heartbeat,           // see heartbeat()
  ssl2_server_hello,
  ssl2_error,  // see ssl2_error()
  not_tls,     // see first_bytes()
  closed,      // the peer closed before any of these
};
std::string_view to_text(End end);

struct Alert {
  std::uint8_t level = 0;  // 1 warning, 2 fatal
  std::uint8_t description = 0;
  bool fatal() const { return level == 2; }
  std::string_view name() const { return alert_name(description); }
};

// A heartbeat record. Only sizes are kept: the payload may be another's memory, and nobody needs it.
struct Heartbeat {
  std::uint8_t type = 0;           // 1 request, 2 response
  std::uint16_t claimed = 0;       // payload length by its own account
  std::size_t record_payload = 0;  // bytes of the record, header excluded
};

struct Progress {
  enum class State : std::uint8_t { need_more, done, violation };
  State state = State::need_more;
  End end = End::none;        // of done
  std::string_view why = {};  // of violation: a constant sentence
  std::size_t consumed = 0;   // bytes taken from this feed(); the rest is for a feed() after resume()
  bool need_more() const { return state == State::need_more; }
  bool done() const { return state == State::done; }
  bool violation() const { return state == State::violation; }
};

// Reads what a server answers in cleartext, as the bytes come, in any pieces: records, alerts, handshake messages cut
// across records or several in one, for SSLv2 to TLS 1.3. Keeps only the handshake messages; all growth is bounded by
// limits.h, and a peer that passes a limit or breaks a rule of the protocol ends in `violation`. A fact it returns was
// checked to be well formed; whether it was offered is for check.h.
//
// Memory is one buffer of the size of the handshake bytes received. Spans in results point into it and stay good until
// the next feed(), reset() or the end of the Flight.
class Flight {
 public:
  explicit Flight(Until until = Until::server_hello_done) : until_(until) {}

  // Takes bytes up to the awaited event. After done or violation it takes nothing and repeats its answer.
  Progress feed(Bytes bytes);
  // The peer closed its side: done(closed), unless the flight was over already.
  Progress close();
  // Goes on after done, for another event (a ServerHello after a retry, an alert after a payload). A violation, a
  // close, bytes that are no TLS and an SSLv2 answer stay final.
  void resume(Until until);
  // Forgets everything; the buffer's memory is kept for the next connection.
  void reset(Until until);

  const Progress& progress() const { return progress_; }

  std::optional<ServerHello> server_hello() const;
  // Empty list: a Certificate message without certificates. Nothing: no Certificate message.
  std::optional<CertificateList> certificates() const;
  std::optional<Bytes> certificate_status() const;
  std::optional<ServerKeyExchange> server_key_exchange() const;
  std::optional<CertificateRequest> certificate_request() const;
  std::optional<SessionTicket> session_ticket() const;
  bool saw_server_hello_done() const { return has(Slot::done); }
  std::optional<Ssl2ServerHello> ssl2_server_hello() const;
  // 1 no cipher, 2 no certificate, 4 bad certificate, 6 unsupported certificate type.
  std::optional<std::uint16_t> ssl2_error() const { return ssl2_error_; }

  // The last alert, warnings included, and how many there were.
  std::optional<Alert> alert() const { return alert_; }
  std::size_t alerts() const { return alerts_; }
  std::optional<Heartbeat> heartbeat() const { return heartbeat_; }
  // The first bytes (at most limits::first_bytes) of a peer that does not speak TLS: foreign bytes, never to be shown
  // unsanitised.
  Bytes first_bytes() const { return Bytes(first_).first(first_size_); }
  // "HTTP", "SSH", "SMTP", "FTP", "POP3", "IMAP", "Redis", "MySQL", "unknown" by first_bytes(); empty when TLS.
  std::string_view other_protocol() const;

  std::size_t records() const { return records_; }
  std::size_t received() const { return received_; }
  // Version field of the first record; 0 before it came.
  std::uint16_t record_version() const { return record_version_; }

 private:
  enum class Slot : std::uint8_t { hello, certificate, status, key_exchange, request, done, ticket, count };
  enum class Reading : std::uint8_t { record_header, record_body, ssl2_body, foreign };
  struct Slice {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    bool present = false;
  };

  bool has(Slot slot) const { return slots_[static_cast<std::size_t>(slot)].present; }
  Bytes body(Slot slot) const;
  bool running() const { return progress_.state == Progress::State::need_more; }
  void finish(End end);
  void fail(std::string_view why);
  std::size_t take_header(Bytes bytes);
  bool goes_on_like_tls();
  void start_record();
  std::size_t take_body(Bytes bytes);
  void end_record();
  void end_alert();
  std::size_t take_handshake(Bytes bytes);
  void start_message();
  void end_message();
  void end_server_hello(Bytes body);
  template <class T>
  void keep(Slot slot, Bytes body, const Parsed<T>& parsed);
  void start_ssl2();
  std::size_t take_ssl2(Bytes bytes);
  void end_ssl2();
  std::size_t take_foreign(Bytes bytes);

  Until until_ = Until::server_hello_done;
  Progress progress_ = {};
  Reading reading_ = Reading::record_header;
  std::array<std::uint8_t, 5> header_ = {};
  std::uint8_t header_size_ = 0;
  std::uint8_t content_type_ = 0;
  std::uint16_t record_version_ = 0;
  std::size_t record_size_ = 0;
  std::size_t record_left_ = 0;
  std::size_t records_ = 0;
  std::size_t received_ = 0;
  std::size_t messages_ = 0;
  std::array<std::uint8_t, 3> small_ = {};  // the first bytes of an alert or heartbeat record
  std::vector<std::uint8_t> buffer_ = {};   // handshake messages, one after another, headers included
  std::size_t message_start_ = 0;
  std::array<Slice, static_cast<std::size_t>(Slot::count)> slots_ = {};
  std::uint16_t suite_ = 0;
  std::uint16_t version_ = 0;
  bool tls13_ = false;
  bool retried_ = false;    // the last hello was a HelloRetryRequest
  bool encrypted_ = false;  // a ChangeCipherSpec of TLS 1.2 or before came
  std::optional<Alert> alert_ = {};
  std::size_t alerts_ = 0;
  std::optional<Heartbeat> heartbeat_ = {};
  std::optional<std::uint16_t> ssl2_error_ = {};
  bool ssl2_hello_ = false;
  std::array<std::uint8_t, limits::first_bytes> first_ = {};
  std::size_t first_size_ = 0;
};

// Reads the ClientHello at the beginning of a client's byte stream, as the bytes come (a hello with an ML-KEM share
// needs several segments). Stops at its end; later records are not looked at.
class ClientFlight {
 public:
  enum class State : std::uint8_t {
    need_more,
    done,
    violation,  // began like TLS and broke its rules
    not_tls,
  };
  State feed(Bytes bytes);
  State state() const { return state_; }
  // Of a violation: a constant sentence.
  std::string_view why() const { return why_; }
  // Good until the next feed() or the end of this object.
  std::optional<ClientHello> hello() const;
  std::uint16_t record_version() const { return record_version_; }
  void reset();

 private:
  void take_header();
  void start_ssl2();
  void check_message();
  void fail(std::string_view why);

  State state_ = State::need_more;
  std::string_view why_ = {};
  std::vector<std::uint8_t> buffer_ = {};
  std::array<std::uint8_t, 5> header_ = {};
  std::uint8_t header_size_ = 0;
  std::uint16_t record_version_ = 0;
  std::size_t record_left_ = 0;
  std::size_t records_ = 0;
  bool ssl2_ = false;
};

// The body of the ClientHello when `bytes` (the beginning of a client's stream) hold it whole in its first record: the
// common case of a capture, read in place without a copy.
std::optional<Bytes> client_hello_in_place(Bytes bytes);

}  // namespace wiretight::tls
