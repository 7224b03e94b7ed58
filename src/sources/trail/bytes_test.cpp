#include "sources/trail/bytes.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <libdeflate.h>
#include <memory>

using namespace wiretight;
using namespace wiretight::trail;

namespace {

std::string gzip(std::string_view text) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), out.data(), out.size()));
  return out;
}

struct Read {
  std::string text = {};
  std::string problem = {};
};

Read in_pieces(std::string_view content) {
  const std::string path = (std::filesystem::temp_directory_path() / "wiretight-bytes-test").string();
  std::ofstream(path, std::ios::binary) << content;
  Outcome<LogFile> file = LogFile::open(path);
  REQUIRE(file);
  Pieces pieces(*file);
  Read out;
  while (pieces.more(out.text)) {
  }
  out.problem = pieces.problem();
  std::filesystem::remove(path);
  return out;
}

}  // namespace

TEST_CASE("pieces are those of the file, or of what its gzip members hold") {
  const std::string long_text(3'000'000, 'x');
  for (const std::string& content :
       {gzip("hello"), gzip("hel") + gzip("") + gzip("lo"), gzip("hello") + std::string(600, '\0')}) {
    CHECK(in_pieces(content).text == "hello");
    CHECK(in_pieces(content).problem == "");
  }
  CHECK(in_pieces(gzip(long_text)).text == long_text);
  CHECK(in_pieces("plain").text == "plain");
  CHECK(in_pieces("").text == "");
  CHECK(in_pieces("").problem == "");
}

TEST_CASE("what is cut off, followed or lies about its size is told, with what came before") {
  const std::string packed = gzip(std::string(100'000, 'x'));
  std::string lying = packed;
  lying[lying.size() - 1] = '\x7f';
  CHECK(in_pieces(lying).problem == "the length of the gzip data is wrong");
  CHECK(in_pieces(packed.substr(0, packed.size() - 12)).problem == "the gzip data is cut off");
  CHECK(in_pieces(packed + "x").problem == "the gzip data is cut off");
  CHECK(in_pieces(packed + "xyz").problem == "bytes that are no gzip member follow the last one");
  CHECK(in_pieces(packed + "xyz").text.size() == 100'000);
}

TEST_CASE("forms that are not read are named") {
  CHECK(foreign_form("\x28\xb5\x2f\xfd....") == "zstd");
  CHECK(foreign_form("PAR1") == "Parquet");
  CHECK(foreign_form("{\"Records\"").empty());
  CHECK_FALSE(LogFile::open("/dev/null"));
  CHECK_FALSE(LogFile::open("/nonexistent"));
}
