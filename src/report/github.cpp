#include "report/github.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "core/prose.h"
#include "report/clean.h"
#include "report/words.h"

// Workflow commands as the runner reads them (actions/runner, ActionCommand.cs): "::name key=value,key=value::message"
// at the beginning of a line.

namespace wiretight::report {
namespace {

enum class Kind { error, warning, notice };
constexpr std::array<std::string_view, 3> kind_words = {"error", "warning", "notice"};

// What GitHub shows of each kind for a step.
constexpr int most_of_a_kind = 10;

std::string replaced(std::string_view text, std::span<const std::pair<char, std::string_view>> table) {
  std::string out;
  for (const char c : text) {
    std::string_view as(&c, 1);
    for (const auto& [from, to] : table) {
      if (c == from) as = to;
    }
    out += as;
  }
  return out;
}

std::string message_text(std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 3> table = {{{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}}};
  return replaced(clean(text, true), table);
}

std::string property_text(std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 5> table = {
      {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}}};
  return replaced(clean(text), table);
}

// The runner takes "##[name]" for a command wherever it stands in a line that is none of the newer kind.
std::string plain_line(std::string text) {
  for (std::size_t at = text.find("##["); at != std::string::npos; at = text.find("##[", at)) text.insert(at + 2, " ");
  return text + "\n";
}

// "file=src/a.py,line=3,…,": only files of the repository have a place that GitHub can show. Columns are for a stretch
// of one line.
std::string place_properties(const Place& place) {
  const FilePlace* file = std::get_if<FilePlace>(&place);
  if (file == nullptr) return {};
  std::string out = fmt::format("file={},", property_text(file->file));
  if (file->line == 0) return out;
  out += fmt::format("line={},", file->line);
  if (file->end_line >= file->line) out += fmt::format("endLine={},", file->end_line);
  if (file->column > 0 && file->end_line == file->line && file->end_column > file->column) {
    out += fmt::format("col={},endColumn={},", file->column, file->end_column);
  }
  return out;
}

class Annotations {
 public:
  void add(Kind kind, const Place& place, std::string_view title, std::string_view message) {
    int& count = counts_.at(static_cast<std::size_t>(kind));
    if (++count > most_of_a_kind) {
      ++left_out_;
      return;
    }
    text_ += fmt::format("::{} {}title={}::{}\n", kind_words.at(static_cast<std::size_t>(kind)),
                         place_properties(place), property_text(title), message_text(message));
  }
  const std::string& text() const { return text_; }
  std::size_t left_out() const { return left_out_; }

 private:
  std::array<int, 3> counts_ = {};
  std::size_t left_out_ = 0;
  std::string text_ = {};
};

Kind kind_of(const Finding& finding, std::optional<Severity> fail_on) {
  if (fail_on && finding.severity >= *fail_on) return Kind::error;
  return finding.severity == Severity::info ? Kind::notice : Kind::warning;
}

// One annotation for all that could not be assessed, so that unreachable hosts do not push the findings out.
void add_gaps(const Results& results, Annotations& out) {
  std::string message;
  std::size_t gaps = 0;
  for (const TargetResult& target : results.targets) {
    if (target.status == TargetStatus::complete && target.problems.empty()) continue;
    gaps += std::max<std::size_t>(target.problems.size(), 1);
    if (!message.empty()) continue;
    message = target.target;
    if (target.problems.empty()) continue;
    const Gap& first = target.problems.front();
    message += fmt::format("{}{}: {}", first.place.empty() ? "" : ", ", first.place, first.message);
  }
  if (gaps > 1) message += fmt::format(" (and {} more)", gaps - 1);
  if (gaps > 0) out.add(Kind::error, {}, "could not be assessed", message);
}

}  // namespace

std::string github(const Results& results, std::optional<Severity> fail_on) {
  Annotations annotations;
  add_gaps(results, annotations);
  for (const Finding& finding : results.findings) {
    annotations.add(kind_of(finding, fail_on), finding.location, rule_text(finding), finding.message);
  }
  std::string last = "wiretight: " + summary_text(results);
  if (annotations.left_out() > 0) {
    last += fmt::format("; {} without an annotation, because GitHub shows ten of a kind",
                        count_of(annotations.left_out(), "finding"));
  }
  return annotations.text() + plain_line(std::move(last));
}

}  // namespace wiretight::report
