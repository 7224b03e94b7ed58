#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "facts/setting.h"
#include "sources/certificate/handles.h"
#include "sources/certificate/trust.h"

namespace wiretight::certificate {

// The way from a server's certificate towards a trusted one.
struct Path {
  Setting<bool> trusted = {};
  std::string error = {};        // why it is not trusted: a clause for people
  std::vector<Cert> steps = {};  // leaf first, each signed by the next in name; as far as certificates were found
  bool ends_at_trusted = false;  // the last step is a trusted certificate
};

// Why a certificate may not sign others, as the rest of a sentence: "is no certificate authority". Empty when it may.
std::string fault_as_authority(X509& certificate);

// Builds it from what was served, in any order and with others among it (leaf first, not empty), and what is trusted.
// Where several lead to a trusted certificate one is taken whose dates hold at `at`; if there is none the dates do not
// matter.
Path find_path(std::span<X509* const> served, TrustStore::State& trust, std::int64_t at);

}  // namespace wiretight::certificate
