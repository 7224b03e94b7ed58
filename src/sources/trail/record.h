#pragma once

#include <cstdint>
#include <functional>
#include <simdjson.h>
#include <string>
#include <string_view>

#include "sources/trail/call.h"

namespace wiretight::trail {

// What became of a piece of JSON.
enum class Piece : std::uint8_t {
  records,  // there were records in it, or it is a list of none
  digest,   // a digest file: no records, and none expected
  foreign,  // JSON that is no record of CloudTrail
};

// Takes the documents apart that CloudTrail records come in: {"Records": […]}, the output of lookup-events, results of
// CloudTrail Lake, subscriptions and exports of CloudWatch Logs, EventBridge events, arrays, single records; keys in
// any order, in CloudTrail's spelling or in the lower case of Athena. The views of a Call live until the visitor
// returns.
class RecordReader {
 public:
  using Visit = std::function<void(const Call& call)>;

  // A whole document or, where they are cut out of it, one element of its list.
  Piece read(const simdjson::dom::element& element, const Visit& visit);

  // The place of the record that is visited, from 1. Elements count, whatever they are.
  std::uint64_t number() const { return number_; }
  // Elements so far that were no records.
  std::uint64_t foreign() const { return foreign_; }
  // Before an element that was cut out of its list, or a document of many in one file.
  void count_element() { ++number_; }
  void count_foreign() { ++foreign_; }
  void begin_file() { number_ = foreign_ = 0; }

 private:
  Piece read_object(const simdjson::dom::object& object, const Visit& visit);
  Piece read_list(const simdjson::dom::array& list, const Visit& visit);
  Piece read_nested(std::string_view text, const Visit& visit);

  simdjson::dom::parser nested_;
  int depth_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t foreign_ = 0;
};

// The names of lists of records in a document, by which a reader of huge documents finds them.
bool is_list_of_records(std::string_view key);

// Fills in the field of that name; a dotted name ("tlsDetails.tlsVersion") is one of a part of it. For forms without
// JSON objects; names in any case.
void set_field(Call& call, std::string_view name, std::string_view value);

}  // namespace wiretight::trail
