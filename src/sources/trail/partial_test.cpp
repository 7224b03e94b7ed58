#include "sources/trail/partial.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/text.h"
#include "sources/trail/sql.h"

using namespace wiretight;
using namespace wiretight::trail;

namespace {

// What a worker makes of one folder with some calls in it.
Partial leaf(int folder, int calls) {
  const std::string name = fmt::format("logs/{}", folder);
  Partial partial{.version = "1", .scope = "all"};
  partial.folders[name] = {.files = 1, .bytes = static_cast<std::uint64_t>(calls), .sha256 = "aa"};
  if (calls % 3 == 0) partial.gaps.push_back({.place = name + "/file", .message = "is empty"});
  Collector collector({});
  collector.begin(name + "/file", [](Part) {});
  for (int call = 0; call < calls; ++call) {
    const std::string id = fmt::format("00000000-0000-4000-8000-{:06}{:06}", folder, call);
    const std::string arn = fmt::format("arn:aws:iam::1:user/{}\xc3\xa9\"", call % 5);
    collector.take({.event_version = "1.08",
                    .event_id = id,
                    .event_time = "2026-05-06T07:08:09Z",
                    .event_source = "dynamodb.amazonaws.com",
                    .event_name = call % 2 == 0 ? "GetItem" : "PutItem",
                    .region = "eu-west-1",
                    .source_address = "10.0.0.1",
                    .identity_type = "IAMUser",
                    .identity_arn = arn,
                    .access_key = "AKIAEXAMPLEEXAMPLEEX"},
                   static_cast<std::uint64_t>(call) + 1);
  }
  RepeatedIds repeated;
  repeated.begin_folder(name);
  partial.tally.add(collector.end(), name + "/file", repeated);
  partial.tally.settle();
  return partial;
}

// The leaves from `first` on as a tree of any shape, its halves in any order, now and then one twice.
Partial tree(const std::vector<Partial>& leaves, std::size_t first, std::size_t last) {
  if (last - first == 1) {
    Partial one = leaves[first];
    if (*rc::gen::arbitrary<bool>()) RC_ASSERT(one.merge(leaves[first]).has_value());
    return one;
  }
  const auto cut = *rc::gen::inRange(first + 1, last);
  Partial left = tree(leaves, first, cut);
  Partial right = tree(leaves, cut, last);
  if (*rc::gen::arbitrary<bool>()) std::swap(left, right);
  RC_ASSERT(left.merge(right).has_value());
  if (*rc::gen::arbitrary<bool>()) RC_ASSERT(left.merge(right).has_value());
  return left;
}

}  // namespace

TEST_CASE("any tree over the same leaves gives the same bytes, and they are read back as they are") {
  CHECK(rc::check([] {
    const auto counts = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30)));
    std::vector<Partial> leaves;
    for (const int count : counts) leaves.push_back(leaf(static_cast<int>(leaves.size()), count));
    Partial in_order = leaves.front();
    for (const Partial& one : leaves) RC_ASSERT(in_order.merge(one).has_value());
    const std::string text = to_text(in_order);
    RC_ASSERT(to_text(tree(leaves, 0, leaves.size())) == text);
    const Outcome<Partial> read = partial_from(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(to_text(*read) == text);
    RC_ASSERT(read->files() == counts.size());
  }));
}

TEST_CASE("what overlaps, differs or was changed is refused") {
  Partial ab = leaf(1, 5);
  REQUIRE(ab.merge(leaf(2, 6)));
  Partial bc = leaf(2, 6);
  REQUIRE(bc.merge(leaf(3, 7)));
  const std::string before = to_text(ab);
  CHECK_FALSE(ab.merge(bc));
  CHECK_FALSE(ab.merge(leaf(2, 9)));  // the same folder with another file
  Partial other = leaf(4, 1);
  other.scope = "eu";
  CHECK_FALSE(ab.merge(other));
  other = leaf(4, 1);
  other.version = "2";
  CHECK_FALSE(ab.merge(other));
  CHECK(to_text(ab) == before);

  CHECK(looks_like_partial(before));
  for (std::size_t cut = 0; cut + 1 < before.size(); cut += 97) CHECK_FALSE(partial_from(before.substr(0, cut)));
  std::string changed = before;
  changed[before.find("\"events\":") + 9] = '7';
  CHECK_FALSE(partial_from(changed));
  CHECK_FALSE(partial_from("{}"));
}

TEST_CASE("SQL has no comparison that NULL falls through") {
  for (const Dialect dialect : {Dialect::athena, Dialect::trino, Dialect::duckdb, Dialect::spark}) {
    const std::string text = class_expression(dialect);
    for (std::size_t at = text.find("<>"); at != std::string::npos; at = text.find("<>", at + 1)) {
      CHECK_MESSAGE(text.substr(0, at).rfind("COALESCE(") > text.substr(0, at).rfind("\n"), text.substr(at, 40));
    }
    CHECK(sql(dialect, "logs", "s3://b/AWSLogs").find("SELECT DISTINCT eventid") != std::string::npos);
  }
  CHECK(dialect_from("trino") == Dialect::trino);
  CHECK_FALSE(dialect_from("mysql"));
}
