#include "core/place.h"

#include <doctest/doctest.h>

using namespace wiretight;

TEST_CASE("places for people") {
  CHECK(to_text(Place{}).empty());
  CHECK(to_text(FilePlace{.file = "src/app.py"}) == "src/app.py");
  CHECK(to_text(FilePlace{.file = "src/app.py", .line = 3}) == "src/app.py:3");
  CHECK(to_text(FilePlace{.file = "src/app.py", .line = 3, .column = 5}) == "src/app.py:3:5");
  CHECK(to_text(EndpointPlace{.endpoint = "db.example:443"}) == "db.example:443");
  CHECK(to_text(EndpointPlace{.endpoint = "db.example:443", .address = "192.0.2.1"}) == "db.example:443 (192.0.2.1)");
  CHECK(to_text(ResourcePlace{.resource = "aws_dax_cluster.orders"}) == "aws_dax_cluster.orders");
  CHECK(to_text(CapturePlace{.file = "dump.pcap", .frame = 17}) == "dump.pcap frame 17");
  CHECK(to_text(TrailPlace{.file = "a.json.gz", .record = 2}) == "a.json.gz record 2");
}

TEST_CASE("an anchor survives a move within its file and tells kinds apart") {
  const FilePlace before{.file = "app.py", .line = 3, .column = 5, .offset = 40, .length = 4};
  const FilePlace after{.file = "app.py", .line = 90, .column = 1, .offset = 4000, .length = 4};
  CHECK(anchor_of(before) == anchor_of(after));
  CHECK(anchor_of(CapturePlace{.file = "d", .frame = 1, .stream = 2}) ==
        anchor_of(CapturePlace{.file = "d", .frame = 9, .stream = 2}));
  CHECK(anchor_of(CapturePlace{.file = "d", .stream = 1}) != anchor_of(CapturePlace{.file = "d", .stream = 2}));
  CHECK(anchor_of(EndpointPlace{.endpoint = "h:1", .address = "192.0.2.1"}) !=
        anchor_of(EndpointPlace{.endpoint = "h:1", .address = "192.0.2.2"}));
  CHECK(anchor_of(TrailPlace{.file = "monday.json.gz", .record = 1}) ==
        anchor_of(TrailPlace{.file = "tuesday.json.gz", .record = 7}));
  CHECK(anchor_of(TrailPlace{.file = "monday.json.gz"}) != anchor_of(TrailPlace{.file = "tuesday.json.gz"}));
  CHECK(anchor_of(ResourcePlace{.resource = "x"}) != anchor_of(FilePlace{.file = "x"}));
}
