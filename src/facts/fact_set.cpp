#include "facts/fact_set.h"

#include <iterator>
#include <utility>

namespace wiretight {
namespace {

template <class Fact>
void append(std::vector<Fact>& to, std::vector<Fact>& from) {
  to.insert(to.end(), std::move_iterator(from.begin()), std::move_iterator(from.end()));
}

}  // namespace

void FactSet::merge(FactSet other) {
  append(listeners, other.listeners);
  append(flows, other.flows);
  append(logged_flows, other.logged_flows);
  append(calls, other.calls);
  append(trail_coverage, other.trail_coverage);
  append(transport_denies, other.transport_denies);
  append(proofs, other.proofs);
  append(gaps, other.gaps);
}

}  // namespace wiretight
