#include "app/scan.h"

#include <array>
#include <atomic>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/json.h"

namespace wiretight {
namespace {

class Text final : public Stream {
 public:
  Written write(std::string_view text) override {
    all += text;
    return Written::yes;
  }
  std::string all = {};
};

// A folder that goes with its test.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wiretight-scan.XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
  std::filesystem::path path = {};
};

Reading read_capture(const std::string& path, const FileRequest& request, const std::atomic<bool>&) {
  Reading reading{.target = path, .statistics = Json::object({{"packets", static_cast<int>(request.jobs)}})};
  if (path.ends_with("huge.pcap")) throw std::runtime_error("there is no room");
  if (path.ends_with("cut.pcap")) reading.facts.gaps.push_back({.target = path, .message = "ends in a packet"});
  return reading;
}
bool is_pcap(const std::filesystem::path& path) { return path.extension() == ".pcap"; }
constexpr std::array<FileSource, 1> sources = {{{TargetKind::capture, is_pcap, read_capture}}};

void probe(const endpoint::Request&, const endpoint::Next& next, const endpoint::Done& done) {
  while (std::optional<endpoint::Target> target = next()) {
    done({.target = target->text, .statistics = no_statistics(TargetKind::endpoint)});
  }
}

struct Scanned {
  Outcome<Exit> exit = {};
  Json json = {};
};

Scanned scan_all(std::vector<std::string> targets, bool interrupted_at_once = false,
                 std::optional<TargetKind> as = {}) {
  Text out;
  Text error;
  std::istringstream in;
  std::atomic<bool> interrupted = false;
  Ports ports{.out = out,
              .error = error,
              .in = in,
              .now = [] { return std::int64_t{1'790'000'000'000}; },
              .environment = [](const char*) -> const char* { return nullptr; },
              .probe = probe,
              .files = sources,
              .listen_to_signals = [&] { interrupted = interrupted_at_once; },
              .interrupted = interrupted};
  const ScanRequest request{.targets = std::move(targets),
                            .kind = as,
                            .files = {.jobs = 3},
                            .outputs = {{.format = Format::json}},
                            .progress = false};
  Scanned scanned{.exit = scan(request, ports)};
  if (scanned.exit) scanned.json = parse_json(out.all).value();
  return scanned;
}

std::string text_of(const Json& json, std::string_view key) { return *json.find(key)->string(); }

TEST_CASE("endpoints and files are reported in the order in which they were named") {
  const Folder folder;
  const std::string one = folder.file("one.pcap", "");
  const std::string list = folder.file("list", one + "\nsound.example:443\n");
  const Scanned scanned = scan_all({"db.example:443", "@" + list, "last.example:8000"});
  REQUIRE(scanned.exit);
  CHECK(*scanned.exit == Exit::fine);
  std::vector<std::string> seen;
  for (const Json& target : scanned.json.find("targets")->items()) {
    seen.push_back(text_of(target, "kind") + " " + text_of(target, "target"));
  }
  CHECK(seen == std::vector<std::string>{"endpoint db.example:443", "capture " + one, "endpoint sound.example:443",
                                         "endpoint last.example:8000"});
  CHECK(*scanned.json.find("targets")->items()[1].find("statistics")->find("packets")->integer() == 3);
}

TEST_CASE("what a file source could not read makes the scan incomplete") {
  const Folder folder;
  const Scanned scanned = scan_all({folder.file("cut.pcap", "")});
  REQUIRE(scanned.exit);
  CHECK(*scanned.exit == Exit::incomplete);
  CHECK(text_of(scanned.json.find("targets")->items()[0], "status") == "partial");
}

TEST_CASE("an exception of a source costs its target alone") {
  const Folder folder;
  const Scanned scanned = scan_all({folder.file("huge.pcap", ""), folder.file("one.pcap", "")});
  REQUIRE(scanned.exit);
  CHECK(*scanned.exit == Exit::incomplete);
  const auto& targets = scanned.json.find("targets")->items();
  CHECK(text_of(targets[0], "status") == "failed");
  CHECK(text_of(targets[0].find("problems")->items()[0], "message") == "reading ended early: there is no room");
  CHECK(*targets[0].find("statistics")->find("packets")->integer() == 0);
  CHECK(text_of(targets[1], "status") == "complete");
}

TEST_CASE("a file that is not there and a kind without a source are unusable names") {
  const Folder folder;
  const Scanned gone = scan_all({(folder.path / "gone.pcap").string()}, false, TargetKind::capture);
  REQUIRE(!gone.exit);
  CHECK(gone.exit.error().what == "no such file or folder");
  const Scanned tree = scan_all({folder.path.string()});
  REQUIRE(!tree.exit);
  CHECK(tree.exit.error().what == "is a file or folder, and this version scans endpoints and packet captures");
}

TEST_CASE("after a signal the files that were not begun are said to be so") {
  const Folder folder;
  const std::string one = folder.file("one.pcap", "");
  const std::string two = folder.file("two.pcap", "");
  const Scanned scanned = scan_all({one, two}, true);
  REQUIRE(scanned.exit);
  CHECK(*scanned.exit == Exit::incomplete);
  REQUIRE(scanned.json.find("targets")->items().size() == 2);
  for (const Json& target : scanned.json.find("targets")->items()) {
    CHECK(text_of(target, "status") == "failed");
    CHECK(text_of(target.find("problems")->items()[0], "message") == "it was not begun: the scan was interrupted");
    CHECK(target.find("statistics")->find("dropped") != nullptr);
  }
}

}  // namespace
}  // namespace wiretight
