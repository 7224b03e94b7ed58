#pragma once

#include <string_view>

#include "facts/cipher_suite.h"
#include "net/hello/registry.h"

namespace wiretight {

// The fact about a suite of the tables.
CipherSuite suite_of(const tls::Suite& suite);

// By IANA's or OpenSSL's name; null for a name that the tables do not have.
const tls::Suite* find_suite(std::string_view name);

}  // namespace wiretight
