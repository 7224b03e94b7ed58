#include "sources/flowlog/format.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>
#include <vector>

#include "core/host.h"
#include "core/text.h"

// Field names, their order and meaning: VPC user guide, "Flow log records".

namespace wiretight::flowlog {
namespace {

constexpr std::pair<std::string_view, Column> names[] = {
    {"account-id", Column::account},
    {"interface-id", Column::interface},
    {"instance-id", Column::instance},
    {"vpc-id", Column::vpc},
    {"subnet-id", Column::subnet},
    {"region", Column::region},
    {"srcaddr", Column::source},
    {"dstaddr", Column::destination},
    {"pkt-srcaddr", Column::packet_source},
    {"pkt-dstaddr", Column::packet_destination},
    {"srcport", Column::source_port},
    {"dstport", Column::destination_port},
    {"protocol", Column::protocol},
    {"packets", Column::packets},
    {"bytes", Column::bytes},
    {"start", Column::start},
    {"end", Column::end},
    {"action", Column::action},
    {"log-status", Column::log_status},
    {"tcp-flags", Column::tcp_flags},
    {"traffic-path", Column::traffic_path},
    {"pkt-src-aws-service", Column::source_service},
    {"pkt-dst-aws-service", Column::destination_service},
};

// Names that are not read and make a header recognisable all the same.
constexpr std::string_view others[] = {"version",
                                       "type",
                                       "az-id",
                                       "sublocation-type",
                                       "sublocation-id",
                                       "flow-direction",
                                       "reject-reason",
                                       "ecs-cluster-arn",
                                       "ecs-cluster-name",
                                       "ecs-container-instance-arn",
                                       "ecs-container-instance-id",
                                       "ecs-container-id",
                                       "ecs-second-container-id",
                                       "ecs-service-name",
                                       "ecs-task-definition-arn",
                                       "ecs-task-arn",
                                       "ecs-task-id"};

constexpr std::string_view default_fields =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
    "log-status";

// Fields have no quotes and no blanks of their own.
std::vector<std::string_view> words_of(std::string_view line) { return split(line, ' '); }

bool is_name(std::string_view word) {
  return !word.empty() && word.size() <= 64 && word.front() >= 'a' && word.front() <= 'z' &&
         std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9'); });
}

bool is_number(std::string_view word, std::size_t most_digits = 20) {
  return !word.empty() && word.size() <= most_digits &&
         std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_number_or_none(std::string_view word) { return word == "-" || is_number(word); }
bool is_address_or_none(std::string_view word) { return word == "-" || parse_address(word).has_value(); }

// A header: field names and nothing else, and enough known ones for it to be nothing else. One name alone is a header
// as well by AWS's rules; nobody can tell it from a word.
std::optional<Format> read_header(const std::vector<std::string_view>& words) {
  if (words.size() < 2 || words.size() > most_columns || !std::ranges::all_of(words, is_name)) return {};
  Format format{.columns = words.size()};
  std::size_t known = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::ranges::find(others, words[i]) != std::end(others)) ++known;
    const auto* const name = std::ranges::find(names, words[i], &std::pair<std::string_view, Column>::first);
    if (name == std::end(names)) continue;
    ++known;
    std::uint8_t& at = format.at[static_cast<std::size_t>(name->second)];
    if (at != Format::absent) return {};  // twice
    at = static_cast<std::uint8_t>(i);
  }
  if (known < 2 || known * 2 <= words.size()) return {};
  return format;
}

// A row of the default format, which begins with "2", an account and an interface.
bool is_default_row(const std::vector<std::string_view>& words) {
  if (words.size() != 14 || words[0] != "2") return false;
  if (words[1] != "unknown" && !(is_number(words[1]) && words[1].size() == 12)) return false;
  if (!words[2].starts_with("eni-")) return false;
  return is_address_or_none(words[3]) && is_address_or_none(words[4]) &&
         std::all_of(words.begin() + 5, words.begin() + 12, is_number_or_none) &&
         (words[12] == "ACCEPT" || words[12] == "REJECT" || words[12] == "-") &&
         (words[13] == "OK" || words[13] == "NODATA" || words[13] == "SKIPDATA");
}

bool is_transit_gateway(const std::vector<std::string_view>& words) {
  if (words.size() >= 2 && words[1] == "TransitGateway" && is_number(words[0], 2)) return true;
  return words.size() >= 3 && std::ranges::all_of(words, is_name) &&
         std::ranges::any_of(words, [](std::string_view word) {
           return word == "tgw-id" || word == "tgw-attachment-id" || word == "resource-type";
         });
}

Format default_format(std::size_t columns_before) {
  Format format = *read_header(words_of(default_fields));
  format.columns += columns_before;
  for (std::uint8_t& at : format.at) {
    if (at != Format::absent) at = static_cast<std::uint8_t>(at + columns_before);
  }
  return format;
}

}  // namespace

std::string Format::lack() const {
  using enum Column;
  const auto told = [&](Column port, Column service, Column address, Column packet_address) {
    return has(port) && (has(service) || has(address) || has(packet_address));
  };
  if (told(destination_port, destination_service, destination, packet_destination) ||
      told(source_port, source_service, source, packet_source)) {
    return "";
  }
  if (!has(destination_port) && !has(source_port)) return "its format has neither dstport nor srcport";
  return "its format has no address that belongs to the port: neither dstaddr, pkt-dstaddr nor pkt-dst-aws-service";
}

Recognised recognise(std::string_view line) {
  if (line.starts_with("PAR1")) return {.kind = Kind::parquet};
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> words = words_of(line);
  if (is_transit_gateway(words)) return {.kind = Kind::transit_gateway};
  if (const std::optional<Format> format = read_header(words)) return {.kind = Kind::header, .format = *format};
  if (is_default_row(words)) return {.kind = Kind::default_format, .format = default_format(0)};
  if (words.size() == 15 && parse_rfc3339(words[0])) {
    words.erase(words.begin());
    if (is_default_row(words)) return {.kind = Kind::exported, .format = default_format(1)};
  }
  return {};
}

}  // namespace wiretight::flowlog
