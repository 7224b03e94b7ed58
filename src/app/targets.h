#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "app/file_sources.h"
#include "app/target_lines.h"
#include "core/problem.h"
#include "engine/results.h"
#include "sources/endpoint/endpoint.h"

namespace wiretight {

// Which kind of target a name stands for (contract.md, `scan`). Names of endpoints are not looked at further here.
// Fails where it can be none.
Outcome<TargetKind> kind_of(const std::string& name, std::span<const FileSource> sources);

// A file or folder and who reads it.
struct FileTarget {
  std::string path = {};
  const FileSource* source = nullptr;
};

// What is to be scanned.
using Scannable = std::variant<endpoint::Target, FileTarget>;

// A target whose turn it is, or why it cannot be scanned.
struct GivenTarget {
  std::size_t index = 0;   // counts all that were handed out, from 0
  std::string text = {};   // as typed, user and password hidden
  std::string place = {};  // "targets.txt:12"; empty for one of the command line
  TargetKind kind = TargetKind::endpoint;
  Outcome<Scannable> what = {};
};

// All targets of a command line in their order. Lists are read line by line as targets are asked for; what is no
// regular file, such as standard input, is read to its end first, because nobody can wait for it while connections are
// open. Not for several threads at once.
class Targets {
 public:
  // Fails for a name of the command line that is unusable, a list that cannot be read and a list without a target.
  // Names that are repeated count once. `in` is standard input; `sources` must outlive the targets.
  static Outcome<Targets> open(std::span<const std::string> names, std::optional<TargetKind> as,
                               std::span<const FileSource> sources, std::istream& in);

  std::optional<GivenTarget> next();
  // What would have been handed out: one target each, but the rest of a list in one.
  std::optional<GivenTarget> skip();
  // Whether more than one target may come.
  bool several() const { return sources_.size() > 1 || lists_ > 0; }
  // How many there are, where no list is among them.
  std::optional<std::size_t> count() const;
  // Lists that could not be read to their end.
  const std::vector<GivenTarget>& broken() const { return broken_; }

 private:
  struct Source {
    std::string name = {};                     // as typed, user and password hidden; of a list without its @
    TargetKind kind = TargetKind::endpoint;    // of a target that is no list
    std::optional<Scannable> what = {};        // of a target that is no list
    std::unique_ptr<std::istream> bytes = {};  // of a list
    std::unique_ptr<TargetLines> lines = {};
    std::optional<TargetLine> ahead = {};  // the line to be handed out next
  };

  Outcome<void> add_list(const std::string& name, std::istream& in);
  GivenTarget given(const Source& source);
  GivenTarget given(const Source& source, TargetLine line);
  GivenTarget given_list(const Source& source, std::string why);

  std::optional<TargetKind> as_ = {};
  std::span<const FileSource> kinds_ = {};
  std::vector<Source> sources_ = {};
  std::size_t lists_ = 0;
  std::size_t at_ = 0;  // the source whose turn it is
  std::size_t handed_out_ = 0;
  std::vector<GivenTarget> broken_ = {};
};

}  // namespace wiretight
