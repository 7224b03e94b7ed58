#include "policy/resource_names.h"

#include <fmt/format.h>
#include <string_view>

namespace wiretight::policy {
namespace {

constexpr std::string_view digits = "0123456789", hexadecimal = "0123456789abcdef";
constexpr std::string_view name_bytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

Slot one_of(std::string_view bytes) { return {.bytes = bytes}; }
Slot some_of(std::string_view bytes) { return {.bytes = bytes, .repeats = true}; }

// Three bytes or more (API reference, IndexName).
Language index_name() { return {one_of(name_bytes), one_of(name_bytes), some_of(name_bytes)}; }

// "2015-05-11T21:21:33.291", as CreateTable makes them.
Language stream_label() {
  const Slot digit = one_of(digits);
  return {one_of("2"),
          one_of("0"),
          one_of("21"),
          one_of("5678901234"),
          one_of("-"),
          one_of("01"),
          one_of("123456789"),
          one_of("-"),
          digit,
          one_of("1234567890"),
          one_of("T"),
          digit,
          digit,
          one_of(":"),
          digit,
          digit,
          one_of(":"),
          digit,
          digit,
          one_of("."),
          digit,
          digit,
          digit};
}

// "01489602797149-73d8d5bc": backups, exports and imports.
Language job_name() {
  Language job = {one_of("0"), one_of("1234567890")};
  job.insert(job.end(), 12, one_of(digits));
  job.push_back(one_of("-"));
  job.insert(job.end(), 8, one_of(hexadecimal));
  return job;
}

std::vector<std::string> streams_of(const Situation& situation) {
  std::vector<std::string> out;
  if (situation.streams) {
    for (const std::string& stream : *situation.streams)
      out.push_back(stream.starts_with("arn:") ? stream : situation.table + "/stream/" + stream);
  } else {
    for (const auto& [arn, policy] : situation.resource)
      if (kind_of(arn, situation.table) == ResourceKind::stream) out.push_back(arn);
  }
  return out;
}

}  // namespace

std::vector<ResourceNames> resource_names(const Situation& situation) {
  const std::string& table = situation.table;
  const Language nothing = {};
  // What the usual form leaves out may exist all the same.
  const std::vector<Language> label = {stream_label(), {some_of("0123456789-T:.")}};
  const std::vector<Language> job = {job_name(), {some_of(name_bytes)}};
  std::vector<ResourceNames> out = {{ResourceKind::table, table, {nothing}}};
  if (!situation.indexes) {
    out.push_back({ResourceKind::index, table + "/index/", {index_name()}});
  } else {
    for (const std::string& name : *situation.indexes)
      out.push_back({ResourceKind::index, fmt::format("{}/index/{}", table, name), {nothing}});
  }
  const std::vector<std::string> streams = streams_of(situation);
  if (!situation.streams && streams.empty()) out.push_back({ResourceKind::stream, table + "/stream/", label});
  for (const std::string& stream : streams) out.push_back({ResourceKind::stream, stream, {nothing}});
  out.push_back({ResourceKind::backup, table + "/backup/", job});
  out.push_back({ResourceKind::export_job, table + "/export/", job});
  out.push_back({ResourceKind::import_job, table + "/import/", job});
  out.push_back({ResourceKind::global_table, global_table_of(table), {nothing}});
  out.push_back({ResourceKind::account, "*", {nothing}});
  return out;
}

}  // namespace wiretight::policy
