#include "sources/trail/trail.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <system_error>
#include <utility>

#include "core/file.h"
#include "core/prose.h"
#include "core/text.h"
#include "sources/trail/archive.h"
#include "sources/trail/digest_chain.h"
#include "sources/trail/layout.h"
#include "sources/trail/partial.h"
#include "sources/trail/walk.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t most_gaps = 1000;
constexpr std::size_t most_lines = 40;

// One target under way.
class Reader {
 public:
  Reader(const std::string& target, const Request& request) : target_(target), request_(request), archive_(request) {}

  Reading read() {
    const auto begun = std::chrono::steady_clock::now();
    std::error_code error;
    if (!std::filesystem::exists(target_, error)) {
      add({.message = "there is no such file or folder"});
      return finish(begun);
    }
    if (is_partial()) {
      read_partial();
      return finish(begun);
    }
    read_digests();
    const LeftAlone left = walk_logs(target_, request_.scope, [&](const std::vector<LogObject>& batch) {
      return archive_.add(
          batch, [&](const LogObject& object, const FileResult& result) { note(object, result); },
          [&](const LogObject& object) { return chain_.names(name_of(object.name)); });
    });
    for (const Gap& gap : left.gaps) add(gap);
    archive_.tally().settle();
    conclude(left);
    return finish(begun);
  }

 private:
  void add(Gap gap) {
    gap.target = target_;
    if (gaps_.size() < most_gaps)
      gaps_.push_back(std::move(gap));
    else
      ++more_gaps_;
  }

  bool is_partial() const {
    std::array<char, 64> beginning = {};
    std::ifstream file(target_, std::ios::binary);
    file.read(beginning.data(), beginning.size());
    return looks_like_partial({beginning.data(), static_cast<std::size_t>(file.gcount())});
  }

  // What workers counted, instead of logs.
  void read_partial() {
    constexpr std::uint64_t longest = std::uint64_t{1} << 30;
    const Outcome<std::string> text = read_file(target_, longest);
    Outcome<Partial> partial = text ? partial_from(*text) : std::unexpected(text.error());
    if (!partial) return add({.message = partial.error().what});
    for (const Gap& gap : partial->gaps) add(gap);
    files_ = partial->files();
    whole_ = files_ - std::min<std::uint64_t>(files_, partial->gaps.size());
    bytes_ = partial->bytes();
    say(fmt::format("the partial result of {}, {}", count_of(partial->folders.size(), "folder"), partial->scope));
    archive_.tally() = std::move(partial->tally);
    conclude({});
  }

  void read_digests() {
    for (const LogObject& object : find_digests(target_, request_.scope)) {
      ++files_;
      if (std::string why = chain_.add(object.path, object.name); !why.empty())
        add({.place = object.name, .message = std::move(why)});
    }
  }

  void note(const LogObject& object, const FileResult& result) {
    ++files_;
    bytes_ += result.bytes;
    if (result.problem.empty()) {
      ++whole_;
      if (!result.sha256.empty()) chain_.saw(name_of(object.name), result.sha256);
    } else {
      add({.place = object.name, .message = result.problem});
    }
  }

  void say(std::string line) { looked_at_.push_back(std::move(line)); }

  void say_coverage(const std::vector<TrailCoverage>& rows) {
    std::size_t left_out = 0;
    for (const TrailCoverage& row : rows) {
      if (looked_at_.size() >= most_lines) {
        ++left_out;
        continue;
      }
      const std::string where = fmt::format("{} {}", row.account.empty() ? "no account" : row.account,
                                            row.region.empty() ? "no region" : row.region);
      const std::string seen =
          fmt::format("{} in all, {} of DynamoDB's management", count_of(row.events, "event"), row.management_events);
      say(row.data_events == 0
              ? fmt::format("{}: {}, no data events here: cleartext calls could not have been seen", where, seen)
              : fmt::format("{}: {}, {} of its data", where, seen, row.data_events));
    }
    if (left_out > 0) say(fmt::format("and {} more (--facts has them all)", count_of(left_out, "account and region")));
  }

  void conclude(const LeftAlone& left) {
    const Tally& tally = archive_.tally();
    facts_ = tally.facts(target_);
    if (files_ == 0) {
      add({.message =
               left.out_of_scope > 0 ? "no log file is in the scope that was asked for" : "no log files are in it"});
    } else if (tally.events == 0 && gaps_.empty()) {
      add({.message = "no event was recorded in it, so nothing is known of any call"});
    }
    say(fmt::format("{}, {}, {} of DynamoDB, Streams or DAX, of which {} had been seen before",
                    count_of(files_, "file"), count_of(tally.events, "event"), tally.dynamodb_events,
                    tally.duplicates));
    if (tally.dynamodb_events > 0) {
      say(fmt::format("these calls came from about {} source addresses with {} access keys", tally.addresses.estimate(),
                      tally.access_keys.estimate()));
    }
    if (left.out_of_scope > 0) say(fmt::format("left out by the scope: {} files or folders", left.out_of_scope));
    if (left.insights > 0) say(fmt::format("left alone: {} of Insights, which hold no calls", left.insights));
    if (left.other > 0)
      say(fmt::format("left alone: {} that are no logs by their names", count_of(left.other, "file")));
    if (!chain_.empty()) {
      DigestChain::Verdict verdict = chain_.conclude(request_.scope);
      for (Gap& gap : verdict.gaps) add(std::move(gap));
      for (std::string& line : verdict.looked_at) say(std::move(line));
    }
    say_coverage(facts_.trail_coverage);
  }

  Reading finish(std::chrono::steady_clock::time_point begun) {
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
    if (more_gaps_ > 0)
      gaps_.push_back({.target = target_, .message = fmt::format("{} more files like these", more_gaps_)});
    const Tally& tally = archive_.tally();
    Reading reading{.target = target_,
                    .failed = whole_ == 0 && tally.events == 0,
                    .facts = std::move(facts_),
                    .statistics = Json::object({{"bytes", bytes_},
                                                {"milliseconds", std::int64_t{milliseconds}},
                                                {"files", files_},
                                                {"events", tally.events},
                                                {"dynamodbEvents", tally.dynamodb_events},
                                                {"duplicates", tally.duplicates}}),
                    .looked_at = std::move(looked_at_)};
    reading.facts.gaps = std::move(gaps_);
    return reading;
  }

  const std::string& target_;
  const Request& request_;
  Archive archive_;
  DigestChain chain_ = {};
  FactSet facts_ = {};
  std::vector<Gap> gaps_ = {};
  std::size_t more_gaps_ = 0;
  std::vector<std::string> looked_at_ = {};
  std::uint64_t files_ = 0;
  std::uint64_t whole_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

bool claims(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return folder_has_logs(path.native());
  return std::filesystem::is_regular_file(path, error) && file_has_records(path.native());
}

Reading read(const std::string& target, const Request& request) { return Reader(target, request).read(); }

}  // namespace wiretight::trail
