#include "sources/capture/dax.h"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

#include "net/stream/assembly.h"

using namespace wiretight;
using namespace wiretight::capture;
using namespace std::string_literals;

namespace {

std::string text(const std::string& value) {
  std::string out = "\x79"s;
  out += static_cast<char>(value.size() >> 8);
  out += static_cast<char>(value.size());
  return out + value;
}

const std::string hello =
    "\x67J7yne5G\0"s + "\x50" + std::string(16, 's') + "\xa1" + text("UserAgent") + text("Go-1") + "\0"s;
const std::string authorisation = "\x01\x1a\x58\xc2\x33\x6b"s + text("ASIA0123456789ABCDEF") +
                                  text(std::string(64, '0')) +
                                  text("AWS4-HMAC-SHA256\n20261124T000000Z\n20261124/eu-west-1/dax/aws4_request\n00") +
                                  text("a-token") + text("Go-1");
const std::string get_item = "\x01\x1a\x0f\xb0\xcc\x6a"s + "\x45Music" + "\x41\x01" + "\xf6";
const std::string put_item = "\x01\x3a\x7d\x8e\x7e\x56"s + "\x45Music" + "\x41\x01" + "\x43xyz" + "\xf6";

// Shows the client's bytes in pieces, as an assembly does.
DaxClient read(const std::string& bytes, std::size_t piece) {
  DaxClient client;
  std::string kept;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::string part = bytes.substr(at, piece);
    at += part.size();
    kept += part;
    const std::uint64_t taken = client.read({reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size()});
    if (taken == stream::enough) break;
    if (taken > kept.size()) {
      at += taken - kept.size();
      kept.clear();
    } else {
      kept.erase(0, taken);
    }
  }
  return client;
}

}  // namespace

TEST_CASE("authorisation and requests of a DAX client, in any pieces") {
  const std::string bytes = hello + authorisation + get_item + get_item + put_item;
  for (std::size_t piece : {1UL, 2UL, 3UL, 7UL, 100UL, bytes.size()}) {
    const DaxClient client = read(bytes, piece);
    CHECK(client.key_id() == "ASIA0123456789ABCDEF");
    CHECK(client.region() == "eu-west-1");
    CHECK(client.user_agent() == "Go-1");
    CHECK(client.session_tokens() == 1);
    CHECK(client.tables() == std::vector<std::string>{"Music"});
    REQUIRE(client.operations().size() == 2);
    CHECK(client.operations()[0].first == "GetItem");
    CHECK(client.operations()[0].second == 2);
    CHECK(client.operations()[1].first == "PutItem");
  }
}

TEST_CASE("long-term keys have no token") {
  std::string bytes = hello + authorisation;
  bytes.replace(bytes.find(text("a-token")), text("a-token").size(), "\xf6");
  const DaxClient client = read(bytes + get_item, 5);
  CHECK(client.session_tokens() == 0);
  CHECK(client.operations().size() == 1);
}

TEST_CASE("contents that look like requests are jumped over") {
  const std::string item = "\x01\x3a\x7d\x8e\x7e\x56"s + "\x45Music" + "\x41\x01" + text(get_item + get_item) + "\xf6";
  const DaxClient client = read(hello + authorisation + item, 4);
  REQUIRE(client.operations().size() == 1);
  CHECK(client.operations()[0].first == "PutItem");
}

TEST_CASE("broken CBOR ends it") {
  DaxClient client;
  const std::uint8_t reserved[] = {0x1c, 0, 0};
  CHECK(client.read(reserved) == stream::enough);
  const std::uint8_t endless[] = {0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  CHECK(client.read(endless) == stream::enough);
}
