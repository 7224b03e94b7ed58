#include "sources/trail/walk.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/text.h"
#include "sources/trail/lake.h"
#include "sources/trail/layout.h"
#include "sources/trail/partial.h"

namespace wiretight::trail {
namespace {

namespace fs = std::filesystem;

struct Folder {
  std::vector<std::string> files = {};  // names
  std::vector<std::string> folders = {};
  std::vector<std::string> links = {};  // to folders, and those with the name of a log
  std::string problem = {};
};

bool has_name_of_log(std::string_view name) {
  constexpr std::array<std::string_view, 6> endings = {".json", ".jsonl", ".ndjson", ".log", ".csv", ".txt"};
  std::string small = lower(name);
  if (small.ends_with("_sign.json")) return false;  // of Lake's results
  if (small.ends_with(".gz")) small.erase(small.size() - 3);
  return small.size() + 3 == name.size() ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return small.ends_with(ending); });
}

Folder entries_of(const std::string& path) {
  Folder out;
  std::error_code error;
  for (fs::directory_iterator at(path, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    std::string name = at->path().filename().native();
    if (name.starts_with('.')) continue;
    const bool folder = at->is_directory(ignored);
    const bool link = at->is_symlink(ignored) && (folder || has_name_of_log(name));
    (link ? out.links : folder ? out.folders : out.files).push_back(std::move(name));
  }
  if (error) out.problem = "cannot be read: " + error.message();
  std::ranges::sort(out.files);
  std::ranges::sort(out.folders);
  std::ranges::sort(out.links);
  return out;
}

std::string joined(std::string_view folder, std::string_view name) {
  std::string out(folder);
  if (!out.empty() && !out.ends_with('/')) out += '/';
  return out += name;
}

// The whole path, so that the layout shows wherever in it the target begins.
std::string absolute(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  return error ? path : whole.lexically_normal().native();
}

class Walk {
 public:
  Walk(const std::string& target, const Scope& scope, const std::function<bool(std::vector<LogObject>)>& take)
      : target_(target), root_(absolute(target)), scope_(scope), take_(take) {}

  void file() { consider("", std::string(name_of(target_)), target_); }

  bool folder(const std::string& below) {
    const Folder here = entries_of(joined(target_, below));
    if (!here.problem.empty()) left.gaps.push_back({.place = below.empty() ? target_ : below, .message = here.problem});
    for (const std::string& name : here.links)
      left.gaps.push_back({.place = joined(below, name), .message = "is a link, which is not followed"});
    for (const std::string& name : here.files) {
      const std::string shown = joined(below, name);
      consider(joined(root_, shown), shown, joined(target_, shown));
    }
    if (batch_.size() >= most_in_batch && !flush()) return false;
    return std::ranges::all_of(here.folders, [&](const std::string& name) {
      const std::string deeper = joined(below, name);
      const std::string whole = joined(root_, deeper);
      if (std::ranges::count(deeper, '/') > deepest) {
        left.gaps.push_back({.place = deeper, .message = "is too deep: what lies in it was not read"});
        return true;
      }
      // Days, regions and accounts out of scope are not even listed.
      if (const auto object = delivered(whole + "/x"); object && !may_hold(*object, scope_)) {
        ++left.out_of_scope;
        return true;
      }
      return folder(deeper);
    });
  }

  bool flush() { return batch_.empty() || take_(std::exchange(batch_, {})); }

  LeftAlone left = {};

 private:
  static constexpr std::size_t most_in_batch = 4096;
  static constexpr std::ptrdiff_t deepest = 40;

  void consider(const std::string& whole, std::string shown, std::string path) {
    const auto object = delivered(whole);
    if (object && object->what == Delivery::digests) return;
    if (object && object->what == Delivery::insights) {
      ++left.insights;
    } else if (object && !may_hold(*object, scope_)) {
      ++left.out_of_scope;
    } else if (!whole.empty() && !has_name_of_log(shown)) {
      ++left.other;
    } else {
      batch_.push_back({.path = std::move(path), .name = std::move(shown)});
    }
  }

  const std::string& target_;
  std::string root_;
  const Scope& scope_;
  const std::function<bool(std::vector<LogObject>)>& take_;
  std::vector<LogObject> batch_ = {};
};

void find_digests_below(const std::string& target, const std::string& root, const std::string& below,
                        const Scope& scope, std::vector<LogObject>& out) {
  constexpr std::ptrdiff_t deepest = 40;
  const Folder here = entries_of(joined(target, below));
  for (const std::string& name : here.files) {
    const std::string shown = joined(below, name);
    const std::string whole = joined(root, shown);
    const auto object = delivered(whole);
    if (object && object->what == Delivery::digests && may_hold(*object, scope))
      out.push_back({.path = joined(target, shown), .name = shown});
  }
  for (const std::string& name : here.folders) {
    const std::string deeper = joined(below, name);
    // Log files have no digests among them.
    if (name == "CloudTrail" || name == "CloudTrail-Insight" || std::ranges::count(deeper, '/') > deepest) continue;
    find_digests_below(target, root, deeper, scope, out);
  }
}

bool has_words(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::all_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Looks at a bounded number of entries.
struct Glance {
  std::size_t entries = 0;
  std::vector<std::string> files = {};
  bool layout = false;
  bool other = false;  // files that no archive of logs has

  void at(const std::string& folder, int depth) {
    constexpr std::size_t most_entries = 2000;
    constexpr std::size_t most_files = 4;
    constexpr int deepest = 12;
    const Folder here = entries_of(folder);
    for (const std::string& name : here.files) {
      if (++entries > most_entries || layout) return;
      layout = delivered(joined(folder, name)).has_value();
      if (!has_name_of_log(name) && !lower(name).ends_with("_sign.json")) other = true;
      if (files.size() < most_files) files.push_back(joined(folder, name));
    }
    for (const std::string& name : here.folders) {
      if (++entries > most_entries || layout || depth >= deepest) return;
      layout = delivered(joined(folder, name) + "/x").has_value();
      at(joined(folder, name), depth + 1);
    }
  }
};

}  // namespace

LeftAlone walk_logs(const std::string& target, const Scope& scope,
                    const std::function<bool(std::vector<LogObject> batch)>& take) {
  Walk walk(target, scope, take);
  std::error_code error;
  if (fs::is_directory(target, error)) {
    walk.folder("");
  } else {
    walk.file();
  }
  walk.flush();
  return std::move(walk.left);
}

std::vector<LogObject> find_digests(const std::string& target, const Scope& scope) {
  std::vector<LogObject> out;
  std::error_code error;
  if (fs::is_directory(target, error)) find_digests_below(target, absolute(target), "", scope, out);
  return out;
}

bool folder_has_logs(const std::string& folder) {
  Glance glance;
  glance.at(absolute(folder), 0);
  if (glance.layout) return true;
  return !glance.other && !glance.files.empty() && std::ranges::all_of(glance.files, file_has_records);
}

bool file_has_records(const std::string& path) {
  constexpr std::size_t enough = std::size_t{64} << 10;
  Outcome<LogFile> file = LogFile::open(path);
  if (!file) return false;
  Pieces pieces(*file);
  std::string text;
  while (text.size() < enough && pieces.more(text)) {
  }
  const std::string_view beginning = trim(std::string_view(text).substr(0, enough));
  if (looks_like_csv(beginning) || looks_like_partial(beginning)) return true;
  if (beginning.empty() || std::string_view("{[0123456789\xef").find(beginning.front()) == std::string_view::npos)
    return false;
  std::string tight(beginning.substr(0, 40));
  std::erase_if(tight, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  if (tight.starts_with(R"({"Records":[]})") || has_words(beginning, {"digestS3Object", "digestEndTime"})) return true;
  // Events that services send to Lambda functions have an "eventSource" too: "aws:s3".
  const bool spelt = has_words(beginning, {"eventSource", "eventName", "userIdentity"}) ||
                     has_words(beginning, {"eventsource", "eventname", "useridentity"});
  return spelt && has_words(beginning, {".amazonaws.com"}) && !has_words(beginning, {"\"aws:s3\""});
}

}  // namespace wiretight::trail
