#include <algorithm>

#include "net/hello/flight.h"
#include "require.h"

// The beginning of a client's byte stream, whole and in pieces, and in place where that works.
namespace {

using namespace wiretight::tls;

std::size_t touch(Bytes bytes) {
  std::size_t sum = 0;
  for (std::uint8_t byte : bytes) sum += byte;
  return sum;
}

std::size_t touch(const ClientHello& hello) {
  std::size_t sum = touch(hello.random) + touch(hello.session_id) + touch(hello.ssl2_kinds) +
                    touch(hello.compressions) + touch(as_bytes(hello.server_name)) + touch(hello.alpn) +
                    touch(hello.point_formats) + touch(hello.psk_modes) + touch(hello.key_shares) + touch(hello.ticket);
  for (const Codes& codes :
       {hello.suites, hello.groups, hello.signature_schemes, hello.certificate_signature_schemes, hello.versions})
    for (std::uint16_t code : codes) sum += code;
  for (const Extension& extension : hello.extensions) sum += extension.type + touch(extension.body);
  for (std::size_t index = 0; auto name = hello.alpn_name(index); ++index) sum += name->size();
  for (std::size_t index = 0; auto share = hello.share(index); ++index) sum += touch(share->key);
  if (auto version = hello.highest_version()) require(hello.offers(*version) || hello.ssl2_format);
  return sum + hello.offers_post_quantum() + hello.offers_suite(0x1301) + hello.offers(Version::ssl2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  ClientFlight whole;
  whole.feed(bytes);
  ClientFlight pieces;
  std::size_t piece = 1 + size % 7;
  for (std::size_t at = 0; at < size; at += piece) pieces.feed(bytes.subspan(at, std::min(piece, size - at)));
  require(whole.state() == pieces.state());
  require(whole.why() == pieces.why());
  require(whole.hello().has_value() == (whole.state() == ClientFlight::State::done));
  if (whole.hello()) require(touch(*whole.hello()) == touch(*pieces.hello()));

  if (auto body = client_hello_in_place(bytes)) {
    auto hello = parse_client_hello(*body);
    require(hello.has_value() == (whole.state() == ClientFlight::State::done));
    if (hello) require(touch(*hello) == touch(*whole.hello()));
  }
  return 0;
}
