#include "app/outputs.h"

#include <algorithm>
#include <utility>

#include "report/github.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/sarif.h"

namespace wiretight {
namespace {

bool comes_bit_by_bit(Format format) { return format == Format::console || format == Format::jsonl; }

}  // namespace

Outcome<Outputs> Outputs::open(std::vector<Output> asked, Style style, Stream& out) {
  Outputs outputs(style, out);
  for (Output& output : asked) {
    Sink sink{.output = std::move(output)};
    const std::string& file = sink.output.file;
    if (!file.empty()) {
      outputs.has_files_ = true;
      if (Outcome<void> writable = check_writable(file); !writable) return std::unexpected(writable.error());
      if (comes_bit_by_bit(sink.output.format)) {
        Outcome<FileWriter> writer = FileWriter::open(file);
        if (!writer) return std::unexpected(writer.error());
        sink.file.emplace(std::move(*writer));
      }
    }
    outputs.sinks_.push_back(std::move(sink));
  }
  return outputs;
}

bool Outputs::needs_all() const {
  return std::ranges::any_of(sinks_, [](const Sink& sink) { return !comes_bit_by_bit(sink.output.format); });
}

report::ConsoleStyle Outputs::style_of(const Sink& sink) const {
  report::ConsoleStyle style = style_.console;
  if (sink.file) style.color = false;
  return style;
}

void Outputs::write(Sink& sink, std::string_view text) {
  if (text.empty() || problem_) return;
  if (sink.file) {
    if (Outcome<void> written = sink.file->write(text); !written) problem_ = written.error();
    return;
  }
  if (reader_gone_) return;
  switch (out_->write(text)) {
    case Stream::Written::yes:
      break;
    case Stream::Written::reader_gone:
      reader_gone_ = true;
      break;
    case Stream::Written::failed:
      problem_ = Problem{.what = "cannot be written", .where = "standard output"};
      break;
  }
}

void Outputs::add(const Assessed& assessed) {
  for (Sink& sink : sinks_) {
    if (sink.output.format == Format::jsonl) write(sink, report::jsonl_target(assessed.result, assessed.findings));
    if (sink.output.format != Format::console) continue;
    std::string text = report::target_lines(assessed.result, assessed.findings, assessed.suppressed, assessed.listeners,
                                            style_of(sink), assessed.proofs);
    // One-line targets stand together; a longer one has a free line before it.
    if (!sink.at_gap && text.ends_with("\n\n")) text.insert(0, "\n");
    if (!text.empty()) sink.at_gap = text.ends_with("\n\n");
    write(sink, text);
  }
}

std::string Outputs::closing(const Sink& sink, const Results& results) const {
  switch (sink.output.format) {
    case Format::console:
      return (sink.at_gap ? "" : "\n") + report::closing_lines(results, style_of(sink));
    case Format::json:
      return report::json(results);
    case Format::jsonl:
      return report::jsonl_summary(results);
    case Format::sarif:
      return report::sarif(results, style_.fail_on);
    case Format::junit:
      return report::junit(results, style_.fail_on);
    case Format::markdown:
      return report::markdown(results);
    case Format::github:
      return report::github(results, style_.fail_on);
  }
  return {};
}

void Outputs::close(const Results& results) {
  for (Sink& sink : sinks_) {
    if (problem_) return;
    const std::string text = closing(sink, results);
    Outcome<void> written = {};
    if (sink.file) {
      write(sink, text);
      if (!problem_) written = sink.file->finish();
    } else if (!sink.output.file.empty()) {
      written = write_file(sink.output.file, text);
    } else {
      write(sink, text);
    }
    if (!written) problem_ = written.error();
  }
}

}  // namespace wiretight
