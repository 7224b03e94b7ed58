#include "facts/listener.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("an endpoint's text") {
  Listener listener{.host = "db.example", .port = 443};
  CHECK(listener.endpoint() == "db.example:443");
  listener.host = "2001:db8::1";
  CHECK(listener.endpoint() == "[2001:db8::1]:443");
}

TEST_CASE("the place names the address only where several differ") {
  Listener listener{.host = "db.example", .address = "192.0.2.1", .port = 443};
  CHECK(to_text(listener.place()) == "db.example:443");
  listener.several_addresses = true;
  CHECK(to_text(listener.place()) == "db.example:443 (192.0.2.1)");
}

TEST_CASE("a version that was not tested is not accepted, and not refused either") {
  Listener listener;
  listener.protocols.push_back({.version = ProtocolVersion::tls10, .accepted = unresolved<bool>("cut off")});
  listener.protocols.push_back({.version = ProtocolVersion::tls12, .accepted = observed(true)});
  CHECK_FALSE(listener.accepts(ProtocolVersion::tls10));
  CHECK_FALSE(listener.protocol(ProtocolVersion::tls10)->accepted.isnt(true));
  CHECK(listener.accepts(ProtocolVersion::tls12));
  CHECK_FALSE(listener.accepts(ProtocolVersion::ssl3));
  CHECK(listener.protocol(ProtocolVersion::ssl3) == nullptr);
}

TEST_CASE("what was recorded stands in the recording, what was probed at its endpoint") {
  Listener listener;
  listener.host = "db.example";
  listener.port = 443;
  CHECK(listener.place() == Place(EndpointPlace{.endpoint = "db.example:443"}));
  listener.seen_at = CapturePlace{.file = "dump.pcap", .frame = 4};
  CHECK(listener.place() == Place(CapturePlace{.file = "dump.pcap", .frame = 4}));
}
