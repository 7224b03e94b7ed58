#include "app/proofs.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/each.h"
#include "core/file.h"
#include "core/prose.h"
#include "policy/prove.h"
#include "policy/situation.h"

namespace wiretight {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20;  // of one document
constexpr std::size_t most_files = 20'000;
constexpr int deepest_folder = 32;

class ProofReader {
 public:
  ProofReader(const std::string& path, const FileRequest& request, const std::atomic<bool>& interrupted)
      : path_(path), request_(request), interrupted_(interrupted) {
    reading_.target = path;
  }

  Reading read() {
    const auto begin = std::chrono::steady_clock::now();
    std::error_code error;
    const bool folder = std::filesystem::is_directory(path_, error);
    if (folder)
      find_files();
    else
      files_.push_back(path_);
    for (const std::string& file : files_) read_document(file, folder);
    if (folder && reading_.facts.proofs.empty() && reading_.facts.gaps.empty())
      gap(path_, "holds no JSON document with a \"table\" and a \"principal\"");
    conclude();
    reading_.failed = reading_.facts.proofs.empty();
    const auto taken = std::chrono::steady_clock::now() - begin;
    reading_.statistics =
        Json::object({{"bytes", bytes_},
                      {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()},
                      {"files", files_.size() - skipped_},
                      {"skipped", skipped_},
                      {"clients", 0},
                      {"resources", tables_}});
    return std::move(reading_);
  }

 private:
  void gap(std::string place, std::string message) {
    reading_.facts.gaps.push_back({.target = path_, .place = std::move(place), .message = std::move(message)});
  }

  // All *.json below the folder, by name. Links to folders are not followed.
  void find_files() {
    std::error_code error;
    std::filesystem::recursive_directory_iterator at(path_, error), end;
    for (; !error && at != end && !interrupted_; at.increment(error)) {
      if (at.depth() >= deepest_folder && at.recursion_pending()) {
        std::error_code unknown;
        if (at->is_directory(unknown)) gap(at->path().string(), "is too deep: what lies in it was not read");
        at.disable_recursion_pending();
      }
      std::error_code unknown;
      const bool json = at->path().extension() == ".json";
      if (at->is_symlink(unknown)) {
        if (json || at->is_directory(unknown)) gap(at->path().string(), "is a link, which is not followed");
        continue;
      }
      if (!json || !at->is_regular_file(unknown)) continue;
      if (files_.size() == most_files) {
        gap(path_, fmt::format("has more than {} JSON files; the others were not read", most_files));
        break;
      }
      files_.push_back(at->path().string());
    }
    if (error) gap(path_, "cannot be listed to its end: " + error.message());
    std::ranges::sort(files_);
  }

  void read_document(const std::string& file, bool of_folder) {
    if (interrupted_) return gap(file, "it was not read: interrupted");
    const Outcome<std::string> text = read_file(file, most_bytes);
    if (!text) return gap(file, text.error().what);
    const std::string name = of_folder ? std::filesystem::path(file).lexically_relative(path_).generic_string()
                                       : std::filesystem::path(file).filename().string();
    if (of_folder && policy::is_something_else(*text)) {
      ++skipped_;
      return;
    }
    bytes_ += static_cast<std::int64_t>(text->size());
    auto read = policy::read_situations(*text, name);
    if (!read) return gap(read.error().where.empty() ? name : read.error().where, read.error().what);
    prove(*read);
  }

  void prove(const std::vector<policy::Situation>& situations) {
    std::vector<Proof> proofs(situations.size());
    const policy::Question question{.now = request_.now};
    each(situations.size(), request_.jobs, [&](std::size_t i) {
      if (interrupted_) return;
      proofs[i] = policy::prove(situations[i], question);
      proofs[i].target = path_;
    });
    std::ranges::move(proofs, std::back_inserter(reading_.facts.proofs));
  }

  // Counts, and says what came to nothing.
  void conclude() {
    std::vector<Proof>& proofs = reading_.facts.proofs;
    std::array<std::size_t, 3> counts = {};
    std::vector<std::string> tables;
    for (const Proof& proof : proofs) {
      ++counts.at(static_cast<std::size_t>(proof.verdict));
      if (!proof.table.empty()) tables.push_back(proof.table);
      if (proof.table.empty())
        gap(path_, "a proof was not begun: interrupted");
      else if (proof.verdict == ProofVerdict::unknown)
        gap(fmt::format("{} by {}", proof.table, proof.principal),
            fmt::format("UNKNOWN: {}", proof.unknown.empty() ? "nothing says why" : proof.unknown.front()));
    }
    std::erase_if(proofs, [](const Proof& proof) { return proof.table.empty(); });
    std::ranges::sort(tables);
    tables.erase(std::unique(tables.begin(), tables.end()), tables.end());
    tables_ = tables.size();
    if (proofs.empty()) return;
    reading_.looked_at = {fmt::format("{}, {} of table and principal: {} proved, {} with a witness, {} unknown",
                                      count_of(files_.size() - skipped_, "document"), count_of(proofs.size(), "pair"),
                                      counts[0], counts[1], counts[2]),
                          "Within the documents given: a policy that is not among them is not there. "
                          "dynamodb:DescribeEndpoints is outside "
                          "any policy, because AWS does not authorise it on the public endpoint."};
  }

  const std::string& path_;
  const FileRequest& request_;
  const std::atomic<bool>& interrupted_;
  Reading reading_;
  std::vector<std::string> files_;
  std::size_t skipped_ = 0;
  std::size_t tables_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace

const FileSource proof_source = {
    .kind = TargetKind::tree,
    .claims = [](const std::filesystem::path&) { return true; },
    .read = [](const std::string& path, const FileRequest& request,
               const std::atomic<bool>& interrupted) { return ProofReader(path, request, interrupted).read(); }};

}  // namespace wiretight
