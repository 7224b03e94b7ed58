#pragma once

#include <optional>

#include "facts/listener.h"
#include "net/hello/message.h"

namespace wiretight {

// The fact about a group, also of one that the tables do not have.
NamedGroup group_of(std::uint16_t code);

// The fact about the Diffie-Hellman parameters that a server sent for this suite (null when unknown); nothing for other
// key exchanges.
std::optional<DhParameters> dh_of(const tls::ServerKeyExchange& exchange, const tls::Suite* suite,
                                  ProtocolVersion version);

}  // namespace wiretight
