#include "net/stream/assembly.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <string>
#include <string_view>
#include <vector>

using namespace wiretight::stream;

namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
std::string text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Reads "<length>:" and jumps over as many bytes; ends at "." and is adrift after a hole until it sees "@".
struct Netstrings {
  std::vector<std::string> seen = {};
  bool lost = false;

  bool adrift() const { return lost; }
  std::uint64_t read(Bytes bytes, std::size_t fresh) {
    REQUIRE(fresh <= bytes.size());
    const std::string text = text_of(bytes);
    if (lost) {
      if (text[0] != '@') return bytes.size();
      lost = false;
      return 1;
    }
    if (text[0] == '.') return enough;
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return 0;
    seen.push_back(text.substr(0, colon));
    return colon + 1 + std::stoul(text.substr(0, colon));
  }
  std::uint64_t lack(Bytes bytes, std::uint32_t missing, Lack why) {
    const char* name = why == Lack::lost ? "lost" : why == Lack::cut ? "cut" : "long";
    seen.push_back(std::string(name) + " " + std::to_string(missing) + " after '" + text_of(bytes).substr(0, 8) + "'");
    lost = true;
    return 0;
  }
};

struct Fixture {
  Assembly assembly = {};
  Budget budget{1 << 20};
  Netstrings reader = {};

  void take(std::uint32_t at, std::string_view text, std::uint32_t size = 0) {
    assembly.take(at, bytes_of(text), size != 0 ? size : static_cast<std::uint32_t>(text.size()), reader, budget);
  }
  void finish() {
    assembly.finish(reader, budget);
    CHECK(budget.used() == 0);
  }
};
using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what is jumped over is not waited for and not kept") {
  assembly.begin(100);
  take(100, "1000");
  take(104, ":");
  CHECK(budget.used() == 0);
  // The body is lost, but for a piece that comes late.
  take(1105, "3:abc");
  take(500, "old bytes");
  take(1110, "12:");
  CHECK(reader.seen == Seen{"1000", "3", "12"});
  finish();
}

TEST_CASE_FIXTURE(Fixture, "segments out of order, twice, and overlapping are put in order") {
  assembly.begin(0xfffffff0);  // the numbers wrap in the middle
  take(0xfffffff4, "d11");
  take(0xfffffff4, "d11");
  take(0xfffffff7, ":...........");  // a body of eleven bytes
  take(0xfffffff0, "3:abc");
  take(0x3, "2:ab");
  CHECK(reader.seen == Seen{"3", "11", "2"});
  CHECK(budget.used() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a hole is told when the capture ends, and the reader goes on behind it") {
  assembly.begin(0);
  take(0, "12");
  take(10, "junk");
  take(14, "@3:abc");
  CHECK(reader.seen.empty());
  finish();
  CHECK(reader.seen == Seen{"lost 8 after '12'", "3"});
}

TEST_CASE_FIXTURE(Fixture, "a hole is told when too much waits behind it") {
  assembly.begin(0);
  take(0, "1");
  for (std::uint32_t i = 0; i <= waiting_segments; ++i) take(10 + 5 * i, "@3:ab");
  REQUIRE(reader.seen.size() >= 2);
  CHECK(reader.seen[0] == "lost 9 after '1'");
  CHECK(reader.seen[1] == "3");
}

TEST_CASE_FIXTURE(Fixture, "a snap length that cuts only what is jumped over does no harm") {
  assembly.begin(0);
  take(0, "90:abc", 93);
  take(93, "1:a");
  CHECK(reader.seen == Seen{"90", "1"});
  take(96, "12", 50);
  CHECK(reader.seen.back() == "cut 48 after '12'");
  finish();
}

TEST_CASE_FIXTURE(Fixture, "a reader that never takes anything is told that there is no more room") {
  assembly.begin(0);
  const std::string digits(1000, '1');
  for (std::uint32_t i = 0; i < 70; ++i) take(1000 * i, digits);
  REQUIRE(reader.seen.size() == 1);
  CHECK(reader.seen[0] == "long 0 after '11111111'");
  CHECK(budget.used() == 0);
}

TEST_CASE("a spent budget costs the direction that asks, and nothing else") {
  Assembly first, second;
  Budget budget(10);
  Netstrings one, two;
  first.begin(0);
  second.begin(0);
  first.take(0, bytes_of("12345678"), 8, one, budget);
  second.take(0, bytes_of("123"), 3, two, budget);
  CHECK(one.seen.empty());
  CHECK(two.seen == Seen{"long 0 after '123'"});
  second.take(3, bytes_of("@1:a"), 4, two, budget);
  CHECK(two.seen.back() == "1");
  first.finish(one, budget);
  CHECK(budget.used() == 0);
}

TEST_CASE_FIXTURE(Fixture, "mid-stream the first segment is the beginning, and enough is enough") {
  take(0x80000000, "3:abc");
  take(0x80000005, "1:a.");
  CHECK(reader.seen == Seen{"3", "1"});
  CHECK(assembly.is_over());
  take(0x80000009, "5:abcde");
  CHECK(reader.seen.size() == 2);
}

TEST_CASE("any segmentation, order and repetition reads the same") {
  CHECK(rc::check([] {
    std::string stream;
    Seen expected;
    const auto bodies = *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
    for (std::uint8_t body : bodies) {
      expected.push_back(std::to_string(body));
      stream += expected.back() + ":" + std::string(body, 'x');
    }
    const auto isn = *rc::gen::arbitrary<std::uint32_t>();
    struct Piece {
      std::uint32_t at = 0;
      std::string_view text = {};
    };
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < stream.size();) {
      const auto size = *rc::gen::inRange<std::size_t>(1, 900);
      pieces.push_back({isn + static_cast<std::uint32_t>(at), std::string_view(stream).substr(at, size)});
      at += size;
      if (*rc::gen::inRange(0, 4) == 0) pieces.push_back(pieces[*rc::gen::inRange<std::size_t>(0, pieces.size())]);
    }
    // Within the number of segments that wait, any order.
    for (std::size_t from = 0; from < pieces.size(); from += waiting_segments / 2)
      for (std::size_t i = from; i < std::min(pieces.size(), from + waiting_segments / 2); ++i)
        std::swap(pieces[i], pieces[*rc::gen::inRange(from, i + 1)]);

    Assembly assembly;
    Budget budget(1 << 20);
    Netstrings reader;
    assembly.begin(isn);
    for (const Piece& piece : pieces)
      assembly.take(piece.at, bytes_of(piece.text), static_cast<std::uint32_t>(piece.text.size()), reader, budget);
    assembly.finish(reader, budget);
    RC_ASSERT(reader.seen == expected);
    RC_ASSERT(budget.used() == 0U);
  }));
}
