#include "sources/trail/lake.h"

#include <algorithm>
#include <fmt/format.h>
#include <simdjson.h>
#include <vector>

#include "core/text.h"
#include "sources/trail/bytes.h"
#include "sources/trail/record.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t longest_row = std::size_t{2} << 20;
constexpr std::size_t most_columns = 256;

// One row of RFC 4180 at `at`, into `cells`; leaves `at` behind its end of line. False where the text ends before the
// row does and more may come.
bool take_row(std::string_view text, bool ended, std::size_t& at, std::vector<std::string>& cells) {
  cells.assign(1, {});
  bool quoted = false;
  for (std::size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 == text.size() && !ended) {
        return false;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cells.back() += c;
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      if (cells.size() < most_columns) cells.emplace_back();
    } else if (c == '\n') {
      at = i + 1;
      return true;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  if (!ended) return false;
  at = text.size();
  return true;
}

std::string column(std::string_view header) {
  std::string out = lower(trim(header));
  std::erase(out, ' ');
  return out;
}

}  // namespace

bool looks_like_csv(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::string_view line = text.substr(0, std::min<std::size_t>(text.find('\n'), 4096));
  if (line.empty() || line.front() == '{' || line.front() == '[') return false;
  std::vector<std::string> cells;
  std::size_t at = 0;
  take_row(line, true, at, cells);
  return std::ranges::any_of(cells, [](const std::string& cell) {
    const std::string name = column(cell);
    return name == "eventsource" || name == "eventjson";
  });
}

std::string read_csv(std::string text, const std::function<bool(std::string& text)>& more,
                     const std::function<void(const Call& call)>& visit) {
  std::vector<std::string> names;
  std::vector<std::string> cells;
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  bool ended = false;
  RecordReader nested;
  simdjson::dom::parser parser;
  std::uint64_t broken = 0;
  for (;;) {
    if (at == text.size() && ended) break;
    if (!take_row(text, ended, at, cells)) {
      if (text.size() - at > longest_row) return "a row is longer than any of CloudTrail's";
      text.erase(0, at);
      at = 0;
      ended = !more(text);
      continue;
    }
    if (names.empty()) {
      for (const std::string& cell : cells) names.push_back(column(cell));
      const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
      if (has("username") && has("awsaccesskey") && !has("tlsdetails"))
        return "is the CSV of Event history, which has no column for TLS: download JSON, or read the trail's files";
      continue;
    }
    if (cells.size() == 1 && cells.front().empty()) continue;
    Call call;
    bool whole = false;
    for (std::size_t i = 0; i < std::min(cells.size(), names.size()); ++i) {
      if (names[i] != "eventjson") {
        set_field(call, names[i], cells[i]);
        continue;
      }
      simdjson::dom::element element;
      if (parser.parse(cells[i].data(), cells[i].size()).get(element) == simdjson::SUCCESS)
        whole = nested.read(element, visit) == Piece::records;
    }
    if (whole) continue;
    if (call.event_source.empty()) {
      ++broken;
    } else {
      visit(call);
    }
  }
  return broken == 0 ? "" : fmt::format("{} of its rows name no event source", broken);
}

}  // namespace wiretight::trail
