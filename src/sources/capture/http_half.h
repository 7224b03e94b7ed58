#pragma once

#include <cstdint>

#include "net/stream/assembly.h"
#include "sources/capture/http_head.h"

namespace wiretight::capture {

// What follows a header block.
struct Body {
  enum class Kind : std::uint8_t {
    none,
    length,
    chunked,
    until_close,
    tunnel,  // not HTTP any more
    stop,    // nothing that can be read
  };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
  std::uint64_t shown = 0;  // so many bytes of the beginning are wanted, of a body with a length
};

// Who hears of the messages of one direction.
class HttpEvents {
 public:
  HttpEvents() = default;
  HttpEvents(const HttpEvents&) = delete;
  HttpEvents& operator=(const HttpEvents&) = delete;
  virtual ~HttpEvents() = default;
  virtual Body on_request(const HttpHead& head) = 0;
  virtual Body on_response(const HttpHead& head) = 0;
  // The bytes that were wanted of a body, or what there is of them.
  virtual void on_body(Bytes beginning) = 0;
  // A header block that will never be whole.
  virtual void on_broken_head(const HttpHead& head) = 0;
};

// One direction of an HTTP/1.x connection: header blocks are read, bodies are jumped over by their length or chunk by
// chunk. When it has lost its way (a hole, a message that breaks the rules) it looks for the next message at the
// beginning of each segment. A reader for stream::Assembly.
class HttpHalf {
 public:
  std::uint64_t read(Bytes bytes, std::size_t fresh, HttpEvents& events);
  std::uint64_t lack(Bytes bytes, std::uint32_t missing, HttpEvents& events);
  bool is_adrift() const { return mode_ == Mode::adrift; }
  bool is_tunnel() const { return mode_ == Mode::tunnel; }
  // A header block or what leads to the next one: a hole here costs knowledge.
  bool needs_every_byte() const { return mode_ != Mode::adrift && mode_ != Mode::tunnel; }

 private:
  enum class Mode : std::uint8_t { head, body, chunk, trailer, tunnel, adrift };
  enum class Role : std::uint8_t { unknown, client, server };

  std::uint64_t read_head_block(Bytes bytes, std::size_t fresh, HttpEvents& events);
  std::uint64_t read_body(Bytes bytes, HttpEvents& events);
  std::uint64_t read_chunk(Bytes bytes);
  std::uint64_t read_trailer(Bytes bytes);
  std::uint64_t lose(Bytes bytes);
  Likeness like_message(Bytes bytes) const;

  Mode mode_ = Mode::head;
  Role role_ = Role::unknown;
  std::uint64_t left_ = 0;    // of a body that is shown
  std::uint64_t wanted_ = 0;  // of those
};

}  // namespace wiretight::capture
