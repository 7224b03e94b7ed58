#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "facts/gap.h"
#include "sources/trail/tally.h"

namespace wiretight::trail {

// What was read of one folder. A folder is read by one worker as a whole, because copies of an event are looked for in
// it.
struct FolderInput {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::string sha256 = {};  // of the names, sizes and fates of its files
  bool operator==(const FolderInput&) const = default;
};

// The result of reading some folders of an archive, to be merged with those of the others. A merge is a union: of the
// folders, and of what was counted in them; the same partial twice is that partial once. What the bytes of the merged
// partial are depends on the folders alone, not on who read which of them or in which order they were merged.
struct Partial {
  std::string version = {};  // of the program, which decides what is counted how
  std::string scope = {};    // what was asked for, as one line
  std::map<std::string, FolderInput> folders = {};
  std::vector<Gap> gaps = {};  // by file
  Tally tally = {};

  std::uint64_t files() const;
  std::uint64_t bytes() const;

  // Takes the other's folders in. Fails, with the name of a folder, where a folder is in both and not all of the
  // other's are, or where its files were different ones; and where the two were not asked for the same.
  Outcome<void> merge(const Partial& other);
};

// One line of JSON, which ends with a newline. Equal partials give equal bytes.
std::string to_text(const Partial& partial);
Outcome<Partial> partial_from(std::string_view text);

// Whether a text begins as partials do.
bool looks_like_partial(std::string_view beginning);

// "from=… to=… accounts=… regions=…"
std::string to_text(const Scope& scope);

}  // namespace wiretight::trail
