#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sources/certificate/path.h"

namespace wiretight::certificate {

// What is wrong with a chain as it was sent, each a clause for people that begins with its kind: "wrong order: …",
// "intermediate missing: …", "extra certificate: …", "expired intermediate: …", "expired root: …", "not yet valid: …",
// "no authority: …", "path length: …". A root that is sent along is no defect, nor is a second certificate of an
// authority, signed by another one for older clients.
std::vector<std::string> defects_of(std::span<X509* const> served, const Path& path, std::int64_t at);

}  // namespace wiretight::certificate
