#include "sources/capture/http_head.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/text.h"

namespace wiretight::capture {
namespace {

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view name, std::string_view wanted) {
  return name.size() == wanted.size() && std::ranges::equal(name, wanted, [](char a, char b) { return small(a) == b; });
}

// Which member a header of that name fills, if any. The length decides first: most headers end there.
std::string_view HttpHead::* member_of(std::string_view name) {
  const auto if_named = [&](std::string_view wanted, std::string_view HttpHead::* member) {
    return same(name, wanted) ? member : nullptr;
  };
  switch (name.size()) {
    case 4:
      return if_named("host", &HttpHead::host);
    case 10:
      return if_named("user-agent", &HttpHead::user_agent);
    case 11:
      return if_named("x-amz-crc32", &HttpHead::crc32);
    case 12:
      if (same(name, "x-amz-target")) return &HttpHead::operation;
      return if_named("content-type", &HttpHead::content_type);
    case 13:
      return if_named("authorization", &HttpHead::authorization);
    case 15:
      return if_named("smithy-protocol", &HttpHead::smithy_protocol);
    case 16:
      return if_named("x-amzn-requestid", &HttpHead::request_id);
    case 19:
      return if_named("proxy-authorization", &HttpHead::proxy_authorization);
    case 20:
      return if_named("x-amz-security-token", &HttpHead::session_token);
    default:
      return nullptr;
  }
}

bool read_request_line(std::string_view line, HttpHead& head) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first + 1) return false;
  if (!line.substr(last + 1).starts_with("HTTP/1.")) return false;
  head.is_request = true;
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  return head.target.find(' ') == std::string_view::npos;
}

bool read_status_line(std::string_view line, HttpHead& head) {
  // "HTTP/1.1 200 OK"
  if (line.size() < 12 || line[8] != ' ') return false;
  const char* digits = line.data() + 9;
  const auto [end, error] = std::from_chars(digits, digits + 3, head.status);
  return error == std::errc() && end == digits + 3 && head.status >= 100;
}

void read_header(std::string_view line, HttpHead& head) {
  const std::size_t colon = line.find(':');
  // A line that begins with a blank goes on with the one before (obsolete folding): nobody here writes such.
  if (colon == std::string_view::npos || colon == 0 || line[0] == ' ' || line[0] == '\t') return;
  const std::string_view name = line.substr(0, colon), value = trim(line.substr(colon + 1));
  if (same(name, "content-length")) {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error == std::errc() && end == value.data() + value.size() && !head.content_length)
      head.content_length = length;
  } else if (same(name, "transfer-encoding")) {
    if (value.size() >= 7 && same(value.substr(value.size() - 7), "chunked")) head.chunked = true;
  } else if (auto member = member_of(name); member != nullptr && (head.*member).data() == nullptr) {
    head.*member = value;
  }
}

}  // namespace

std::size_t head_end(Bytes bytes, std::size_t fresh) {
  // The end may have begun in what was seen before.
  std::size_t at = bytes.size() - std::min(bytes.size(), fresh + 3);
  while (at < bytes.size()) {
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    if (found == nullptr) return 0;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data()) + 1;
    if (at < bytes.size() && bytes[at] == '\n') return at + 1;
    if (at + 1 < bytes.size() && bytes[at] == '\r' && bytes[at + 1] == '\n') return at + 2;
  }
  return 0;
}

std::optional<HttpHead> read_head(Bytes block) {
  HttpHead head;
  std::string_view rest = as_text(block);
  bool first = true;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;  // cut off: a half line says nothing
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (first) {
      const bool read = line.starts_with("HTTP/1.") ? read_status_line(line, head) : read_request_line(line, head);
      if (!read) return std::nullopt;
      first = false;
    } else if (line.empty()) {
      break;
    } else {
      read_header(line, head);
    }
  }
  if (first) return std::nullopt;
  return head;
}

Likeness like_request(Bytes bytes) {
  constexpr std::size_t longest_method = 16;
  for (std::size_t i = 0; i < bytes.size() && i <= longest_method; ++i) {
    if (bytes[i] == ' ') return i >= 3 ? Likeness::yes : Likeness::no;
    if (bytes[i] < 'A' || bytes[i] > 'Z') return Likeness::no;
  }
  return bytes.size() > longest_method ? Likeness::no : Likeness::maybe;
}

Likeness like_response(Bytes bytes) {
  constexpr std::string_view beginning = "HTTP/1.";
  const std::size_t size = std::min(bytes.size(), beginning.size());
  if (as_text(bytes.first(size)) != beginning.substr(0, size)) return Likeness::no;
  return size == beginning.size() ? Likeness::yes : Likeness::maybe;
}

}  // namespace wiretight::capture
