#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sources/trail/call.h"

namespace wiretight::trail {

// Whether the text begins with the header line of a table of CloudTrail records.
bool looks_like_csv(std::string_view text);

// Reads query results of CloudTrail Lake: CSV with a header line, a row an event; columns are fields by name
// ("eventSource", "tlsDetails", "tlsDetails.tlsVersion", "eventJson"), in any order. `more` appends text and is false
// at the end. Answers why not all was read; empty where it was. The CSV of Event history is refused: it has no column
// for TLS.
std::string read_csv(std::string text, const std::function<bool(std::string& text)>& more,
                     const std::function<void(const Call& call)>& visit);

}  // namespace wiretight::trail
