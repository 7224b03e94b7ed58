#include "net/handshake.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/hello/limits.h"
#include "net/hello/message.h"
#include "net/hello/registry.h"

// OpenSSL sits between two memory buffers and never sees the socket. What a server sent is read from the handshake
// messages themselves, which OpenSSL shows decrypted and as they came (SSL_set_msg_callback): exact bytes also of
// certificates that it would not take, and the same code for all versions.
namespace wiretight::tls {
namespace {

namespace asio = boost::asio;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
// Of one connection, records and replies together.
constexpr std::size_t most_received = 1024 * 1024;
constexpr std::size_t kept_of_ticket = 256;
constexpr std::uint8_t close_notify = 0;
constexpr std::uint16_t early_data_extension = 42;
constexpr std::uint16_t status_request_extension = 5;

struct SslEnd {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, SslEnd>;

bool is_literal(const std::string& name) {
  std::array<std::uint8_t, 16> address = {};
  return inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

std::vector<std::uint8_t> copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// The reason of OpenSSL's first queued error: a constant text.
std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  return reason ? reason : "no reason given";
}

// What the transport said to the last wish for bytes.
enum class Stream : std::uint8_t { open, closed, reset, timed_out, too_much };

// Reads what the server says into a result.
class Witness {
 public:
  explicit Witness(HandshakeResult& result) : result_(result) {}

  // A renegotiation says the same again and is not listened to.
  void stop() { listening_ = false; }

  static void hear(int sent, int, int type, const void* data, std::size_t size, SSL*, void* self) {
    const Bytes bytes(static_cast<const std::uint8_t*>(data), size);
    if (sent != 0) return;
    auto& witness = *static_cast<Witness*>(self);
    if (type == SSL3_RT_ALERT && size == 2) witness.hear_alert(bytes);
    if (type == SSL3_RT_HANDSHAKE && size >= SSL3_HM_HEADER_LENGTH && witness.listening_)
      witness.hear_message(static_cast<HandshakeType>(bytes[0]), bytes.subspan(SSL3_HM_HEADER_LENGTH));
  }

  bool fatal_alert() const { return fatal_alert_; }

 private:
  void hear_alert(Bytes bytes) {
    if (bytes[1] == close_notify) return;
    result_.alert = bytes[1];
    fatal_alert_ |= bytes[0] == SSL3_AL_FATAL;
  }

  bool tls13() const { return result_.version == Version::tls13; }

  void hear_message(HandshakeType type, Bytes body) {
    switch (type) {
      case HandshakeType::server_hello:
        return hear_hello(body);
      case HandshakeType::certificate:
        return tls13() ? hear_certificates_13(body) : hear_certificates(body);
      case HandshakeType::certificate_status:
        return hear_staple(body);
      case HandshakeType::server_key_exchange:
        return hear_key_exchange(body);
      case HandshakeType::certificate_request:
        result_.client_certificate_requested = true;
        return;
      case HandshakeType::certificate_verify:
        result_.signature_scheme = Reader(body).u16();
        return;
      case HandshakeType::new_session_ticket:
        return hear_ticket(body);
      default:
        return;
    }
  }

  void hear_hello(Bytes body) {
    const auto hello = parse_server_hello(body);
    if (!hello) return;
    if (hello->hello_retry) {
      result_.hello_retried = true;
      return;
    }
    result_.version = version_of(hello->version);
    result_.suite = hello->suite;
    result_.server_random = copy(hello->random);
    result_.session_id = copy(hello->session_id);
    result_.secure_renegotiation = tls13() || hello->renegotiation_info.has_value();
    result_.extended_master_secret = tls13() || hello->extended_master_secret;
    if (tls13()) keep_group(hello->group.value_or(0), hello->key_share);
  }

  void keep_group(std::uint16_t code, Bytes share) {
    result_.group = code;
    result_.key_share = copy(share);
    if (const Group* group = find_group(code)) result_.key_exchange_bits = group->bits;
  }

  void keep_certificate(Bytes der) {
    if (result_.chain.size() < limits::certificates) result_.chain.push_back(copy(der));
  }

  void hear_certificates(Bytes body) {
    Reader list(Reader(body).vector(3));
    while (!list.empty()) {
      const Bytes der = list.vector(3);
      if (!list.ok()) return;
      keep_certificate(der);
    }
  }

  // RFC 8446 4.4.2: each certificate has extensions, where the leaf's staple stands.
  void hear_certificates_13(Bytes body) {
    Reader message(body);
    message.vector(1);
    Reader list(message.vector(3));
    while (!list.empty()) {
      const Bytes der = list.vector(3);
      const auto extensions = Extensions::parse(list.vector(2));
      if (!list.ok()) return;
      if (result_.chain.empty() && extensions)
        if (const auto status = extensions->find(status_request_extension)) hear_staple(*status);
      keep_certificate(der);
    }
  }

  void hear_staple(Bytes body) {
    if (const auto response = parse_certificate_status(body)) result_.staple = copy(*response);
  }

  void hear_key_exchange(Bytes body) {
    const auto exchange =
        parse_server_key_exchange(body, result_.suite, result_.version ? wire_code(*result_.version) : 0);
    if (!exchange) return;
    keep_group(exchange->group, exchange->public_value);
    if (!exchange->p.empty()) result_.key_exchange_bits = static_cast<int>(exchange->p_bits());
    result_.signature_scheme = exchange->signature_scheme;
  }

  // RFC 5077 3.3 and RFC 8446 4.6.1.
  void hear_ticket(Bytes body) {
    Reader message(body);
    const std::uint32_t lifetime = message.u32();
    if (tls13()) {
      message.u32();
      message.vector(1);
    }
    const Bytes ticket = message.vector(2);
    if (!message.ok() || ticket.empty()) return;
    if (tls13()) {
      std::uint32_t most = 0;
      if (const auto extensions = Extensions::parse(message.vector(2)))
        if (const auto early = extensions->find(early_data_extension)) most = Reader(*early).u32();
      result_.max_early_data = std::max(most, result_.max_early_data.value_or(0));
    }
    result_.ticket_lifetime = lifetime;
    if (!result_.ticket_received) result_.ticket = copy(ticket.first(std::min(ticket.size(), kept_of_ticket)));
    result_.ticket_received = true;
  }

  HandshakeResult& result_;
  bool listening_ = true;
  bool fatal_alert_ = false;
};

// One handshake and what follows it on the connection.
class Attempt {
 public:
  Attempt(net::Deadlines& deadlines, asio::ip::tcp::socket& socket, const HandshakeRequest& request,
          net::Clock::time_point deadline, HandshakeResult& result)
      : deadlines_(deadlines),
        socket_(socket),
        request_(request),
        deadline_(deadline),
        result_(result),
        witness_(result) {}

  // False: OpenSSL does not take the request.
  bool prepare(SSL_CTX* context);
  asio::awaitable<void> run();

 private:
  // Calls OpenSSL until it neither wants bytes nor has any to send. True when `step` returned more than 0.
  template <class Step>
  asio::awaitable<bool> drive(Step step);
  asio::awaitable<void> flush();
  asio::awaitable<void> receive();
  asio::awaitable<bool> shake();
  asio::awaitable<void> converse();
  asio::awaitable<void> await_ticket();
  asio::awaitable<void> renegotiate();
  void explain();
  void stop_of(const boost::system::error_code& error);
  bool sends_early() const {
    return !request_.early_data.empty() && request_.resume && SSL_SESSION_get_max_early_data(request_.resume) > 0;
  }
  net::Clock::time_point patience() const { return std::min(deadline_, net::Clock::now() + request_.patience); }
  std::chrono::microseconds since_start() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - started_);
  }

  net::Deadlines& deadlines_;
  asio::ip::tcp::socket& socket_;
  const HandshakeRequest& request_;
  net::Clock::time_point deadline_;
  HandshakeResult& result_;
  Witness witness_;
  Ssl ssl_ = {};
  BIO* in_ = nullptr;   // owned by ssl_
  BIO* out_ = nullptr;  // owned by ssl_
  Stream stream_ = Stream::open;
  bool not_tls_ = false;
  std::string reason_ = {};
  std::array<std::uint8_t, 5> first_ = {};
  net::Clock::time_point started_ = {};
};

bool Attempt::prepare(SSL_CTX* context) {
  if (!context) return false;
  ssl_.reset(SSL_new(context));
  if (!ssl_) return false;
  in_ = BIO_new(BIO_s_mem());
  out_ = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl_.get(), in_, out_);
  if (!in_ || !out_) return false;
  SSL* ssl = ssl_.get();
  SSL_set_connect_state(ssl);
  SSL_set_msg_callback(ssl, Witness::hear);
  SSL_set_msg_callback_arg(ssl, &witness_);

  const Version min = request_.min.value_or(Version::tls10);
  const Version max = request_.max.value_or(Version::tls13);
  if (min < Version::tls10 || max < min) return false;
  if (SSL_set_min_proto_version(ssl, wire_code(min)) != 1 || SSL_set_max_proto_version(ssl, wire_code(max)) != 1)
    return false;
  if (!request_.suites.empty() && SSL_set_cipher_list(ssl, (request_.suites + ":@SECLEVEL=0").c_str()) != 1)
    return false;
  if (!request_.signature_schemes.empty() && SSL_set1_sigalgs_list(ssl, request_.signature_schemes.c_str()) != 1)
    return false;
  if (!request_.server_name.empty() && !is_literal(request_.server_name) &&
      SSL_set_tlsext_host_name(ssl, request_.server_name.c_str()) != 1)
    return false;
  std::vector<std::uint8_t> protocols;
  for (const std::string& name : request_.alpn) {
    if (name.empty() || name.size() > 255) return false;
    protocols.push_back(static_cast<std::uint8_t>(name.size()));
    protocols.insert(protocols.end(), name.begin(), name.end());
  }
  if (!protocols.empty() && SSL_set_alpn_protos(ssl, protocols.data(), static_cast<unsigned>(protocols.size())) != 0)
    return false;
  if (!request_.offer_tickets) SSL_set_options(ssl, SSL_OP_NO_TICKET);
  if (request_.want_staple) SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
  return !request_.resume || SSL_set_session(ssl, request_.resume) == 1;
}

void Attempt::stop_of(const boost::system::error_code& error) {
  if (net::Clock::now() >= deadline_ || error == asio::error::operation_aborted)
    stream_ = Stream::timed_out;
  else
    stream_ = error == asio::error::eof ? Stream::closed : Stream::reset;
}

asio::awaitable<void> Attempt::flush() {
  char* data = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out_, &data));
  if (size == 0) co_return;
  const auto [error, written] = co_await asio::async_write(socket_, asio::buffer(data, size), quietly);
  result_.sent += written;
  (void)BIO_reset(out_);
  // What a peer said before it closed can still be read, so a failed write does not end the reading.
  if (error && (error == asio::error::operation_aborted || net::Clock::now() >= deadline_)) stream_ = Stream::timed_out;
}

asio::awaitable<void> Attempt::receive() {
  std::array<std::uint8_t, 8192> buffer;
  const auto [error, size] = co_await socket_.async_read_some(asio::buffer(buffer), quietly);
  if (size > 0) {
    for (std::size_t at = 0; at < size && result_.received + at < first_.size(); ++at)
      first_[result_.received + at] = buffer[at];
    result_.received += size;
    // change_cipher_spec to application_data of major version 3.
    if (first_[0] < 20 || first_[0] > 23 || (result_.received > 1 && first_[1] != 3)) not_tls_ = true;
    BIO_write(in_, buffer.data(), static_cast<int>(size));
    if (result_.received > most_received) stream_ = Stream::too_much;
  }
  if (error) stop_of(error);
}

template <class Step>
asio::awaitable<bool> Attempt::drive(Step step) {
  while (true) {
    ERR_clear_error();
    const int done = step();
    const int error = done > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), done);
    // The queue of errors is the thread's: the next coroutine clears it.
    if (error == SSL_ERROR_SSL) reason_ = openssl_reason();
    if (result_.to_hello == std::chrono::microseconds::zero() && result_.version) result_.to_hello = since_start();
    if (BIO_ctrl_pending(out_) > 0) co_await flush();
    if (done > 0) co_return true;
    if (error != SSL_ERROR_WANT_READ || stream_ != Stream::open || not_tls_) co_return false;
    co_await receive();
  }
}

// Sets `end` and `why` of a handshake that did not complete.
void Attempt::explain() {
  const auto set = [this](HandshakeEnd end, std::string why) {
    result_.end = end;
    result_.why = std::move(why);
  };
  if (not_tls_) return set(HandshakeEnd::not_tls, "the answer is not TLS");
  if (witness_.fatal_alert()) {
    const auto name = alert_name(*result_.alert);
    return set(HandshakeEnd::alert, name.empty() ? fmt::format("the server sent the alert {}", *result_.alert)
                                                 : fmt::format("the server sent the alert {}", name));
  }
  switch (stream_) {
    case Stream::closed:
      return set(HandshakeEnd::closed, "the server closed the connection during the handshake");
    case Stream::reset:
      return set(HandshakeEnd::reset, "the server reset the connection during the handshake");
    case Stream::timed_out:
      return set(HandshakeEnd::timed_out, "the handshake was not finished in time");
    case Stream::too_much:
      return set(HandshakeEnd::violation, "the server sent more than a handshake may have");
    case Stream::open:
      return set(HandshakeEnd::violation, fmt::format("OpenSSL gave up: {}", reason_));
  }
}

asio::awaitable<bool> Attempt::shake() {
  SSL* ssl = ssl_.get();
  const bool early = sends_early();
  if (early) {
    std::size_t written = 0;
    const std::string& data = request_.early_data;
    if (!co_await drive([&] { return SSL_write_early_data(ssl, data.data(), data.size(), &written); })) co_return false;
  }
  if (!co_await drive([ssl] { return SSL_do_handshake(ssl); })) co_return false;
  result_.to_completion = since_start();
  result_.resumed = SSL_session_reused(ssl) == 1;
  if (early) result_.early_data_accepted = SSL_get_early_data_status(ssl) == SSL_EARLY_DATA_ACCEPTED;
  const std::uint8_t* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &size);
  if (size > 0) result_.alpn = as_text(Bytes(protocol, size));
  co_return true;
}

asio::awaitable<void> Attempt::converse() {
  SSL* ssl = ssl_.get();
  const bool early = result_.early_data_accepted == true;
  const std::vector<std::string> early_request(early ? 1 : 0, request_.early_data);
  http::Conversation conversation(early ? early_request : request_.requests, early ? 1 : 0);
  const net::Deadlines::Watch watch(deadlines_, socket_,
                                    std::min(deadline_, net::Clock::now() + request_.reply_patience));
  std::array<char, 4096> buffer;
  while (!conversation.over()) {
    std::size_t size = 0;
    bool going = true;
    if (const auto text = conversation.next(); !text.empty()) {
      going = co_await drive([&] { return SSL_write_ex(ssl, text.data(), text.size(), &size); });
    } else {
      going = co_await drive([&] { return SSL_read_ex(ssl, buffer.data(), buffer.size(), &size); });
      if (going) conversation.feed({buffer.data(), size});
    }
    if (going) continue;
    conversation.stop(stream_ == Stream::timed_out ? http::End::timed_out
                      : stream_ == Stream::reset   ? http::End::reset
                                                   : http::End::closed);
    if (stream_ == Stream::open) stream_ = Stream::closed;
  }
  // A server that serves no HTTP and stays silent may still have sent its ticket.
  if (stream_ == Stream::timed_out && net::Clock::now() < deadline_) stream_ = Stream::open;
  if (!conversation.alive() && stream_ == Stream::open) stream_ = Stream::closed;
  auto exchange = conversation.take();
  result_.replies = std::move(exchange.responses);
  result_.reply_end = exchange.end;
  if (exchange.end == http::End::not_http) result_.reply_bytes = std::move(exchange.first_bytes);
}

// TLS 1.3 servers send tickets after the handshake, mostly at once: they come with the first read.
asio::awaitable<void> Attempt::await_ticket() {
  const net::Deadlines::Watch watch(deadlines_, socket_, patience());
  std::array<char, 1024> buffer;
  while (true) {
    // What else the server says is of no interest, but reading it makes OpenSSL see the ticket.
    std::size_t size = 0;
    int read = 1;
    ERR_clear_error();
    while (read == 1) read = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size);
    const bool more = SSL_get_error(ssl_.get(), read) == SSL_ERROR_WANT_READ;
    if (result_.ticket_received || !more || watch.expired() || stream_ != Stream::open) break;
    co_await receive();
  }
  if (stream_ == Stream::timed_out && net::Clock::now() < deadline_) stream_ = Stream::open;
}

asio::awaitable<void> Attempt::renegotiate() {
  SSL* ssl = ssl_.get();
  witness_.stop();
  result_.alert.reset();
  const net::Deadlines::Watch watch(deadlines_, socket_, patience());
  if (SSL_renegotiate(ssl) != 1) co_return;
  if (co_await drive([ssl] { return SSL_do_handshake(ssl); })) {
    // OpenSSL puts it off while data of the peer waits to be read.
    if (SSL_renegotiate_pending(ssl) == 0) result_.renegotiation = Renegotiation::completed;
    co_return;
  }
  if (result_.alert)
    result_.renegotiation = Renegotiation::refused;
  else
    result_.renegotiation = stream_ == Stream::timed_out ? Renegotiation::timed_out : Renegotiation::closed;
}

asio::awaitable<void> Attempt::run() {
  started_ = net::Clock::now();
  const net::Deadlines::Watch watch(deadlines_, socket_, deadline_);
  if (!co_await shake()) {
    explain();
    co_return;
  }
  result_.end = HandshakeEnd::completed;
  if (!request_.requests.empty() || result_.early_data_accepted == true) co_await converse();
  if (request_.want_ticket && result_.version == Version::tls13 && stream_ == Stream::open) co_await await_ticket();
  if (request_.renegotiate && result_.version != Version::tls13 && stream_ == Stream::open) co_await renegotiate();
  if (request_.want_ticket) {
    result_.session.reset(SSL_get1_session(ssl_.get()));
    if (result_.session && SSL_SESSION_is_resumable(result_.session.get()) != 1) result_.session.reset();
  }
  // Without a close_notify both sides forget the session: OpenSSL as RFC 2246 7.2.1 has it.
  SSL_set_shutdown(ssl_.get(), SSL_get_shutdown(ssl_.get()) | SSL_RECEIVED_SHUTDOWN);
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  if (stream_ != Stream::timed_out) co_await flush();
  if (request_.want_ticket) {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
}

}  // namespace

void ContextEnd::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }
void SessionEnd::operator()(ssl_session_st* session) const { SSL_SESSION_free(session); }

Context::Context() {
  // The system's configuration may forbid just what is looked for.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = context_.get();
  if (!context) return;
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
  SSL_CTX_set_ciphersuites(context,
                           "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                           "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256");
  SSL_CTX_set1_groups_list(context,
                           "X25519:P-256:X448:P-521:P-384:secp256k1:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:"
                           "P-224:P-192:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192");
  SSL_CTX_set_options(
      context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, static_cast<long>(limits::certificate_message));
  // Judged elsewhere, and never a reason to stop.
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_cert_verify_callback(context, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
}

std::string_view to_text(HandshakeEnd end) {
  switch (end) {
    case HandshakeEnd::completed:
      return "completed";
    case HandshakeEnd::alert:
      return "the server sent an alert";
    case HandshakeEnd::closed:
      return "the server closed the connection";
    case HandshakeEnd::reset:
      return "the server reset the connection";
    case HandshakeEnd::timed_out:
      return "the handshake was not finished in time";
    case HandshakeEnd::not_tls:
      return "the answer is not TLS";
    case HandshakeEnd::violation:
      return "the server broke the protocol";
    case HandshakeEnd::refused_here:
      return "this handshake cannot be made here";
  }
  return "";
}

std::string_view to_text(Renegotiation outcome) {
  switch (outcome) {
    case Renegotiation::not_tried:
      return "not tried";
    case Renegotiation::completed:
      return "completed";
    case Renegotiation::refused:
      return "refused";
    case Renegotiation::closed:
      return "answered by closing";
    case Renegotiation::timed_out:
      return "not answered";
  }
  return "";
}

asio::awaitable<HandshakeResult> handshake(net::Deadlines& deadlines, asio::ip::tcp::socket& socket,
                                           const HandshakeRequest& request, net::Clock::time_point deadline,
                                           Context& context) {
  HandshakeResult result;
  ERR_clear_error();
  Attempt attempt(deadlines, socket, request, deadline, result);
  if (attempt.prepare(context.native())) {
    co_await attempt.run();
  } else {
    result.end = HandshakeEnd::refused_here;
    result.why = fmt::format("OpenSSL does not take the request: {}", openssl_reason());
  }
  ERR_clear_error();
  co_return result;
}

}  // namespace wiretight::tls
