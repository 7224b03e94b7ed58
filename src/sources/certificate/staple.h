#pragma once

#include <cstdint>

#include "facts/listener.h"
#include "sources/certificate/handles.h"

namespace wiretight::certificate {

// Reads an OCSP response that came with a handshake (RFC 6960): what it says of the leaf, when its signature is by the
// leaf's issuer or by a responder that the issuer appointed. Anything else is "malformed" with a reason. `issuer` may
// be null when it is not known, and then a response of good form stays unresolved.
Setting<OcspStaple> read_staple(Bytes der, X509& leaf, X509* issuer, std::int64_t at);

}  // namespace wiretight::certificate
