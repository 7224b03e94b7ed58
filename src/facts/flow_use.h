#pragma once

#include <string>

#include "core/json.h"
#include "facts/flow.h"

namespace wiretight {

// "12 requests to DynamoDB (5 GetItem, 5 PutItem and 2 Scan)"; "3 responses of DynamoDB" where only those were
// captured.
std::string said_exchange(const Flow& flow);

// Who sent it where: "from 10.0.0.5 to db.example:80 through the proxy 10.0.0.9:3128".
std::string said_route(const Flow& flow);

// What anybody on the way could read of it: "the access key id ASIA…MPLE with its session token, the table Music and
// 5 items returned". Never more than was seen, and no value of it.
std::string said_readable(const Flow& flow);

// For evidence: the same, machine-readable, with when and how often.
Json shown(const Flow& flow);

}  // namespace wiretight
