#include "sources/trail/tally.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/text.h"

using namespace wiretight;
using namespace wiretight::trail;

namespace {

struct Event {
  int principal = 0;
  int operation = 0;
  int tls = 0;
  int id = 0;
  int time = 0;
};

std::vector<Event> events(std::size_t count) {
  return *rc::gen::container<std::vector<Event>>(
      count, rc::gen::build<Event>(rc::gen::set(&Event::principal, rc::gen::inRange(0, 12)),
                                   rc::gen::set(&Event::operation, rc::gen::inRange(0, 90)),
                                   rc::gen::set(&Event::tls, rc::gen::inRange(0, 4)),
                                   rc::gen::set(&Event::id, rc::gen::inRange(1, 100)),
                                   rc::gen::set(&Event::time, rc::gen::inRange(1, 1000))));
}

// One file a folder.
Part part_of(const std::vector<Event>& events) {
  Collector collector({});
  collector.begin("file", [](Part) {});
  std::uint64_t record = 0;
  for (const Event& event : events) {
    const std::string arn = fmt::format("arn:aws:iam::1:user/{}", event.principal);
    const std::string id = fmt::format("00000000-0000-4000-8000-{:012}", event.id);
    const std::string time = rfc3339(event.time);
    const std::string name = fmt::format("Operation{}", event.operation);
    const std::string address = fmt::format("10.0.0.{}", event.id);
    constexpr std::array<std::string_view, 4> versions = {"TLSv1", "TLSv1.2", "TLSv1.3", ""};
    collector.take({.event_version = "1.08",
                    .event_id = id,
                    .event_time = time,
                    .event_source = "dynamodb.amazonaws.com",
                    .event_name = name,
                    .region = "eu-west-1",
                    .source_address = address,
                    .recipient_account = "1",
                    .identity_type = "IAMUser",
                    .identity_arn = arn,
                    .tls_version = versions.at(static_cast<std::size_t>(event.tls))},
                   ++record);
  }
  return collector.end();
}

Tally tally_of(const std::vector<std::vector<Event>>& files, std::size_t first, std::size_t last, const Room& room) {
  Tally tally;
  RepeatedIds repeated;
  for (std::size_t file = first; file < last; ++file) {
    repeated.begin_folder(fmt::format("folder{}", file));
    tally.add(part_of(files[file]), fmt::format("folder{}/file", file), repeated, room);
  }
  tally.settle(room);
  return tally;
}

bool same(const Tally& one, const Tally& other) {
  return one.events == other.events && one.dynamodb_events == other.dynamodb_events &&
         one.duplicates == other.duplicates && one.groups == other.groups && one.coverage == other.coverage &&
         one.addresses == other.addresses && one.access_keys == other.access_keys;
}

}  // namespace

TEST_CASE("any cut of the input adds up to the same, with room for all and with too little") {
  for (const Room room : {Room{}, Room{.groups = 5, .rows = 1}}) {
    CHECK(rc::check([&] {
      std::vector<std::vector<Event>> files(4);
      for (auto& file : files) file = events(*rc::gen::inRange<std::size_t>(0, 40));
      const Tally whole = tally_of(files, 0, 4, room);
      const std::size_t cut = *rc::gen::inRange<std::size_t>(0, 5);
      Tally forward = tally_of(files, 0, cut, room);
      forward.merge(tally_of(files, cut, 4, room), room);
      Tally backward = tally_of(files, cut, 4, room);
      backward.merge(tally_of(files, 0, cut, room), room);
      RC_ASSERT(same(whole, forward));
      RC_ASSERT(same(whole, backward));
      std::uint64_t counted = 0;
      for (const auto& [key, group] : whole.groups) counted += group.totals.count;
      RC_ASSERT(counted == whole.dynamodb_events - whole.duplicates);
      RC_ASSERT(whole.groups.size() <= room.groups + 10);
    }));
  }
}

TEST_CASE("an event that comes again within its folder counts once") {
  Tally tally;
  RepeatedIds repeated;
  repeated.begin_folder("a");
  const Part part = part_of({{.id = 1, .time = 5}, {.id = 1, .time = 5}, {.id = 2, .time = 9}});
  tally.add(part, "a/1", repeated);
  tally.add(part, "a/2", repeated);
  CHECK(tally.dynamodb_events == 6);
  CHECK(tally.duplicates == 4);
  REQUIRE(tally.groups.size() == 1);
  const GroupTotals& group = tally.groups.begin()->second;
  CHECK(group.totals == Totals{.count = 2, .first = 5, .last = 9});
  CHECK(group.examples.size() == 2);
  CHECK(group.examples[0].file == "a/1");
  repeated.begin_folder("b");
  tally.add(part, "b/1", repeated);
  CHECK(tally.duplicates == 5);
}

TEST_CASE("repeated ids are told among very many") {
  RepeatedIds repeated;
  repeated.begin_folder("a");
  constexpr std::uint64_t many = 1'000'000;
  for (std::uint64_t number = 1; number <= many; ++number) {
    if (repeated.seen({.high = number, .low = number * 3})) FAIL(number);
  }
  CHECK(repeated.seen({.high = many - 500'000, .low = (many - 500'000) * 3}));
  CHECK_FALSE(repeated.seen({}));
  CHECK_FALSE(repeated.seen({}));
}

TEST_CASE("sketches count roughly, and what they saw once or twice alike") {
  Sketch sketch;
  CHECK(sketch.estimate() == 0);
  for (std::uint64_t number = 0; number < 100; ++number) sketch.add(mix64(number + 1));
  CHECK(sketch.estimate() > 95);
  CHECK(sketch.estimate() < 105);
  Sketch large;
  for (std::uint64_t number = 0; number < 200'000; ++number) large.add(hash64(std::to_string(number)));
  CHECK(large.estimate() > 190'000);
  CHECK(large.estimate() < 210'000);
  Sketch merged = large;
  merged.merge(large);
  CHECK(merged == large);
  merged.merge(sketch);
  Sketch other = sketch;
  other.merge(large);
  CHECK(merged == other);
}

TEST_CASE("keys give their fields back, and none breaks them") {
  GroupKeys keys;
  const Call call{.event_version = "1.08",
                  .event_source = "dynamodb.amazonaws.com",
                  .event_name = "GetItem",
                  .region = "eu-west-1\x1f\x01",
                  .user_agent = "Boto3/1.2",
                  .recipient_account = "1",
                  .vpc_endpoint = "vpce-1",
                  .identity_arn = "arn:aws:iam::2:user/a",
                  .identity_account = "2",
                  .access_key = "AKIAEXAMPLEEXAMPLEEX",
                  .tls_version = "TLSv1.2",
                  .cipher_suite = "AES128-SHA",
                  .host = "Proxy.example:80"};
  const CallGroup group = group_of(keys.of(call));
  CHECK(group.account == "1");
  CHECK(group.caller_account == "2");
  CHECK(group.region == "eu-west-1  ");
  CHECK(group.principal == "arn:aws:iam::2:user/a");
  CHECK(group.access_key == "AKIA…LEEX");
  CHECK(group.sdk == "boto3");
  CHECK(group.vpc_endpoint == "vpce-1");
  CHECK(group.host == "proxy.example");
  CHECK(group.tls_class == TlsClass::w2);
  REQUIRE(group.suite);
  CHECK(group.suite->name == "TLS_RSA_WITH_AES_128_CBC_SHA");
  CHECK(group.data_event);
  CHECK(keys.of({.event_source = "s3.amazonaws.com"}).empty());
  CHECK(group_of("").principal.empty());
  CHECK(group_of("zz").tls_class == TlsClass::u5);
}
