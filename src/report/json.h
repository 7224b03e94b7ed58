#pragma once

#include <string>

#include "core/json.h"
#include "engine/results.h"

// The contract's object and its parts. Every string has gone through `clean`. docs/schema/wiretight-1.schema.json
// describes all keys.

namespace wiretight::report {

// The whole object, indented, with a newline at the end.
std::string json(const Results& results);

Json to_json(const Finding& finding);
Json to_json(const TargetResult& target);
Json to_json(const Place& place);
Json to_json(const Listener& listener);
Json to_json(const Flow& flow);
Json to_json(const LoggedFlow& flow);
Json to_json(const CallGroup& group);
Json to_json(const TrailCoverage& coverage);
Json to_json(const Proof& proof);

}  // namespace wiretight::report
