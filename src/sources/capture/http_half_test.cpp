#include "sources/capture/http_half.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace wiretight;
using namespace wiretight::capture;

namespace {

struct Log final : HttpEvents {
  std::vector<std::string> seen = {};
  Body on_request(const HttpHead& head) override {
    seen.push_back(std::string(head.method) + " " + std::string(head.target));
    if (head.chunked) return {.kind = Body::Kind::chunked};
    return {.kind = Body::Kind::length, .length = head.content_length.value_or(0), .shown = 4};
  }
  Body on_response(const HttpHead& head) override {
    seen.push_back(std::to_string(head.status));
    if (head.status == 100) return {};
    return {.kind = Body::Kind::length, .length = head.content_length.value_or(0)};
  }
  void on_body(Bytes beginning) override { seen.emplace_back(beginning.begin(), beginning.end()); }
  void on_broken_head(const HttpHead& head) override { seen.push_back("broken " + std::string(head.method)); }
};

// An HttpHalf behind an Assembly, as captures have it.
struct Reader {
  HttpHalf half = {};
  Log log = {};
  std::uint64_t read(Bytes bytes, std::size_t fresh) { return half.read(bytes, fresh, log); }
  std::uint64_t lack(Bytes bytes, std::uint32_t missing, stream::Lack) { return half.lack(bytes, missing, log); }
  bool adrift() const { return half.is_adrift(); }
};

std::vector<std::string> read(const std::string& text, std::size_t piece, std::size_t lost_from = 0,
                              std::size_t lost_to = 0) {
  stream::Assembly assembly;
  stream::Budget budget(1 << 20);
  Reader reader;
  assembly.begin(1);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (at >= lost_from && at < lost_to) continue;
    const std::string part = text.substr(at, piece);
    assembly.take(static_cast<std::uint32_t>(1 + at), {reinterpret_cast<const std::uint8_t*>(part.data()), part.size()},
                  static_cast<std::uint32_t>(part.size()), reader, budget);
  }
  assembly.finish(reader, budget);
  CHECK(budget.used() == 0);
  return reader.log.seen;
}

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("pipelined requests, split at every byte") {
  const std::string text =
      "POST /a HTTP/1.1\r\nContent-Length: 6\r\n\r\nabcdef\r\nGET /b HTTP/1.1\r\n\r\n"
      "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nPOST \r\n0\r\nTrailer: x\r\n\r\nGET /d "
      "HTTP/1.1\n\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece)
    CHECK(read(text, piece) == Seen{"POST /a", "abcd", "GET /b", "POST /c", "GET /d"});
}

TEST_CASE("interim responses have no body") {
  CHECK(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 400 Bad\r\n\r\n",
             9) == Seen{"100", "200", "400"});
}

TEST_CASE("a hole in a body costs nothing, one in a head costs that message") {
  const std::string one = "POST /1 HTTP/1.1\r\nContent-Length: 100\r\n\r\n";
  const std::string text = one + std::string(100, 'x') + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  CHECK(read(text, 10, 60, 120) == Seen{"POST /1", "xxxx", "GET /2"});
  const Seen broken = read("POST /1 HTTP/1.1\r\nHost: a\r\nAuthorization: 0123456789\r\n\r\n", 1, 40, 45);
  CHECK(broken == Seen{"broken POST"});
}

TEST_CASE("what is no HTTP, or has no end, is let go") {
  CHECK(read("SSH-2.0-OpenSSH\r\nPOST / HTTP/1.1\r\n\r\n", 100).empty());
  CHECK(read("POST / HTTP/1.1\r\nA: " + std::string(80'000, 'a'), 1000) == Seen{"broken POST"});
  CHECK(read("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nGET /x HTTP/1.1\r\n\r\n", 1000).size() ==
        2);
  CHECK(read("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 1000) == Seen{"POST /"});
}
