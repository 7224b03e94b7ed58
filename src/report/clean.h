#pragma once

#include <string>
#include <string_view>

namespace wiretight::report {

// The last gate before anything is written: text as it may be shown to people, logs and other programs.
// - control bytes, C1 controls, direction marks and invalid UTF-8 become visible ("\x1b", "\u202e"); a newline stays
// one
//   only when `lines` is set, else it becomes a space
// - user and password in a URL become "***", an access key id keeps its first and last four characters
std::string clean(std::string_view text, bool lines = false);

// Columns that a terminal needs: wide East Asian characters and emoji count two, combining marks none.
int display_width(std::string_view text);

}  // namespace wiretight::report
