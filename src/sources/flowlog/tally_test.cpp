#include "sources/flowlog/tally.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

using namespace wiretight;
using namespace wiretight::flowlog;

namespace {

constexpr std::string_view header =
    "account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status "
    "tcp-flags "
    "pkt-src-aws-service pkt-dst-aws-service";

const Format& format() {
  static const Format made = recognise(header).format;
  return made;
}

void add(Tally& tally, std::string_view row, const Format& of = format()) {
  for_each_row(std::string(row) + "\n", [&](const Row& fields) { CHECK(tally.add(fields, of)); });
}

Tally tally_of(std::string_view row) {
  Tally tally;
  tally.begin_file(0, {});
  add(tally, row);
  return tally;
}

const std::string account = "111122223333 eni-1 ";
const std::vector<std::string> paths = {"a.log", "b.log"};

}  // namespace

TEST_CASE("both directions of a connection are one client's") {
  Tally tally = tally_of(account + "10.0.0.5 52.94.0.1 41000 80 6 10 5000 100 160 ACCEPT OK 2 - DYNAMODB");
  add(tally, account + "52.94.0.1 10.0.0.5 80 41000 6 12 1000 90 150 ACCEPT OK 18 DYNAMODB -");
  const auto flows = facts_of(tally, paths);
  REQUIRE(flows.size() == 1);
  CHECK(flows[0].service == FlowService::dynamodb);
  CHECK(flows[0].client == "10.0.0.5");
  CHECK(flows[0].servers == std::vector<std::string>{"52.94.0.1"});
  CHECK(flows[0].to_server == FlowTally{.records = 1, .packets = 10, .bytes = 5000});
  CHECK(flows[0].from_server == FlowTally{.records = 1, .packets = 12, .bytes = 1000});
  CHECK(flows[0].payload_at_least == 3800);
  CHECK(flows[0].payload.is(true));
  CHECK(flows[0].accepted.is(true));
  CHECK(flows[0].tcp.is(true));
  CHECK(flows[0].first_seen == 90);
  CHECK(flows[0].last_seen == 160);
  CHECK(to_text(flows[0].first_record) == "a.log record 2");
  CHECK(to_text(flows[0].last_record) == "a.log record 1");
}

TEST_CASE("packets that headers alone can fill prove no payload") {
  const auto flow =
      facts_of(tally_of(account + "10.0.0.5 52.94.0.1 41000 80 6 10 1200 1 2 ACCEPT OK 2 - DYNAMODB"), paths).at(0);
  CHECK_FALSE(flow.payload.known());
  CHECK(flow.payload_at_least == 0);
}

TEST_CASE("numbers that nobody can have sent are not added up") {
  const auto flow = facts_of(tally_of(account + "10.0.0.5 52.94.0.1 41000 80 6 1 18446744073709551615 1 "
                                                "99999999999999999999 ACCEPT OK 2 - DYNAMODB"),
                             paths)
                        .at(0);
  CHECK(flow.to_server.bytes == 0);
  CHECK_FALSE(flow.payload.known());
  CHECK(flow.last_seen == 1);
}

TEST_CASE("port 8111: who opened the connection is the client") {
  const auto service = [](std::string_view row) {
    const auto flows = facts_of(tally_of(account + std::string(row)), paths);
    return flows.empty() ? std::string() : fmt::format("{} {}", to_text(flows[0].service), flows[0].client);
  };
  CHECK(service("10.0.0.5 10.0.9.9 41000 8111 6 1 60 1 2 ACCEPT OK 2 - -") == "dax 10.0.0.5");
  CHECK(service("10.0.9.9 10.0.0.5 8111 41000 6 1 60 1 2 ACCEPT OK 18 - -") == "dax 10.0.0.5");
  CHECK(service("10.0.9.9 10.0.0.5 8111 41000 6 1 60 1 2 ACCEPT OK - - -") == "dax 10.0.0.5");
  CHECK(service("10.0.9.9 10.0.0.5 8111 41000 6 1 60 1 2 ACCEPT OK 2 - -").empty());
  CHECK(service("10.0.0.5 10.0.9.9 41000 8111 6 1 60 1 2 ACCEPT OK 18 - -").empty());
  CHECK(service("10.0.0.5 10.0.9.9 5432 8111 6 1 60 1 2 ACCEPT OK - - -").empty());
  CHECK(service("10.0.0.5 10.0.9.9 5432 8111 6 1 60 1 2 ACCEPT OK 2 - -") == "dax 10.0.0.5");
  CHECK(service("10.0.0.5 198.51.100.1 41000 8111 6 1 60 1 2 ACCEPT OK 2 - -").empty());
  CHECK(service("2600::5 2600::9 41000 8111 6 1 60 1 2 ACCEPT OK 2 - -") == "dax 2600::5");
}

TEST_CASE("port 80 of what nobody names is a question, and private addresses are counted apart") {
  const Format plain = recognise("srcaddr dstaddr dstport action").format;
  Tally tally;
  tally.begin_file(0, {});
  add(tally, "10.0.0.5 52.94.0.1 80 ACCEPT", plain);
  add(tally, "10.0.0.5 52.94.0.1 80 REJECT", plain);
  add(tally, "10.0.0.5 10.0.0.6 80 ACCEPT", plain);
  add(tally, "10.0.0.5 52.94.0.1 443 ACCEPT", plain);
  // DynamoDB behind NAT64.
  add(tally, account + "2600::5 64:ff9b::345e:1 41000 80 6 1 60 1 2 ACCEPT OK 2 - -");
  CHECK(tally.counts().unknown_service == 2);
  CHECK(tally.counts().private_service == 1);
  CHECK(tally.clients().empty());
}

TEST_CASE("an address behind NAT64 is the IPv4 address") {
  const auto ranges = Ranges::parse(R"({"prefixes": [{"ip_prefix": "52.94.0.0/22", "service": "DYNAMODB"}]})");
  REQUIRE(ranges);
  Tally tally(&*ranges);
  tally.begin_file(0, {});
  add(tally, account + "2600::5 64:ff9b::345e:1 41000 80 6 1 60 1 2 ACCEPT OK 2 - -");
  REQUIRE(tally.clients().size() == 1);
  CHECK(facts_of(tally, paths)[0].recognised_by == std::vector<std::string>{"ip-ranges.json"});
}

TEST_CASE("a row of another form is none") {
  Tally tally;
  tally.begin_file(0, {});
  const auto taken = [&](std::string_view row) {
    bool is_row = true;
    for_each_row(std::string(row) + "\n", [&](const Row& fields) { is_row = tally.add(fields, format()); });
    return is_row;
  };
  CHECK_FALSE(taken("short"));
  CHECK_FALSE(taken(header));
  CHECK_FALSE(taken(account + "10.0.0.5 52.94.0.1 41000 80 6 1 60 1 2 ACCEPT FINE 2 - -"));
  CHECK(tally.counts().rows == 0);
  CHECK(taken(account + "- - - - - - - 1 2 - NODATA - - -"));
  CHECK(taken(account + "- - - - - - - 1 2 - SKIPDATA - - -"));
  CHECK(tally.counts().rows == 2);
  CHECK(tally.counts().no_data == 1);
  CHECK(tally.counts().skipped == 1);
}

TEST_CASE("any distribution of the files over threads adds up to the same") {
  CHECK(rc::check([] {
    const int rows = *rc::gen::inRange(1, 60);
    std::vector<std::string> texts;
    std::vector<unsigned> of;
    for (int i = 0; i < rows; ++i) {
      texts.push_back(fmt::format("{}10.0.0.{} 52.94.0.{} 41000 80 6 {} {} {} {} {} OK 2 - DYNAMODB", account,
                                  *rc::gen::inRange(1, 4), *rc::gen::inRange(1, 40), *rc::gen::inRange(1, 9),
                                  *rc::gen::inRange(40, 9000), *rc::gen::inRange(1, 99), *rc::gen::inRange(1, 99),
                                  *rc::gen::element("ACCEPT", "REJECT")));
      of.push_back(*rc::gen::inRange(0u, 3u));
    }
    const auto facts = [&](unsigned threads) {
      std::vector<Tally> tallies(threads);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        Tally& tally = tallies[of[i] % threads];
        tally.begin_file(i, {});
        add(tally, texts[i]);
      }
      Tally sum;
      std::ranges::reverse(tallies);
      for (Tally& tally : tallies) sum.merge(std::move(tally));
      std::vector<std::string> names(texts.size(), "x");
      std::string out;
      for (const LoggedFlow& flow : facts_of(sum, names)) {
        out += fmt::format("{} {} {} {} {} {} {} {} {}\n", flow.client, fmt::join(flow.servers, ","), flow.more_servers,
                           flow.to_server.bytes, flow.rejected.packets, flow.payload_at_least, flow.first_seen,
                           flow.last_seen, to_text(flow.first_record));
      }
      return out;
    };
    RC_ASSERT(facts(1) == facts(3));
  }));
}
