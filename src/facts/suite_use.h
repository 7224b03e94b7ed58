#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "facts/listener.h"

namespace wiretight {

// A suite that a listener accepts, and in which versions.
struct SuiteUse {
  CipherSuite suite = {};
  std::vector<ProtocolVersion> versions = {};
};

// The accepted suites that `wanted` picks, each once, newest version and server's choice first.
std::vector<SuiteUse> suites_where(const Listener& listener,
                                   bool (*wanted)(const CipherSuite& suite, ProtocolVersion version));

std::vector<std::string> names_of(const std::vector<SuiteUse>& uses);
// All versions in which any of them is accepted, oldest first: "TLSv1.0" …
std::vector<std::string> versions_of(const std::vector<SuiteUse>& uses);

// For a message: "TLS_RSA_WITH_NULL_SHA, TLS_RSA_WITH_NULL_MD5 and 3 more in TLSv1.0 and TLSv1.2".
std::string said(const std::vector<SuiteUse>& uses);
// For evidence: [{"code": "0xC02F", "name": "TLS_…", "bits": 128, "versions": ["TLSv1.2"]}].
Json shown(const std::vector<SuiteUse>& uses);

// Ciphers with 64-bit blocks: SWEET32 (CVE-2016-2183) needs no more.
bool has_short_blocks(const CipherSuite& suite);
// CBC with a MAC over the plaintext: the padding oracles from POODLE to LUCKY13.
bool is_cbc(const CipherSuite& suite);

}  // namespace wiretight
