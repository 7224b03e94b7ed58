#include "engine/rule.h"

#include <algorithm>
#include <map>

#include "core/prose.h"

namespace wiretight::rules {
namespace {

// Regions of one account where DynamoDB is in use and no data events are there.
struct Blind {
  const TrailCoverage* first = nullptr;
  std::vector<std::string> regions = {};
  std::uint64_t management_events = 0;
};

void report(const Blind& blind, Findings& out) {
  out.add(*blind.first)
      .about(blind.first->account)
      .says(
          "Account {} uses DynamoDB in {} and its trail has no data events there: cleartext reads and writes could not "
          "have been seen.",
          blind.first->account, list_of(blind.regions, 4))
      .shows("managementEvents", blind.management_events);
}

}  // namespace

// Tells where DynamoDB is in use by its management events and no data event was recorded, or where a whole trail holds
// none of any kind.
extern const Rule detection_blind{
    .name = "detection-blind",
    .check =
        [](const FactSet& facts, Findings& out) {
          std::map<std::string_view, Blind> accounts;
          bool any = false;
          for (const TrailCoverage& row : facts.trail_coverage) {
            any = any || row.data_events + row.management_events > 0;
            if (row.data_events > 0 || row.management_events == 0) continue;
            Blind& blind = accounts[row.account];
            if (blind.first == nullptr) blind.first = &row;
            blind.regions.push_back(row.region);
            blind.management_events += row.management_events;
          }
          for (const auto& [account, blind] : accounts) report(blind, out);
          if (any || facts.trail_coverage.empty()) return;
          const TrailCoverage& first = facts.trail_coverage.front();
          out.add(first)
              .about("nothing of DynamoDB")
              .says(
                  "The trail has events and none of DynamoDB: neither its use nor cleartext calls could have been "
                  "seen.");
        },
};

}  // namespace wiretight::rules
