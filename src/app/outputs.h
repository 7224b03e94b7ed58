#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ports.h"
#include "core/file.h"
#include "core/problem.h"
#include "engine/results.h"
#include "report/console.h"

namespace wiretight {

enum class Format : std::uint8_t { console, json, jsonl, sarif, junit, markdown, github };

inline constexpr std::array<std::string_view, 7> format_names = {"console", "json",     "jsonl", "sarif",
                                                                 "junit",   "markdown", "github"};

struct Output {
  Format format = Format::console;
  std::string file = {};  // empty: standard output
};

// One target, judged: what a report is made of.
struct Assessed {
  TargetResult result = {};
  std::vector<Finding> findings = {};
  std::vector<Finding> suppressed = {};
  std::vector<Listener> listeners = {};
  std::vector<Proof> proofs = {};
};

// Everything a scan writes to. Console and JSON lines are written target by target; the other formats need all results
// and are written at the end. Files keep their old content until they are whole.
class Outputs {
 public:
  struct Style {
    report::ConsoleStyle console = {};  // on standard output
    std::optional<Severity> fail_on = {};
  };

  // Fails, naming the file, where something could not be written to.
  static Outcome<Outputs> open(std::vector<Output> asked, Style style, Stream& out);

  // Whether some format shows all targets at the end.
  bool needs_all() const;
  void add(const Assessed& assessed);
  void close(const Results& results);

  // Nobody reads any more, and there is no file beside.
  bool in_vain() const { return reader_gone_ && !has_files_; }
  bool reader_gone() const { return reader_gone_; }
  // The first thing that could not be written.
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  struct Sink {
    Output output = {};
    std::optional<FileWriter> file = {};  // of a format that is written bit by bit
    bool at_gap = true;                   // what was written last ended with an empty line
  };

  explicit Outputs(Style style, Stream& out) : style_(style), out_(&out) {}
  void write(Sink& sink, std::string_view text);
  report::ConsoleStyle style_of(const Sink& sink) const;
  std::string closing(const Sink& sink, const Results& results) const;

  std::vector<Sink> sinks_ = {};
  Style style_ = {};
  Stream* out_ = nullptr;
  bool has_files_ = false;
  bool reader_gone_ = false;
  std::optional<Problem> problem_ = {};
};

}  // namespace wiretight
