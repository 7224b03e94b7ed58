#include "net/pace.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <thread>
#include <vector>

namespace wiretight::net {
namespace {

using Clock = std::chrono::steady_clock;

boost::asio::ip::address address(const std::string& text) { return boost::asio::ip::make_address(text); }

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

// When the last of so many connections may be opened, counted from the first booking: exact whatever the machine's
// load.
double opened_after(Pace& pace, const boost::asio::ip::address& to, int connections) {
  const auto began = Clock::now();
  double latest = 0;
  for (int i = 0; i < connections; ++i) {
    const double wait = seconds(pace.book(to));
    latest = std::max(latest, wait + seconds(Clock::now() - began));
  }
  return latest;
}

}  // namespace

TEST_CASE("a rate that was asked for is kept from the first connection on") {
  Pace pace(10);
  CHECK(pace.book(address("192.0.2.1")) == Clock::duration::zero());
  const auto wait = seconds(pace.book(address("192.0.2.1")));
  CHECK(wait > 0);
  CHECK(wait <= 0.1);
  Pace other(10);
  CHECK(opened_after(other, address("192.0.2.1"), 11) >= 0.999);
}

TEST_CASE("without a rate there is room for one assessment, then 50 a second") {
  Pace pace(std::nullopt);
  for (int i = 0; i < 200; ++i) REQUIRE(pace.book(address("192.0.2.1")) == Clock::duration::zero());
  Pace other(std::nullopt);
  CHECK(opened_after(other, address("192.0.2.1"), 250) >= 0.999);
}

TEST_CASE("loopback is not slowed down unless it was asked for") {
  Pace free(std::nullopt);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(free.book(address("127.0.0.9")) == Clock::duration::zero());
    REQUIRE(free.book(address("::1")) == Clock::duration::zero());
  }
  Pace asked(1);
  CHECK(opened_after(asked, address("127.0.0.9"), 3) >= 1.999);
}

TEST_CASE("each address has a bucket of its own") {
  Pace pace(1);
  CHECK(pace.book(address("192.0.2.1")) == Clock::duration::zero());
  CHECK(pace.book(address("192.0.2.2")) == Clock::duration::zero());
  CHECK(pace.book(address("2001:db8::1")) == Clock::duration::zero());
  CHECK(pace.book(address("192.0.2.1")) > Clock::duration::zero());
}

TEST_CASE("a bucket that owes connections outlives the clearing of the full ones") {
  Pace pace(0.5);
  const auto busy = address("192.0.2.1");
  pace.book(busy);
  pace.book(busy);
  for (int i = 0; i < 5000; ++i) pace.book(address(fmt::format("10.0.{}.{}", i / 256, i % 256)));
  CHECK(pace.book(busy) > Clock::duration::zero());
}

TEST_CASE("threads that book together get no more than one alone") {
  Pace pace(100);
  const auto began = Clock::now();
  std::vector<double> latest(4);
  {
    std::vector<std::jthread> threads;
    for (double& mine : latest)
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i)
          mine = std::max(mine, seconds(pace.book(address("192.0.2.1"))) + seconds(Clock::now() - began));
      });
  }
  CHECK(std::ranges::max(latest) >= 0.98);
}

}  // namespace wiretight::net
