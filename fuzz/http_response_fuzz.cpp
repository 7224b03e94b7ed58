#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "net/fingerprint.h"
#include "net/http.h"
#include "require.h"

// A server's HTTP answer, whole and in pieces. Beyond "no crash": the pieces must not matter, nothing grows past its
// limit, and nothing is taken after the end.
namespace {

using namespace wiretight::http;

ResponseReader read(std::string_view bytes, std::size_t piece) {
  ResponseReader reader;
  while (!bytes.empty() && reader.state() == ResponseReader::State::need_more) {
    const std::string_view part = bytes.substr(0, piece);
    const std::size_t taken = reader.feed(part);
    require(taken <= part.size());
    require(reader.state() != ResponseReader::State::need_more || taken == part.size());
    bytes.remove_prefix(taken);
  }
  reader.close();
  require(reader.state() != ResponseReader::State::need_more);
  require(reader.feed("HTTP/1.1 200 OK\r\n\r\n") == 0);
  return reader;
}

bool is_within_limits(const Response& response) {
  return response.headers.size() <= limits::headers && response.body.size() <= limits::body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ResponseReader whole = read(bytes, size + 1);
  ResponseReader pieces = read(bytes, 1 + size % 7);
  require(whole.state() == pieces.state());
  require(whole.why() == pieces.why());
  require(whole.response().body == pieces.response().body);
  require(whole.response().status == pieces.response().status);
  require(is_within_limits(whole.response()));
  fingerprint(std::vector<Response>{whole.take(), pieces.take()});
  return 0;
}
