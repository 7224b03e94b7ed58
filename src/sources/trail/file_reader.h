#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <simdjson.h>
#include <span>
#include <string>

#include "sources/trail/bytes.h"
#include "sources/trail/part.h"
#include "sources/trail/record.h"

namespace wiretight::trail {

// What became of one file.
struct FileResult {
  Part part = {};  // the last one, where there were more
  std::uint64_t bytes = 0;
  std::string problem = {};  // why it was not wholly read; empty where it was
  std::string sha256 = {};   // of the inflated content in hex, where it was asked for
};

// Reads files one after another: small ones at one go, huge ones piece by piece. Keeps its buffers, which stay below
// 40 MB whatever the file. Not for two threads at once.
class FileReader {
 public:
  explicit FileReader(Scope scope);

  // `name` is what places show; parts of huge files go to `flush` as they come. Never throws but std::bad_alloc.
  FileResult read(const std::string& path, const std::string& name, bool with_sha256, const Collector::Flush& flush);

 private:
  struct Progress;
  using More = std::function<bool(std::string& window)>;
  bool read_whole(LogFile& file, Progress& progress);
  bool gunzip(std::span<const std::uint8_t> bytes);
  void read_pieces(LogFile& file, Progress& progress);
  void read_text(std::string_view text, Progress& progress);
  bool read_document(std::string_view text);
  void read_csv(std::string text, const More& more, Progress& progress);
  void split(std::string& window, const More& more, Progress& progress);

  Collector collector_;
  RecordReader records_ = {};
  simdjson::dom::parser parser_;
  MemberGunzip members_;
  std::string compressed_ = {};
  std::string text_ = {};
};

}  // namespace wiretight::trail
