#include "net/deadlines.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <optional>

namespace wiretight::net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using std::chrono::milliseconds;

// A connected pair on loopback.
struct Pair {
  explicit Pair(asio::io_context& io) : ours(io), theirs(io) {
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    ours.connect(acceptor.local_endpoint());
    acceptor.accept(theirs);
  }
  // Reads one byte and keeps how that ended.
  void read() {
    ours.async_read_some(asio::buffer(buffer),
                         [this](const boost::system::error_code& error, std::size_t) { ended = error; });
  }

  tcp::socket ours;
  tcp::socket theirs;
  std::array<char, 1> buffer = {};
  std::optional<boost::system::error_code> ended = std::nullopt;
};

// Runs until `pair` has ended, and no longer than a test may take.
void run(asio::io_context& io, const Pair& pair) {
  const auto limit = Clock::now() + std::chrono::seconds(20);
  while (!pair.ended && Clock::now() < limit) io.run_one_for(milliseconds(50));
}

}  // namespace

TEST_CASE("an operation ends at its deadline and not before") {
  asio::io_context io;
  Deadlines deadlines(io);
  Pair pair(io);
  const auto deadline = Clock::now() + milliseconds(40);
  const Deadlines::Watch watch(deadlines, pair.ours, deadline);
  pair.read();
  run(io, pair);
  REQUIRE(pair.ended);
  CHECK(*pair.ended == asio::error::operation_aborted);
  CHECK(Clock::now() >= deadline);
  CHECK(watch.expired());
}

TEST_CASE("an operation that begins after the deadline ends too") {
  asio::io_context io;
  Deadlines deadlines(io);
  Pair pair(io);
  const Deadlines::Watch watch(deadlines, pair.ours, Clock::now() - milliseconds(1));
  for (int i = 0; i < 3; ++i) {
    pair.ended.reset();
    pair.read();
    run(io, pair);
    REQUIRE(pair.ended);
    CHECK(*pair.ended == asio::error::operation_aborted);
  }
}

TEST_CASE("the deadline of one socket is not that of another") {
  asio::io_context io;
  Deadlines deadlines(io);
  Pair late(io);
  Pair early(io);
  const Deadlines::Watch late_watch(deadlines, late.ours, Clock::now() + std::chrono::hours(1));
  const Deadlines::Watch early_watch(deadlines, early.ours, Clock::now() + milliseconds(20));
  late.read();
  early.read();
  run(io, early);
  CHECK(early.ended);
  CHECK_FALSE(late.ended);
  CHECK_FALSE(late_watch.expired());
  asio::write(late.theirs, asio::buffer("x", 1));
  run(io, late);
  REQUIRE(late.ended);
  CHECK_FALSE(*late.ended);
}

TEST_CASE("a watch that is gone cancels nothing, in whatever order watches go") {
  asio::io_context io;
  Deadlines deadlines(io);
  Pair first(io);
  Pair middle(io);
  Pair last(io);
  const auto soon = Clock::now() + milliseconds(20);
  const Deadlines::Watch kept(deadlines, first.ours, soon);
  std::optional<Deadlines::Watch> gone(std::in_place, deadlines, middle.ours, soon);
  const Deadlines::Watch newest(deadlines, last.ours, soon);
  for (Pair* pair : {&first, &middle, &last}) pair->read();
  gone.reset();
  run(io, first);
  run(io, last);
  CHECK(first.ended);
  CHECK(last.ended);
  CHECK_FALSE(middle.ended);
}

TEST_CASE("without a watch nothing ticks: the io_context runs out of work, and a later watch still works") {
  asio::io_context io;
  Deadlines deadlines(io);
  Pair pair(io);
  {
    const Deadlines::Watch watch(deadlines, pair.ours, Clock::now() + std::chrono::hours(1));
  }
  io.run_for(std::chrono::seconds(20));
  CHECK(io.stopped());
  io.restart();
  const Deadlines::Watch watch(deadlines, pair.ours, Clock::now() + milliseconds(20));
  pair.read();
  run(io, pair);
  CHECK(pair.ended);
}

}  // namespace wiretight::net
