#pragma once

#include <string_view>

#include "core/json.h"
#include "engine/finding.h"

// What the files of the SARIF report share.

namespace wiretight::report {

// A `location` with an artifact and a whole region, which GitHub wants of every result. What is no file gets an
// artifact of its own: "endpoints/<host>_<port>", "account/<region>", "resources/<address>", "targets/<target>".
Json sarif_location(const Place& place, std::string_view target);

// An `artifactLocation`; a relative path is one below the root of the sources.
Json sarif_artifact(std::string_view file);

// The `reportingDescriptor` of the rule of a finding: its page, or what the finding says where the catalogue has none.
// `worst` and `least_certain` are of all findings of the rule in this run: GitHub takes an alert's severity from the
// rule, and a page's default would make an emulator on loopback as bad as a public host.
Json sarif_rule(const Finding& finding, Severity worst, Confidence least_certain);

// A plain `message`. SARIF lets it have links, which foreign text must not bring in.
Json sarif_message(std::string_view text);

std::string_view sarif_level(Severity severity);

// A score that GitHub and others sort by, "9.5": in the middle of what they call critical, high, medium and low. Empty
// for a remark, which is no security alert.
std::string_view security_severity(Severity severity);

}  // namespace wiretight::report
