#pragma once

#include <string>
#include <vector>

#include "app/ports.h"
#include "app/scan.h"
#include "core/problem.h"
#include "sources/trail/sql.h"
#include "sources/trail/worker.h"

// `wiretight trail`: CloudTrail at scale, cut into shards for whatever runs many processes.
namespace wiretight {

struct TrailRequest {
  trail::Shard shard = {};
  trail::Scope scope = {};
  unsigned jobs = 1;
  std::string output = {};  // empty: standard output
  std::vector<std::string> partials = {};
  trail::Dialect dialect = trail::Dialect::athena;
  std::string table = "cloudtrail_logs";
  std::string location = "s3://BUCKET/AWSLogs";
};

// Reads the files that standard input names and writes a partial result. Incomplete where a file could not be read: the
// partial says so, and is written all the same.
Outcome<Exit> trail_worker(const TrailRequest& request, Ports& ports);
// Makes one partial result of many.
Outcome<Exit> trail_merge(const TrailRequest& request, Ports& ports);
Outcome<Exit> trail_sql(const TrailRequest& request, Ports& ports);

}  // namespace wiretight
