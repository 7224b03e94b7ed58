#include "sources/capture/http_half.h"

#include <algorithm>
#include <cstring>

namespace wiretight::capture {
namespace {

constexpr std::size_t longest_line = 4096;  // of a chunk's size or a trailer

// The length of the first line with its end; 0 when it has none yet.
std::size_t line_end(Bytes bytes) {
  const void* found = std::memchr(bytes.data(), '\n', bytes.size());
  return found == nullptr ? 0 : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data()) + 1;
}

int hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::uint64_t HttpHalf::read(Bytes bytes, std::size_t fresh, HttpEvents& events) {
  switch (mode_) {
    case Mode::head:
      return read_head_block(bytes, fresh, events);
    case Mode::body:
      return read_body(bytes, events);
    case Mode::chunk:
      return read_chunk(bytes);
    case Mode::trailer:
      return read_trailer(bytes);
    case Mode::adrift:
      if (like_message(bytes) == Likeness::no) return bytes.size();
      mode_ = Mode::head;
      return read_head_block(bytes, bytes.size(), events);
    case Mode::tunnel:
      break;
  }
  return bytes.size();
}

Likeness HttpHalf::like_message(Bytes bytes) const {
  const Likeness request = role_ == Role::server ? Likeness::no : like_request(bytes);
  const Likeness response = role_ == Role::client ? Likeness::no : like_response(bytes);
  return std::max(request, response);
}

std::uint64_t HttpHalf::lose(Bytes bytes) {
  mode_ = Mode::adrift;
  return bytes.size();
}

std::uint64_t HttpHalf::read_head_block(Bytes bytes, std::size_t fresh, HttpEvents& events) {
  // RFC 9112 2.2: empty lines before a request are passed over.
  std::size_t blank = 0;
  while (blank < bytes.size() && (bytes[blank] == '\r' || bytes[blank] == '\n')) ++blank;
  if (blank > 0) return blank;
  const Likeness likeness = like_message(bytes);
  if (likeness == Likeness::no) return lose(bytes);
  const std::size_t end = head_end(bytes, fresh);
  if (end == 0) return 0;
  const auto head = read_head(bytes.first(end));
  if (!head || (head->is_request ? role_ == Role::server : role_ == Role::client)) return lose(bytes);
  role_ = head->is_request ? Role::client : Role::server;
  const Body body = head->is_request ? events.on_request(*head) : events.on_response(*head);
  switch (body.kind) {
    case Body::Kind::none:
      return end;
    case Body::Kind::length:
      if (body.length > stream::longest_skip) return lose(bytes);
      if (body.shown == 0 || body.length == 0) return end + body.length;
      mode_ = Mode::body;
      left_ = body.length;
      wanted_ = std::min(body.length, body.shown);
      return end;
    case Body::Kind::chunked:
      mode_ = Mode::chunk;
      return end;
    case Body::Kind::tunnel:
      mode_ = Mode::tunnel;
      return end;
    case Body::Kind::until_close:
    case Body::Kind::stop:
      break;
  }
  return stream::enough;
}

std::uint64_t HttpHalf::read_body(Bytes bytes, HttpEvents& events) {
  if (bytes.size() < wanted_) return 0;
  events.on_body(bytes.first(static_cast<std::size_t>(wanted_)));
  mode_ = Mode::head;
  return left_;
}

std::uint64_t HttpHalf::read_chunk(Bytes bytes) {
  const std::size_t end = line_end(bytes);
  if (end == 0) return bytes.size() > longest_line ? lose(bytes) : 0;
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < end && hex_digit(bytes[digits]) >= 0; ++digits) {
    if (digits == 8) return lose(bytes);
    size = size << 4 | static_cast<std::uint64_t>(hex_digit(bytes[digits]));
  }
  if (digits == 0 || size > stream::longest_skip) return lose(bytes);
  if (size == 0) {
    mode_ = Mode::trailer;
    return end;
  }
  return end + size + 2;  // and the line's end behind the data
}

std::uint64_t HttpHalf::read_trailer(Bytes bytes) {
  const std::size_t end = line_end(bytes);
  if (end == 0) return bytes.size() > longest_line ? lose(bytes) : 0;
  if (end == 1 || (end == 2 && bytes[0] == '\r')) mode_ = Mode::head;
  return end;
}

std::uint64_t HttpHalf::lack(Bytes bytes, std::uint32_t missing, HttpEvents& events) {
  if (mode_ == Mode::body) {
    events.on_body(bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), wanted_))));
    if (left_ >= bytes.size() + missing) {
      mode_ = Mode::head;
      return left_ - bytes.size() - missing;
    }
  } else if (mode_ == Mode::head && !bytes.empty()) {
    if (const auto head = read_head(bytes)) events.on_broken_head(*head);
  }
  mode_ = Mode::adrift;
  return 0;
}

}  // namespace wiretight::capture
