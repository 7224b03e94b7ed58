#pragma once

#include <vector>

#include "facts/listener.h"

namespace wiretight::endpoint {

// Do two addresses of one name answer alike? Whatever is of the moment (randoms, counts, times) does not matter.
bool alike(const Listener& left, const Listener& right);

// What was seen at the addresses of one name. Those of a port that are all alike become one listener, that of the first
// address; where any differs, each stays and says at which address it is. Sorted: the port that was asked for first,
// then by port and, within a port, in the order given.
std::vector<Listener> merge_addresses(std::vector<Listener> listeners);

}  // namespace wiretight::endpoint
