#include "core/file.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace wiretight;

namespace {

struct Folder {
  std::string path = "/tmp/wiretight-file-test-XXXXXX";
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }
};

}  // namespace

TEST_CASE("what is written is read") {
  const Folder folder;
  const std::string path = folder.path + "/a", bytes("one\0two", 7);
  REQUIRE(write_file(path, bytes));
  CHECK(read_file(path, 7) == bytes);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  REQUIRE(write_file(path, ""));
  CHECK(read_file(path, 0) == std::string());
  struct stat about = {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0640);
  CHECK(folder.count() == 1);
}

TEST_CASE("a link keeps pointing") {
  const Folder folder;
  const std::string file = folder.path + "/file", link = folder.path + "/link";
  REQUIRE(write_file(file, "old"));
  REQUIRE(::symlink("file", link.c_str()) == 0);
  REQUIRE(write_file(link, "new"));
  CHECK(std::filesystem::is_symlink(link));
  CHECK(read_file(file, 10) == "new");
}

TEST_CASE("problems name the file") {
  const Folder folder;
  const auto absent = read_file(folder.path + "/absent", 10);
  REQUIRE_FALSE(absent);
  CHECK(absent.error().where == folder.path + "/absent");
  CHECK(absent.error().what == "cannot be read: No such file or directory");

  REQUIRE(write_file(folder.path + "/long", "0123456789x"));
  CHECK(read_file(folder.path + "/long", 10).error().what == "is longer than 10 bytes");
  CHECK(read_file(folder.path, 10).error().what == "is a folder, not a file");

  const std::string pipe = folder.path + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(read_file(pipe, 10).error().what == "is no regular file");

  const auto unwritable = write_file(folder.path + "/no/such", "x");
  REQUIRE_FALSE(unwritable);
  CHECK(unwritable.error().where == folder.path + "/no/such");
}

TEST_CASE("a file whose size is not known beforehand is read to its end, or refused") {
  const auto status = read_file("/proc/self/status", 1 << 20);
  REQUIRE(status);
  CHECK(status->starts_with("Name:"));
  CHECK_FALSE(read_file("/proc/self/status", 10));
}

TEST_CASE("what is written piece by piece appears when it is finished, or not at all") {
  const Folder folder;
  const std::string path = folder.path + "/a";
  REQUIRE(write_file(path, "old"));
  {
    auto writer = FileWriter::open(path);
    REQUIRE(writer);
    REQUIRE(writer->write("one "));
    CHECK(read_file(path, 10) == "old");
    REQUIRE(writer->write("two"));
    REQUIRE(writer->finish());
    CHECK(read_file(path, 10) == "one two");
  }
  {
    auto given_up = FileWriter::open(path);
    REQUIRE(given_up);
    REQUIRE(given_up->write("three"));
  }
  CHECK(read_file(path, 10) == "one two");
  CHECK(folder.count() == 1);
}

TEST_CASE("whether a file can be written is told beforehand, and leaves nothing") {
  const Folder folder;
  CHECK(check_writable(folder.path + "/a"));
  CHECK(folder.count() == 0);
  CHECK(check_writable("/dev/null"));
  CHECK(check_writable(folder.path).error().what == "is a folder, not a file");
  CHECK(check_writable(folder.path + "/no/a").error().where == folder.path + "/no/a");
}
