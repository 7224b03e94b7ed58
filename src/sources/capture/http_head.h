#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wiretight::capture {

using Bytes = std::span<const std::uint8_t>;

// What the header block of an HTTP/1.x message says, as far as it matters here. Views into the block; foreign bytes.
// Of a header that comes twice the first counts.
struct HttpHead {
  bool is_request = false;
  std::string_view method = {};
  std::string_view target = {};  // of the request line
  int status = 0;

  std::string_view host = {};
  std::string_view operation = {};  // X-Amz-Target
  std::string_view authorization = {};
  std::string_view proxy_authorization = {};
  std::string_view session_token = {};
  std::string_view user_agent = {};
  std::string_view content_type = {};
  std::string_view smithy_protocol = {};
  std::string_view request_id = {};  // x-amzn-RequestId
  std::string_view crc32 = {};       // x-amz-crc32
  std::optional<std::uint64_t> content_length = {};
  bool chunked = false;
};

// Where the header block that `bytes` begin with ends, behind its empty line; 0 when it does not end yet. Only the last
// `fresh` bytes are searched (those before were), so that a block that drips in costs no more than one that comes
// whole.
std::size_t head_end(Bytes bytes, std::size_t fresh);

// Reads a block; of one that is cut off, all whole lines. Nothing when the first line is no request or status line of
// HTTP/1.x.
std::optional<HttpHead> read_head(Bytes block);

// The beginning of a stream or of what follows a message: is it HTTP?
enum class Likeness : std::uint8_t { no, maybe, yes };
Likeness like_request(Bytes bytes);   // "POST "
Likeness like_response(Bytes bytes);  // "HTTP/1."

}  // namespace wiretight::capture
