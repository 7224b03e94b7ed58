#include "net/http.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <fmt/format.h>

#include "core/text.h"

namespace wiretight::http {
namespace {

namespace asio = boost::asio;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

// The blanks of RFC 9110 5.6.3 only: other white space in a field is the peer's.
std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Is `token` one of the comma-separated words of `list`, in any case?
bool lists(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (lower(trimmed(list.substr(0, comma))) == token) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A TLS record of type change_cipher_spec, alert or handshake: what a TLS server may say to cleartext.
bool begins_like_tls(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] >= 20 && bytes[0] <= 22 && bytes[1] == 3;
}

constexpr std::size_t tls_header = 5;

constexpr std::string_view status_begin = "HTTP/";

}  // namespace

std::string dynamodb_probe(std::string_view authority, bool last) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: {}\r\nUser-Agent: wiretight\r\nX-Amz-Target: DynamoDB_20120810.WiretightProbe\r\n"
      "Content-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\nConnection: {}\r\n\r\n{{}}",
      authority, last ? "close" : "keep-alive");
}

std::string get_root(std::string_view authority, bool last) {
  return fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nUser-Agent: wiretight\r\nAccept: */*\r\nConnection: {}\r\n\r\n",
                     authority, last ? "close" : "keep-alive");
}

std::string upgrade_to_tls(std::string_view authority) {
  return fmt::format(
      "OPTIONS * HTTP/1.1\r\nHost: {}\r\nUser-Agent: wiretight\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n",
      authority);
}

std::string_view Response::header(std::string_view name) const {
  const auto at = std::ranges::find(headers, name, &Header::name);
  return at == headers.end() ? std::string_view{} : at->value;
}

bool Response::has(std::string_view name) const {
  return std::ranges::find(headers, name, &Header::name) != headers.end();
}

void ResponseReader::fail(std::string_view why) {
  state_ = State::bad;
  why_ = why;
  response_.keeps_alive = false;
}

void ResponseReader::finish() {
  response_.whole = true;
  state_ = State::complete;
}

std::size_t ResponseReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (state_ == State::need_more && taken < bytes.size()) {
    const auto rest = bytes.substr(taken);
    const bool in_body = part_ == Part::counted || part_ == Part::chunk || part_ == Part::until_close;
    taken += in_body ? take_body(rest) : take_line(rest);
  }
  return taken;
}

ResponseReader::State ResponseReader::close() {
  if (state_ != State::need_more) return state_;
  if (part_ == Part::until_close) {
    finish();
  } else if (part_ == Part::status && !line_.starts_with(status_begin)) {
    state_ = State::not_http;
  } else {
    fail("the answer was cut off");
  }
  return state_;
}

// Takes up to the end of a line; the line is complete when its line feed came. A carriage return before it is dropped.
std::size_t ResponseReader::take_line(std::string_view bytes) {
  const auto feed_at = bytes.find('\n');
  const bool complete = feed_at != std::string_view::npos;
  const std::size_t size = complete ? feed_at + 1 : bytes.size();
  // Before any limit: what does not begin like a status line is no HTTP, however long its first line is.
  if (part_ == Part::status && line_.size() < status_begin.size()) {
    const auto expected = status_begin.substr(line_.size());
    const auto compared = std::min(size, expected.size());
    if (bytes.substr(0, compared) != expected.substr(0, compared)) {
      state_ = State::not_http;
      return size;
    }
  }
  framing_ += size;
  if (framing_ > (head_complete_ ? limits::chunk_lines : limits::head) || line_.size() + size > limits::head) {
    fail(head_complete_ ? "the chunk framing is too long" : "the head is too long");
    return size;
  }
  line_.append(bytes.substr(0, size));
  if (complete) end_line();
  return size;
}

void ResponseReader::end_line() {
  std::string line = std::move(line_);
  line_.clear();
  line.pop_back();
  if (line.ends_with('\r')) line.pop_back();
  switch (part_) {
    case Part::status:
      return take_status(line);
    case Part::fields:
      return line.empty() ? end_head() : take_field(line);
    case Part::chunk_size:
      return take_chunk_size(line);
    case Part::chunk_end:
      if (!line.empty()) return fail("a chunk is longer than it said");
      part_ = Part::chunk_size;
      return;
    case Part::trailer:
      if (line.empty()) finish();
      return;
    case Part::counted:
    case Part::chunk:
    case Part::until_close:
      return;
  }
}

// HTTP/1.x SP 3DIGIT [SP reason]
void ResponseReader::take_status(std::string_view line) {
  const auto version = line.substr(0, line.find(' '));
  if (version.size() != 8 || !version.starts_with("HTTP/1.") || !all_digits(version.substr(7)))
    return fail("the status line has no version of HTTP/1");
  const auto rest = line.substr(std::min(line.size(), version.size() + 1));
  const auto status = rest.substr(0, rest.find(' '));
  if (status.size() != 3 || !all_digits(status) || status[0] == '0') return fail("the status is no number");
  response_.minor_version = version[7] - '0';
  std::from_chars(status.data(), status.data() + status.size(), response_.status);
  part_ = Part::fields;
}

void ResponseReader::take_field(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') {
    if (response_.headers.empty()) return fail("the first header field is a continuation");
    response_.headers.back().value.append(" ").append(trimmed(line));
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return fail("a header field has no name");
  if (response_.headers.size() == limits::headers) return fail("there are too many header fields");
  response_.headers.push_back(
      {.name = lower(trimmed(line.substr(0, colon))), .value = std::string(trimmed(line.substr(colon + 1)))});
}

void ResponseReader::end_head() {
  // 101 is final here: what follows is another protocol.
  if (response_.status < 200 && response_.status != 101) {
    if (++interim_ > limits::interim) return fail("there are too many interim answers");
    response_ = {};
    part_ = Part::status;
    return;
  }
  head_complete_ = true;
  framing_ = 0;
  start_body();
}

// RFC 9112 section 6.3.
void ResponseReader::start_body() {
  const auto connection = response_.header("connection");
  response_.keeps_alive = response_.minor_version == 0 ? lists(connection, "keep-alive") : !lists(connection, "close");
  if (response_.status == 101 || response_.status == 204 || response_.status == 304) {
    response_.keeps_alive = response_.keeps_alive && response_.status != 101;
    return finish();
  }
  if (response_.has("transfer-encoding")) {
    if (lists(response_.header("transfer-encoding"), "chunked")) {
      part_ = Part::chunk_size;
      return;
    }
  } else if (response_.has("content-length")) {
    const std::string_view length = response_.header("content-length");
    for (const Header& header : response_.headers)
      if (header.name == "content-length" && header.value != length) return fail("two lengths contradict each other");
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), left_);
    if (!all_digits(length) || error != std::errc{} || end != length.data() + length.size())
      return fail("the length is no number");
    part_ = Part::counted;
    if (left_ == 0) finish();
    return;
  }
  response_.keeps_alive = false;
  part_ = Part::until_close;
}

void ResponseReader::take_chunk_size(std::string_view line) {
  const auto digits = trimmed(line.substr(0, line.find(';')));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return fail("the length of a chunk is no number");
  part_ = left_ == 0 ? Part::trailer : Part::chunk;
}

std::size_t ResponseReader::take_body(std::string_view bytes) {
  std::size_t size = bytes.size();
  if (part_ != Part::until_close) size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
  const std::size_t room = limits::body - response_.body.size();
  if (size > room) {
    response_.body.append(bytes.substr(0, room));
    response_.body_cut_off = true;
    response_.keeps_alive = false;
    state_ = State::complete;
    return room;
  }
  response_.body.append(bytes.substr(0, size));
  left_ -= std::min<std::uint64_t>(size, left_);
  if (left_ == 0 && part_ == Part::counted) finish();
  if (left_ == 0 && part_ == Part::chunk) part_ = Part::chunk_end;
  return size;
}

std::string_view to_text(End end) {
  switch (end) {
    case End::complete:
      return "answered";
    case End::closed:
      return "the peer closed the connection";
    case End::reset:
      return "the peer reset the connection";
    case End::timed_out:
      return "no answer came in time";
    case End::tls_required:
      return "the peer answered with TLS";
    case End::not_http:
      return "the answer is not HTTP";
    case End::bad:
      return "the answer is broken HTTP";
  }
  return "";
}

Conversation::Conversation(const std::vector<std::string>& requests, std::size_t sent_already)
    : requests_(requests), sent_(sent_already) {
  if (requests.empty()) {
    alive_ = true;
    end(End::complete);
  }
}

std::string_view Conversation::next() {
  if (over_ || sent_ > answered_ || sent_ == requests_.size()) return {};
  exchange_.sent += requests_[sent_].size();
  return requests_[sent_++];
}

void Conversation::end(End how) {
  exchange_.end = how;
  over_ = true;
}

void Conversation::feed(std::string_view bytes) {
  if (over_) return;
  exchange_.received += bytes.size();
  if (answered_ == 0) {
    auto& first = exchange_.first_bytes;
    first.append(bytes.substr(0, std::min(bytes.size(), limits::first_bytes - first.size())));
  }
  if (foreign_) return take_foreign();
  const std::size_t taken = reader_.feed(bytes);
  switch (reader_.state()) {
    case ResponseReader::State::need_more:
      return;
    case ResponseReader::State::complete: {
      const bool left_over = taken < bytes.size();
      exchange_.responses.push_back(reader_.take());
      reader_ = {};
      ++answered_;
      alive_ = exchange_.responses.back().keeps_alive && !left_over;
      if (answered_ == requests_.size() || !alive_) end(End::complete);
      return;
    }
    case ResponseReader::State::bad:
      exchange_.why = reader_.why();
      return end(End::bad);
    case ResponseReader::State::not_http:
      foreign_ = true;
      return take_foreign();
  }
}

// The first byte already tells HTTP from the rest; a whole TLS record header is waited for, so that one stray byte is
// not called TLS.
void Conversation::take_foreign() {
  const auto& first = exchange_.first_bytes;
  const bool may_be_tls =
      answered_ == 0 && (first.size() < 2 ? first[0] >= 20 && first[0] <= 22 : begins_like_tls(first));
  if (may_be_tls && first.size() < tls_header) return;
  end(may_be_tls ? End::tls_required : End::not_http);
}

void Conversation::stop(End how) {
  if (over_) return;
  alive_ = false;
  if (foreign_) return end(End::not_http);
  if (how == End::closed && reader_.close() == ResponseReader::State::complete) {
    exchange_.responses.push_back(reader_.take());
    return end(End::complete);
  }
  if (how == End::closed && exchange_.received > 0 && answered_ == 0 &&
      reader_.state() == ResponseReader::State::not_http)
    return end(End::not_http);
  // An answer to the first request is an answer, whatever becomes of the second.
  end(how);
}

asio::awaitable<Exchange> exchange(net::Deadlines& deadlines, asio::ip::tcp::socket& socket,
                                   const std::vector<std::string>& requests, net::Clock::time_point deadline) {
  Conversation conversation(requests);
  const net::Deadlines::Watch watch(deadlines, socket, deadline);
  const auto stop = [&](const boost::system::error_code& error) {
    if (watch.expired())
      conversation.stop(End::timed_out);
    else
      conversation.stop(error == asio::error::eof ? End::closed : End::reset);
  };
  std::array<char, 4096> buffer = {};
  while (!conversation.over()) {
    if (const auto request = conversation.next(); !request.empty()) {
      const auto [error, size] = co_await asio::async_write(socket, asio::buffer(request), quietly);
      if (error) stop(error);
      continue;
    }
    const auto [error, size] = co_await socket.async_read_some(asio::buffer(buffer), quietly);
    if (size > 0) conversation.feed({buffer.data(), size});
    if (error) stop(error);
  }
  co_return conversation.take();
}

}  // namespace wiretight::http
