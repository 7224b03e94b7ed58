#include "net/hello/flight.h"

#include <algorithm>

#include "net/hello/build.h"

namespace wiretight::tls {
namespace {

constexpr auto change_cipher_spec = static_cast<std::uint8_t>(ContentType::change_cipher_spec);
constexpr auto alert_record = static_cast<std::uint8_t>(ContentType::alert);
constexpr auto handshake = static_cast<std::uint8_t>(ContentType::handshake);
constexpr auto application_data = static_cast<std::uint8_t>(ContentType::application_data);
constexpr auto heartbeat_record = static_cast<std::uint8_t>(ContentType::heartbeat);

constexpr bool is_content_type(std::uint8_t byte) { return byte >= change_cipher_spec && byte <= heartbeat_record; }

// Enough to tell one line protocol from another; nothing more is waited for.
constexpr std::size_t enough_foreign = 8;

std::size_t message_size(Bytes header) { return Reader(header.subspan(1)).u24(); }

std::size_t message_limit(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(HandshakeType::certificate) ? limits::certificate_message
                                                                       : limits::other_message;
}

}  // namespace

std::string_view to_text(End end) {
  switch (end) {
    case End::none:
      return "none";
    case End::server_hello:
      return "ServerHello";
    case End::hello_retry:
      return "HelloRetryRequest";
    case End::server_hello_done:
      return "ServerHelloDone";
    case End::change_cipher_spec:
      return "ChangeCipherSpec";
    case End::alert:
      return "alert";
    case End::encrypted_alert:
      return "encrypted alert";
    case End::application_data:
      return "encrypted records";
    case End::heartbeat:
      return "heartbeat";
    case End::ssl2_server_hello:
      return "SSLv2 SERVER-HELLO";
    case End::ssl2_error:
      return "SSLv2 error";
    case End::not_tls:
      return "not TLS";
    case End::closed:
      return "closed";
  }
  return "";
}

Progress Flight::feed(Bytes bytes) {
  std::size_t taken = 0;
  while (running() && taken < bytes.size()) {
    Bytes rest = bytes.subspan(taken);
    switch (reading_) {
      case Reading::record_header:
        taken += take_header(rest);
        break;
      case Reading::record_body:
        taken += take_body(rest);
        break;
      case Reading::ssl2_body:
        taken += take_ssl2(rest);
        break;
      case Reading::foreign:
        taken += take_foreign(rest);
        break;
    }
  }
  received_ += taken;
  if (running() && !has(Slot::hello) && received_ > limits::before_hello) fail("too many bytes before the ServerHello");
  progress_.consumed = taken;
  return progress_;
}

Progress Flight::close() {
  if (running()) finish(first_size_ > 0 ? End::not_tls : End::closed);
  progress_.consumed = 0;
  return progress_;
}

void Flight::resume(Until until) {
  if (!progress_.done()) return;
  switch (progress_.end) {
    case End::ssl2_server_hello:
    case End::ssl2_error:
    case End::not_tls:
    case End::closed:
      return;
    default:
      break;
  }
  until_ = until;
  progress_ = {};
}

void Flight::reset(Until until) {
  std::vector<std::uint8_t> buffer = std::move(buffer_);
  buffer.clear();
  *this = Flight(until);
  buffer_ = std::move(buffer);
}

void Flight::finish(End end) {
  progress_.state = Progress::State::done;
  progress_.end = end;
}

void Flight::fail(std::string_view why) {
  progress_.state = Progress::State::violation;
  progress_.end = End::none;
  progress_.why = why;
}

// Gathers the five bytes of a record header. At the very first record each byte decides anew whether this is TLS, an
// SSLv2 answer, or something else.
std::size_t Flight::take_header(Bytes bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && header_size_ < header_.size()) {
    header_[header_size_++] = bytes[taken++];
    if (records_ == 0 && !goes_on_like_tls()) return taken;
  }
  if (header_size_ == header_.size()) start_record();
  return taken;
}

bool Flight::goes_on_like_tls() {
  bool two_byte_header = (header_[0] & 0x80) != 0;
  switch (header_size_) {
    case 1:
      if (two_byte_header || is_content_type(header_[0])) return true;
      break;
    case 2:
      if (two_byte_header || header_[1] == 3) return true;
      break;
    case 3:
      if (!two_byte_header) return true;
      if (header_[2] == 4 || header_[2] == 0) {
        record_left_ = static_cast<std::size_t>((header_[0] & 0x7f) << 8 | header_[1]);
        start_ssl2();
        return false;
      }
      break;
    default:
      return true;
  }
  reading_ = Reading::foreign;
  take_foreign(Bytes(header_).first(header_size_));
  return false;
}

void Flight::start_record() {
  content_type_ = header_[0];
  std::uint16_t version = static_cast<std::uint16_t>(header_[1] << 8 | header_[2]);
  record_size_ = static_cast<std::size_t>(header_[3] << 8 | header_[4]);
  record_left_ = record_size_;
  reading_ = Reading::record_body;
  if (records_ == 0) record_version_ = version;
  if (++records_ > limits::records) return fail("too many records");
  if (!is_content_type(content_type_) || header_[1] != 3) return fail("bytes that are no TLS record");
  if (record_size_ > limits::record_payload) return fail("record longer than TLS allows");
  if (!has(Slot::hello) && content_type_ != handshake && content_type_ != alert_record)
    return fail("record before the ServerHello that is neither handshake nor alert");

  if (content_type_ == handshake && encrypted_) {
    finish(End::application_data);
  } else if (content_type_ == handshake && record_size_ == 0) {
    fail("empty handshake record");
  } else if (content_type_ == application_data) {
    finish(End::application_data);
  } else if (content_type_ == change_cipher_spec && record_size_ != 1) {
    fail("ChangeCipherSpec of the wrong size");
  } else if (content_type_ == alert_record && record_size_ != 2 && !has(Slot::hello)) {
    fail("alert of the wrong size");
  }
  if (record_left_ == 0) end_record();
}

std::size_t Flight::take_body(Bytes bytes) {
  bytes = bytes.first(std::min(bytes.size(), record_left_));
  std::size_t taken = bytes.size();
  if (content_type_ == handshake && !encrypted_) {
    taken = take_handshake(bytes);
  } else {
    std::size_t position = record_size_ - record_left_;
    for (std::size_t at = 0; at < taken && position + at < small_.size(); ++at) small_[position + at] = bytes[at];
  }
  record_left_ -= taken;
  if (record_left_ == 0 && !progress_.violation()) end_record();
  return taken;
}

void Flight::end_record() {
  header_size_ = 0;
  reading_ = Reading::record_header;
  if (progress_.violation()) return;
  switch (content_type_) {
    case change_cipher_spec:
      // TLS 1.3 sends one for middleboxes and means nothing by it.
      if (tls13_) return;
      encrypted_ = true;
      return finish(End::change_cipher_spec);
    case alert_record:
      return end_alert();
    case heartbeat_record:
      heartbeat_ = Heartbeat{.type = record_size_ > 0 ? small_[0] : std::uint8_t{0},
                             .claimed = static_cast<std::uint16_t>(record_size_ > 2 ? small_[1] << 8 | small_[2] : 0),
                             .record_payload = record_size_};
      if (until_ == Until::heartbeat) finish(End::heartbeat);
      return;
    default:
      return;
  }
}

void Flight::end_alert() {
  if (record_size_ != 2) return finish(End::encrypted_alert);
  alert_ = Alert{.level = small_[0], .description = small_[1]};
  ++alerts_;
  if (alert_->level != 1 && alert_->level != 2) return fail("alert of an unknown level");
  bool close_notify = alert_->description == 0;
  if (alert_->fatal() || close_notify || until_ == Until::alert) return finish(End::alert);
  if (alerts_ > limits::warning_alerts) fail("too many warning alerts");
}

// Gathers handshake messages, one after another, whatever records they come in. Stops behind a message that ends the
// flight, even in the middle of a record.
std::size_t Flight::take_handshake(Bytes bytes) {
  std::size_t taken = 0;
  while (running() && taken < bytes.size()) {
    std::size_t have = buffer_.size() - message_start_;
    std::size_t want = have < 4 ? 4 : 4 + message_size(Bytes(buffer_).subspan(message_start_));
    Bytes part = bytes.subspan(taken).first(std::min(want - have, bytes.size() - taken));
    buffer_.insert(buffer_.end(), part.begin(), part.end());
    taken += part.size();
    if (have < 4 && have + part.size() == 4) {
      start_message();
      want = 4 + message_size(Bytes(buffer_).subspan(message_start_));
    }
    if (running() && buffer_.size() - message_start_ >= 4 && buffer_.size() - message_start_ == want) end_message();
  }
  return taken;
}

void Flight::start_message() {
  Bytes header = Bytes(buffer_).subspan(message_start_);
  auto type = static_cast<HandshakeType>(header[0]);
  std::size_t size = message_size(header);
  if (++messages_ > limits::messages) return fail("too many handshake messages");
  if (size > message_limit(header[0])) return fail("handshake message longer than the limit");
  if (buffer_.size() + size > limits::flight) return fail("handshake longer than the limit");
  if (type == HandshakeType::hello_request) {
    if (size != 0) fail("malformed HelloRequest");
    return;
  }
  if (!has(Slot::hello) && type != HandshakeType::server_hello) return fail("handshake message before the ServerHello");
  if (tls13_ && !(retried_ && type == HandshakeType::server_hello))
    return fail("cleartext handshake message after a TLS 1.3 ServerHello");
}

void Flight::end_message() {
  Bytes body = Bytes(buffer_).subspan(message_start_ + 4);
  switch (static_cast<HandshakeType>(buffer_[message_start_])) {
    case HandshakeType::server_hello:
      return end_server_hello(body);
    case HandshakeType::certificate:
      return keep(Slot::certificate, body, parse_certificate(body));
    case HandshakeType::certificate_status:
      return keep(Slot::status, body, parse_certificate_status(body));
    case HandshakeType::server_key_exchange:
      return keep(Slot::key_exchange, body, parse_server_key_exchange(body, suite_, version_));
    case HandshakeType::certificate_request:
      return keep(Slot::request, body, parse_certificate_request(body, version_));
    case HandshakeType::new_session_ticket:
      return keep(Slot::ticket, body, parse_session_ticket(body));
    case HandshakeType::server_hello_done:
      if (!body.empty()) return fail("malformed ServerHelloDone");
      keep(Slot::done, body, Parsed<Bytes>(body));
      if (running() && until_ == Until::server_hello_done) finish(End::server_hello_done);
      return;
    case HandshakeType::hello_request:
    case HandshakeType::supplemental_data:
      buffer_.resize(message_start_);
      return;
    default:
      return fail("handshake message that a server does not send here");
  }
}

void Flight::end_server_hello(Bytes body) {
  auto hello = parse_server_hello(body);
  if (!hello) return fail(hello.error());
  if (has(Slot::hello) && (!retried_ || hello->hello_retry)) return fail("a second ServerHello");
  slots_[static_cast<std::size_t>(Slot::hello)] = {};
  suite_ = hello->suite;
  version_ = hello->version;
  tls13_ = hello->is_tls13();
  if (retried_ && !tls13_) return fail("a HelloRetryRequest and then an older version");
  retried_ = hello->hello_retry;
  if (retried_ && !tls13_) return fail("a HelloRetryRequest that is not TLS 1.3");
  keep(Slot::hello, body, hello);
  if (retried_) return finish(End::hello_retry);
  if (tls13_ || until_ == Until::server_hello) finish(End::server_hello);
}

// Remembers where a well-formed message lies. The slots stand in the order in which a server sends the messages; only
// a ticket may come after ServerHelloDone.
template <class T>
void Flight::keep(Slot slot, Bytes body, const Parsed<T>& parsed) {
  if (!parsed) return fail(parsed.error());
  for (std::size_t later = static_cast<std::size_t>(slot); later < slots_.size(); ++later)
    if (slots_[later].present) return fail("handshake messages twice or out of order");
  slots_[static_cast<std::size_t>(slot)] = {.offset = static_cast<std::uint32_t>(body.data() - buffer_.data()),
                                            .size = static_cast<std::uint32_t>(body.size()),
                                            .present = true};
  message_start_ = buffer_.size();
}

void Flight::start_ssl2() {
  reading_ = Reading::ssl2_body;
  ++records_;
  record_size_ = record_left_;
  if (record_left_ == 0) return fail("empty SSLv2 record");
  take_ssl2(Bytes(header_).subspan(2, 1));
}

std::size_t Flight::take_ssl2(Bytes bytes) {
  bytes = bytes.first(std::min(bytes.size(), record_left_));
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  record_left_ -= bytes.size();
  if (record_left_ == 0) end_ssl2();
  return bytes.size();
}

void Flight::end_ssl2() {
  Reader in(buffer_);
  if (in.u8() == 0) {
    std::uint16_t code = in.u16();
    if (!in.finished()) return fail("malformed SSLv2 error");
    ssl2_error_ = code;
    return finish(End::ssl2_error);
  }
  if (auto hello = parse_ssl2_server_hello(buffer_); !hello) return fail(hello.error());
  ssl2_hello_ = true;
  finish(End::ssl2_server_hello);
}

std::size_t Flight::take_foreign(Bytes bytes) {
  bytes = bytes.first(std::min(bytes.size(), first_.size() - first_size_));
  std::ranges::copy(bytes, first_.begin() + static_cast<std::ptrdiff_t>(first_size_));
  first_size_ += bytes.size();
  if (first_size_ >= enough_foreign || std::ranges::find(first_bytes(), std::uint8_t{'\n'}) != first_bytes().end())
    finish(End::not_tls);
  return bytes.size();
}

std::string_view Flight::other_protocol() const {
  if (first_size_ == 0) return "";
  std::string_view text = as_text(first_bytes());
  if (text.starts_with("HTTP/") || text.starts_with("<html") || text.starts_with("<HTML") || text.starts_with("<!"))
    return "HTTP";
  if (text.starts_with("SSH-")) return "SSH";
  if (text.starts_with("220") && text.find("FTP") != std::string_view::npos) return "FTP";
  if (text.starts_with("220")) return "SMTP";
  if (text.starts_with("+OK")) return "POP3";
  if (text.starts_with("* OK")) return "IMAP";
  if (text.starts_with("-ERR")) return "Redis";
  if (text.size() > 5 && text[3] == 0 && text[4] == 10) return "MySQL";
  return "unknown";
}

Bytes Flight::body(Slot slot) const {
  const Slice& slice = slots_[static_cast<std::size_t>(slot)];
  return Bytes(buffer_).subspan(slice.offset, slice.size);
}

namespace {
// What was well formed when it came still is.
template <class T>
std::optional<T> again(bool present, const Parsed<T>& parsed) {
  if (!present || !parsed) return std::nullopt;
  return *parsed;
}
}  // namespace

std::optional<ServerHello> Flight::server_hello() const {
  return again(has(Slot::hello), parse_server_hello(body(Slot::hello)));
}
std::optional<CertificateList> Flight::certificates() const {
  return again(has(Slot::certificate), parse_certificate(body(Slot::certificate)));
}
std::optional<Bytes> Flight::certificate_status() const {
  return again(has(Slot::status), parse_certificate_status(body(Slot::status)));
}
std::optional<ServerKeyExchange> Flight::server_key_exchange() const {
  return again(has(Slot::key_exchange), parse_server_key_exchange(body(Slot::key_exchange), suite_, version_));
}
std::optional<CertificateRequest> Flight::certificate_request() const {
  return again(has(Slot::request), parse_certificate_request(body(Slot::request), version_));
}
std::optional<SessionTicket> Flight::session_ticket() const {
  return again(has(Slot::ticket), parse_session_ticket(body(Slot::ticket)));
}
std::optional<Ssl2ServerHello> Flight::ssl2_server_hello() const {
  return again(ssl2_hello_, parse_ssl2_server_hello(buffer_));
}

}  // namespace wiretight::tls
