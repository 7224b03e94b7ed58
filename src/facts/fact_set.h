#pragma once

#include <vector>

#include "facts/call_group.h"
#include "facts/flow.h"
#include "facts/gap.h"
#include "facts/listener.h"
#include "facts/logged_flow.h"
#include "facts/proof.h"

namespace wiretight {

// All that was learnt, by kind. Each unit of work fills its own set; sets are merged in input order, so the result is
// the same whatever the thread count.
struct FactSet {
  std::vector<Listener> listeners = {};
  std::vector<Flow> flows = {};
  std::vector<LoggedFlow> logged_flows = {};
  std::vector<CallGroup> calls = {};
  std::vector<TrailCoverage> trail_coverage = {};
  std::vector<TransportDeny> transport_denies = {};
  std::vector<Proof> proofs = {};
  std::vector<Gap> gaps = {};

  void merge(FactSet other);

  template <class Fact>
  const std::vector<Fact>& all() const;
};

template <>
inline const std::vector<Listener>& FactSet::all<Listener>() const {
  return listeners;
}
template <>
inline const std::vector<Flow>& FactSet::all<Flow>() const {
  return flows;
}
template <>
inline const std::vector<LoggedFlow>& FactSet::all<LoggedFlow>() const {
  return logged_flows;
}
template <>
inline const std::vector<CallGroup>& FactSet::all<CallGroup>() const {
  return calls;
}
template <>
inline const std::vector<TrailCoverage>& FactSet::all<TrailCoverage>() const {
  return trail_coverage;
}
template <>
inline const std::vector<TransportDeny>& FactSet::all<TransportDeny>() const {
  return transport_denies;
}
template <>
inline const std::vector<Proof>& FactSet::all<Proof>() const {
  return proofs;
}
template <>
inline const std::vector<Gap>& FactSet::all<Gap>() const {
  return gaps;
}

}  // namespace wiretight
