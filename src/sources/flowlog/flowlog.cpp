#include "sources/flowlog/flowlog.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/each.h"
#include "core/prose.h"
#include "core/text.h"
#include "sources/flowlog/file.h"
#include "sources/flowlog/folder.h"

namespace wiretight::flowlog {
namespace {

namespace fs = std::filesystem;

// Files of a folder that are looked at to see what it is, and gaps of single files that are told one by one.
constexpr std::size_t most_looked_at = 16;
constexpr std::size_t most_told = 100;

bool is_flow_log(const std::string& path) {
  switch (recognise(first_line(path)).kind) {
    case Kind::header:
    case Kind::default_format:
    case Kind::exported:
    case Kind::transit_gateway:
      return true;
    case Kind::parquet:
      // Other data than flow logs is written as Parquet too.
      return lies_among_flow_logs(path) || path.find("vpcflowlogs") != std::string::npos;
    case Kind::other:
      return false;
  }
  return false;
}

// Readers for as many threads as come.
class Readers {
 public:
  Readers(const Ranges* ranges, const std::atomic<bool>& interrupted) : ranges_(ranges), interrupted_(interrupted) {}

  std::unique_ptr<FileReader> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<FileReader>(ranges_, interrupted_);
    std::unique_ptr<FileReader> reader = std::move(idle_.back());
    idle_.pop_back();
    return reader;
  }
  void give_back(std::unique_ptr<FileReader> reader) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
  }
  Tally all() {
    Tally sum(ranges_);
    for (const auto& reader : idle_) sum.merge(std::move(reader->tally()));
    return sum;
  }

 private:
  const Ranges* ranges_;
  const std::atomic<bool>& interrupted_;
  std::mutex mutex_ = {};
  std::vector<std::unique_ptr<FileReader>> idle_ = {};
};

// What was read of all files, and what comes of it.
class Summary {
 public:
  Summary(std::string target, const Files& files, std::vector<FileResult> results, const Tally& tally,
          const Ranges* ranges)
      : target_(std::move(target)), files_(files), results_(std::move(results)), tally_(tally), ranges_(ranges) {}

  // `whole` unless the reading was interrupted; `single`: the target is a file.
  Reading reading(bool whole, bool single, std::int64_t milliseconds) {
    single_ = single;
    for (const FileResult& result : results_) {
      bytes_ += result.bytes;
      flow_logs_ += result.is_flow_log ? 1 : 0;
    }
    tell_files(whole);
    tell_rows();
    Reading reading{.target = target_};
    reading.failed = tally_.counts().rows == 0 && !gaps_.empty();
    reading.statistics = Json::object(
        {{"bytes", bytes_}, {"milliseconds", milliseconds}, {"files", flow_logs_}, {"rows", tally_.counts().rows}});
    reading.looked_at = looked_at();
    reading.facts.logged_flows = facts_of(tally_, files_.paths);
    for (LoggedFlow& flow : reading.facts.logged_flows) flow.target = target_;
    reading.facts.gaps = std::move(gaps_);
    return reading;
  }

 private:
  void gap(std::string message, std::string place = {}) {
    if (place == target_) place.clear();
    gaps_.push_back({.target = target_, .place = std::move(place), .message = std::move(message)});
  }

  // Files that could not be read, and what is no flow log among them.
  void tell_files(bool whole) {
    for (const Gap& missed : files_.gaps) gap(missed.message, missed.place);
    if (!files_.other_logs.empty())
      gap("holds logs of CloudTrail, which are another target: they were not read here", files_.other_logs);
    if (!whole) gap("the reading was interrupted");
    std::size_t told = 0;
    std::size_t bad = 0;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      const FileResult& result = results_[i];
      const std::string& path = files_.paths[i];
      if (!result.problem.empty() && !is_foreign(i)) {
        if (told++ < most_told) gap(result.problem, path);
      } else if (!result.problem.empty()) {
        ++foreign_;
      }
      if (result.bad_rows > 0 && bad++ < most_told) {
        gap(fmt::format("{} without the form of the others, the first of them {}", count_of(result.bad_rows, "row"),
                        result.first_bad_row),
            path);
      }
    }
    if (told > most_told) gap(fmt::format("{} more files could not be read", told - most_told));
    if (bad > most_told) gap(fmt::format("{} more files have rows without the form of the others", bad - most_told));
    if (!whole || !gaps_.empty()) return;
    if (flow_logs_ == 0)
      gap("holds no flow log");
    else if (tally_.counts().rows == 0)
      gap("holds no row, so nothing is known of any traffic");
  }

  // A file of another kind that lies in a folder beside flow logs by the user's choice.
  bool is_foreign(std::size_t i) const {
    return !single_ && !results_[i].is_flow_log && !lies_among_flow_logs(files_.paths[i]) &&
           results_[i].problem.find("is no VPC flow log") == 0;
  }

  // Rows that leave a question open.
  void tell_rows() {
    const Tally::Counts& counts = tally_.counts();
    if (counts.skipped > 0) {
      gap(fmt::format("{} in which records were skipped (SKIPDATA): what passed then is not known",
                      count_of(counts.skipped, "interval")));
    }
    if (counts.without_status > 0) {
      gap(
          fmt::format("{} without data, and the log has no log-status field to tell silence from records that were "
                      "skipped",
                      count_of(counts.without_status, "row")));
    }
    if (counts.unknown_service > 0) {
      gap(
          fmt::format("{} to port 80 of public addresses that the log does not name, so that DynamoDB may be among "
                      "them: give AWS's list of addresses with --ip-ranges, or log pkt-dst-aws-service",
                      count_of(counts.unknown_service, "row")));
    }
    if (counts.not_kept > 0) {
      gap(fmt::format("{} of more than {} clients were counted and not kept apart", count_of(counts.not_kept, "record"),
                      most_clients));
    }
  }

  std::vector<std::string> looked_at() const {
    const Tally::Counts& counts = tally_.counts();
    std::vector<std::string> out;
    std::string first = fmt::format("{} of {}", count_of(counts.rows, "row"), count_of(flow_logs_, "flow log"));
    if (counts.earliest > 0) first += fmt::format(", {} to {}", rfc3339(counts.earliest), rfc3339(counts.latest));
    out.push_back(std::move(first));
    if (counts.rows > 0) {
      std::string dynamodb =
          fmt::format("DynamoDB: {} on port 80 and {} on 443", count_of(counts.cleartext, "record"), counts.tls);
      if (counts.other_ports > 0) dynamodb += fmt::format(", {} on other ports", counts.other_ports);
      dynamodb += fmt::format("; port 8111 of DAX: {}", counts.dax);
      if (counts.rejected > 0) dynamodb += fmt::format("; rejected: {}", counts.rejected);
      out.push_back(std::move(dynamodb));
    }
    if (ranges_ != nullptr) {
      out.push_back(fmt::format("{} of DynamoDB in AWS's list{}", count_of(ranges_->size(), "range"),
                                ranges_->created().empty() ? "" : " of " + ranges_->created()));
    }
    if (counts.private_service > 0) {
      out.push_back(
          fmt::format("{} to port 80 of private addresses, where a log does not tell an interface endpoint "
                      "of DynamoDB from any other server",
                      count_of(counts.private_service, "row")));
    }
    if (counts.no_data > 0)
      out.push_back(fmt::format("{} without traffic (NODATA)", count_of(counts.no_data, "interval")));
    if (foreign_ > 0) out.push_back(fmt::format("{} of another kind left out", count_of(foreign_, "file")));
    return out;
  }

  std::string target_;
  const Files& files_;
  std::vector<FileResult> results_;
  const Tally& tally_;
  const Ranges* ranges_;
  bool single_ = false;
  std::vector<Gap> gaps_ = {};
  std::uint64_t bytes_ = 0;
  std::uint64_t flow_logs_ = 0;
  std::uint64_t foreign_ = 0;
};

}  // namespace

bool claims(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return is_flow_log(path.string());
  if (!fs::is_directory(path, error)) return false;
  if (has_layout(path)) return true;
  // A folder of flow logs and nothing else, as far as one looks.
  std::size_t looked_at = 0;
  fs::directory_iterator at(path, error);
  for (const fs::directory_iterator end; !error && at != end && looked_at < most_looked_at; at.increment(error)) {
    std::error_code unknown;
    if (!at->is_regular_file(unknown) || !is_flow_log(at->path().string())) return false;
    ++looked_at;
  }
  return !error && looked_at > 0;
}

Reading read(const std::string& path, const Request& request, const std::atomic<bool>& interrupted) {
  const auto began = std::chrono::steady_clock::now();
  const Files files = files_of(path);
  const bool single = files.paths.size() == 1 && files.paths.front() == path;
  std::vector<FileResult> results(files.paths.size());
  Readers readers(request.ranges, interrupted);
  std::atomic<bool> left = false;
  each(files.paths.size(), request.jobs, [&](std::size_t i) {
    if (interrupted) {
      left = true;
      return;
    }
    std::unique_ptr<FileReader> reader = readers.take();
    try {
      results[i] = reader->read(files.paths[i], i, single || lies_among_flow_logs(files.paths[i]));
    } catch (const std::exception& problem) {
      // Memory is short. What the reader has added up of other files stays.
      results[i].problem = std::string("cannot be read: ") + problem.what();
    }
    readers.give_back(std::move(reader));
  });
  const Tally tally = readers.all();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  return Summary(path, files, std::move(results), tally, request.ranges).reading(!left, single, took.count());
}

}  // namespace wiretight::flowlog
