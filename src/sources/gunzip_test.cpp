#include "sources/gunzip.h"

#include <doctest/doctest.h>
#include <libdeflate.h>
#include <rapidcheck.h>
#include <string>
#include <vector>

using namespace wiretight;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes gzip(std::string_view text) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  Bytes out(libdeflate_gzip_compress_bound(compressor, text.size()));
  out.resize(libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

Bytes joined(Bytes one, const Bytes& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

struct Read {
  std::string text = {};
  std::string problem = {};
  bool whole = false;
  bool operator==(const Read&) const = default;
};

// With pieces of that many bytes on both sides.
Read stream(const Bytes& file, std::size_t in_piece, std::size_t out_piece) {
  Gunzip gunzip;
  Read out;
  std::vector<std::uint8_t> room(out_piece);
  std::size_t at = 0;
  for (;;) {
    const std::size_t size = std::min(in_piece, file.size() - at);
    const auto step = gunzip.step({file.data() + at, size}, room);
    out.text.append(reinterpret_cast<const char*>(room.data()), step.written);
    at += step.read;
    if (!gunzip.problem().empty() || (step.written < room.size() && at == file.size())) break;
  }
  out.problem = gunzip.problem();
  out.whole = gunzip.may_end();
  return out;
}

std::string text_of(const MemberGunzip::Member& member) {
  return {reinterpret_cast<const char*>(member.data.data()), member.data.size()};
}

}  // namespace

TEST_CASE("members one after another are read as one, however the bytes come") {
  CHECK(rc::check([](const std::string& one, const std::string& other) {
    const Bytes file = joined(gzip(one), gzip(other));
    const std::size_t in_piece = *rc::gen::inRange<std::size_t>(1, 40);
    const std::size_t out_piece = *rc::gen::inRange<std::size_t>(1, 40);
    const Read read = stream(file, in_piece, out_piece);
    RC_ASSERT(read.problem.empty());
    RC_ASSERT(read.whole);
    RC_ASSERT(read.text == one + other);

    MemberGunzip members(1 << 20);
    const auto first = members.next(file);
    RC_ASSERT(first.outcome == MemberGunzip::Outcome::whole);
    RC_ASSERT(text_of(first) == one);
    const auto second = members.next(std::span(file).subspan(first.read));
    RC_ASSERT(text_of(second) == other);
    RC_ASSERT(first.read + second.read == file.size());
  }));
}

TEST_CASE("what is cut off is never whole") {
  const Bytes file = gzip("interface-id srcaddr dstaddr\n");
  for (std::size_t size = 1; size < file.size(); ++size) {
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(stream(cut, 7, 64).whole);
    CHECK(MemberGunzip(1 << 16).next(cut).outcome == MemberGunzip::Outcome::bad);
  }
}

TEST_CASE("a wrong checksum, a wrong length and what follows the last member are told") {
  Bytes checksum = gzip("hello");
  checksum[checksum.size() - 8] ^= 1;
  CHECK(stream(checksum, 64, 64).problem == "the checksum of the gzip data is wrong");
  CHECK(MemberGunzip(64).next(checksum).outcome == MemberGunzip::Outcome::bad);

  Bytes length = gzip("hello");
  length[length.size() - 4] ^= 1;
  CHECK(stream(length, 64, 64).problem == "the length of the gzip data is wrong");

  CHECK(stream(joined(gzip("hello"), {'x', 'y'}), 64, 64).problem ==
        "bytes that are no gzip member follow the last one");
  CHECK(stream({'n', 'o'}, 64, 64).problem == "not gzip");
  CHECK(stream(joined(gzip("hello"), Bytes(512, 0)), 64, 64) == Read{.text = "hello", .whole = true});
}

TEST_CASE("a length that lies costs a second try, not the data") {
  const std::string text(300'000, 'a');
  // Another member at the end says 5 bytes.
  const Bytes file = joined(gzip(text), gzip("hello"));
  CHECK(text_of(MemberGunzip(1 << 20).next(file)) == text);
}

TEST_CASE("a member that does not fit the room is left to the stream") {
  const std::string text(300'000, 'a');
  CHECK(MemberGunzip(100'000).next(gzip(text)).outcome == MemberGunzip::Outcome::too_long);
  CHECK(stream(gzip(text), 4096, 4096).text == text);
}

TEST_CASE("what grows beyond any doubt is given up") {
  const std::string zeros(std::size_t{64} << 20, '\0');
  const Bytes member = gzip(zeros);
  std::vector<std::uint8_t> room(std::size_t{1} << 20);
  Gunzip gunzip;
  std::uint64_t written = 0;
  constexpr int more_than_enough = 40;
  for (int i = 0; i < more_than_enough && gunzip.problem().empty(); ++i) {
    for (std::size_t at = 0; gunzip.problem().empty();) {
      const auto step = gunzip.step(std::span(member).subspan(at), room);
      at += step.read;
      written += step.written;
      if (step.written == 0 && at == member.size()) break;
    }
  }
  CHECK(gunzip.problem() == "grows more than 250-fold when decompressed");
  CHECK(written < std::uint64_t{3} << 29);
}

TEST_CASE("the beginning of a file is read from the beginning of its bytes") {
  std::string text = "version account-id\n";
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * i % 997);
  const Bytes file = gzip(text);
  CHECK(gunzip_beginning(file, 18) == "version account-id");
  CHECK(gunzip_beginning(std::span(file).first(file.size() / 2), 1000) == text.substr(0, 1000));
  CHECK(text.starts_with(gunzip_beginning(std::span(file).first(100), 1000)));
  CHECK(gunzip_beginning(Bytes{'n', 'o'}, 100).empty());
  CHECK(is_gzip(file));
  CHECK_FALSE(is_gzip(Bytes{0x1f, 0x8b}));
}
