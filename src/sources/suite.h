#pragma once

#include "facts/cipher_suite.h"
#include "net/hello/registry.h"

namespace wiretight {

// The fact about a suite of the tables.
CipherSuite suite_of(const tls::Suite& suite);

}  // namespace wiretight
