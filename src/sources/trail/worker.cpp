#include "sources/trail/worker.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "core/hash.h"
#include "core/text.h"
#include "sources/trail/archive.h"
#include "sources/trail/layout.h"

namespace wiretight::trail {
namespace {

constexpr std::size_t longest_line = 4096;

// The files of the list that fall to the shard, folder by folder.
Outcome<std::vector<LogObject>> share_of(std::istream& list, const Shard& shard, const Scope& scope) {
  std::vector<LogObject> objects;
  std::string line;
  while (std::getline(list, line)) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (line.size() > longest_line) return failure("a line is longer than any path");
    if (line.find("://") != std::string::npos)
      return failure(sanitise(line, 200) + " is no file of this machine: mount or copy the bucket");
    const auto object = delivered(line);
    if (object && (object->what != Delivery::events || !may_hold(*object, scope))) continue;
    if (hash64(folder_of(line)) % shard.of != shard.number - 1) continue;
    objects.push_back({.path = line, .name = line});
  }
  if (list.bad()) return failure("the list could not be read");
  std::ranges::sort(objects, {},
                    [](const LogObject& one) { return std::pair(folder_of(one.name), name_of(one.name)); });
  const auto repeated = std::ranges::unique(objects, {}, &LogObject::name);
  objects.erase(repeated.begin(), repeated.end());
  return objects;
}

}  // namespace

Outcome<Partial> work(std::istream& list, const Shard& shard, const Request& request, std::string version) {
  Outcome<std::vector<LogObject>> objects = share_of(list, shard, request.scope);
  if (!objects) return std::unexpected(objects.error());
  Partial partial{.version = std::move(version), .scope = to_text(request.scope)};
  Archive archive(request);
  Sha256 digest;
  std::string folder;
  const auto close = [&] {
    if (const auto found = partial.folders.find(folder); found != partial.folders.end())
      found->second.sha256 = digest.hex();
    digest = Sha256();
  };
  const bool whole = archive.add(
      *objects,
      [&](const LogObject& object, const FileResult& result) {
        if (folder != folder_of(object.name) || partial.folders.empty()) {
          close();
          folder = folder_of(object.name);
        }
        FolderInput& input = partial.folders[folder];
        ++input.files;
        input.bytes += result.bytes;
        digest.add(fmt::format("{}\n{}\n{}\n", object.name, result.bytes, result.problem));
        if (!result.problem.empty()) partial.gaps.push_back({.place = object.name, .message = result.problem});
      },
      [](const LogObject&) { return false; });
  close();
  // A worker that was stopped has nothing to hand over: its folders are to be read by another.
  if (!whole) return failure("the worker was interrupted");
  archive.tally().settle();
  partial.tally = std::move(archive.tally());
  return partial;
}

}  // namespace wiretight::trail
