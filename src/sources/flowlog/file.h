#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sources/flowlog/format.h"
#include "sources/flowlog/tally.h"
#include "sources/gunzip.h"

namespace wiretight::flowlog {

// What became of one file.
struct FileResult {
  std::uint64_t bytes = 0;  // of the file, as it lies on the disk
  std::uint64_t rows = 0;
  std::uint64_t bad_rows = 0;       // that do not have the form of the others
  std::uint64_t first_bad_row = 0;  // from 1
  bool is_flow_log = false;
  std::string problem = {};  // why it was not read, or not to its end; empty: it was
};

// Takes the text of one file piece by piece and hands its rows to the tally.
class RowReader {
 public:
  explicit RowReader(Tally& tally) : tally_(tally) {}

  void begin(std::size_t file, Whereabouts whereabouts);
  // False when no more is wanted.
  bool take(std::string_view piece);
  // The file is over; `whole` unless it was cut off, when its last line is none.
  void end(bool whole);
  const FileResult& result() const { return result_; }
  FileResult& result() { return result_; }

 private:
  void on_row(const Row& row);
  void begin_rows(const Row& row);
  void run(std::string_view text);
  void stop(std::string problem);

  Tally& tally_;
  Format format_ = {};
  bool begun_ = false;
  bool stopped_ = false;
  std::string carried_ = {};  // the beginning of a line
  FileResult result_ = {};
};

// Reads files one after another; one for each thread. It needs no more memory for a larger file.
class FileReader {
 public:
  FileReader(const Ranges* ranges, const std::atomic<bool>& interrupted);

  // `certain`: where it lies says that it is a flow log. Of another file no more than the beginning is read, unless it
  // says so itself.
  FileResult read(const std::string& path, std::size_t index, bool certain);
  Tally& tally() { return tally_; }

 private:
  void read_plain(int descriptor, std::size_t beginning);
  void read_gzip(int descriptor, std::size_t beginning, std::uint64_t size);
  void stream_gzip(int descriptor, std::size_t beginning, std::uint64_t members);
  // Fills `bytes_` from `at` on; how much came. Keeps what went wrong in the result.
  std::size_t fill(int descriptor, std::size_t at, std::size_t end);

  const std::atomic<bool>& interrupted_;
  Tally tally_;
  RowReader rows_;
  MemberGunzip members_;
  std::vector<std::uint8_t> bytes_ = {};  // of the file
  std::vector<std::uint8_t> text_ = {};   // decompressed
};

// The first line of a file, without its end; of one that cannot be read, nothing.
std::string first_line(const std::string& path);

// What the name of a file of the AWSLogs/ layout says: "…/<account>_vpcflowlogs_<region>_fl-….log.gz".
Whereabouts whereabouts_of(std::string_view path);

}  // namespace wiretight::flowlog
