#include <algorithm>

#include "net/hello/build.h"
#include "net/hello/flight.h"

namespace wiretight::tls {
namespace {

constexpr auto handshake = static_cast<std::uint8_t>(ContentType::handshake);
constexpr auto client_hello_type = static_cast<std::uint8_t>(HandshakeType::client_hello);

}  // namespace

ClientFlight::State ClientFlight::feed(Bytes bytes) {
  while (state_ == State::need_more && !bytes.empty()) {
    if (record_left_ == 0) {
      header_[header_size_++] = bytes.front();
      bytes = bytes.subspan(1);
      take_header();
      continue;
    }
    Bytes part = bytes.first(std::min(bytes.size(), record_left_));
    buffer_.insert(buffer_.end(), part.begin(), part.end());
    record_left_ -= part.size();
    bytes = bytes.subspan(part.size());
    check_message();
  }
  return state_;
}

void ClientFlight::take_header() {
  bool two_byte_header = (header_[0] & 0x80) != 0;
  if (records_ == 0) {
    if (!two_byte_header && (header_[0] != handshake || (header_size_ > 1 && header_[1] != 3))) {
      state_ = State::not_tls;
      return;
    }
    if (two_byte_header && header_size_ == 3) return start_ssl2();
  }
  if (header_size_ < header_.size()) return;
  header_size_ = 0;
  record_left_ = static_cast<std::size_t>(header_[3] << 8 | header_[4]);
  if (records_ == 0) record_version_ = static_cast<std::uint16_t>(header_[1] << 8 | header_[2]);
  if (header_[0] != handshake || header_[1] != 3) return fail("ClientHello cut off by another record");
  if (++records_ > limits::records) return fail("too many records");
  if (record_left_ == 0) return fail("empty handshake record");
  if (record_left_ > limits::record_payload) return fail("record longer than TLS allows");
}

// An SSLv2 CLIENT-HELLO: two bytes of length with the top bit set, then type 1.
void ClientFlight::start_ssl2() {
  std::size_t size = static_cast<std::size_t>((header_[0] & 0x7f) << 8 | header_[1]);
  if (header_[2] != client_hello_type || size < 2) {
    state_ = State::not_tls;
    return;
  }
  ssl2_ = true;
  ++records_;
  header_size_ = 0;
  buffer_.push_back(header_[2]);
  record_left_ = size - 1;
}

void ClientFlight::check_message() {
  if (ssl2_) {
    if (record_left_ > 0) return;
    auto hello = parse_ssl2_client_hello(buffer_);
    if (!hello) return fail(hello.error());
    state_ = State::done;
    return;
  }
  if (buffer_.empty()) return;
  if (buffer_[0] != client_hello_type) return fail("handshake that does not begin with a ClientHello");
  if (buffer_.size() < 4) return;
  std::size_t size = Reader(Bytes(buffer_).subspan(1)).u24();
  if (size > limits::before_hello) return fail("ClientHello longer than the limit");
  if (buffer_.size() < 4 + size) return;
  buffer_.resize(4 + size);
  auto hello = parse_client_hello(Bytes(buffer_).subspan(4));
  if (!hello) return fail(hello.error());
  state_ = State::done;
}

void ClientFlight::fail(std::string_view why) {
  state_ = State::violation;
  why_ = why;
}

void ClientFlight::reset() {
  std::vector<std::uint8_t> buffer = std::move(buffer_);
  buffer.clear();
  *this = ClientFlight();
  buffer_ = std::move(buffer);
}

std::optional<ClientHello> ClientFlight::hello() const {
  if (state_ != State::done) return std::nullopt;
  auto hello = ssl2_ ? parse_ssl2_client_hello(buffer_) : parse_client_hello(Bytes(buffer_).subspan(4));
  if (!hello) return std::nullopt;
  return *hello;
}

std::optional<Bytes> client_hello_in_place(Bytes bytes) {
  Reader in(bytes);
  bool is_handshake = in.u8() == handshake && in.u8() == 3;
  in.u8();
  Reader record(in.vector(2));
  bool is_hello = record.u8() == client_hello_type;
  Bytes body = record.vector(3);
  if (!is_handshake || !is_hello || !in.ok() || !record.ok()) return std::nullopt;
  return body;
}

}  // namespace wiretight::tls
