#include "sources/flowlog/tally.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "core/text.h"

// What the fields mean: VPC user guide, "Flow log records". Both directions of a connection are records of their own;
// the one towards DynamoDB has its port as dstport, the other as srcport.

namespace wiretight::flowlog {
namespace {

constexpr std::string_view dynamodb_label = "DYNAMODB";
// AWS shows one label where ranges overlap, and all of DynamoDB's addresses are Amazon's as well.
constexpr std::string_view amazon_label = "AMAZON";

// The headers of a packet are never longer: 60 bytes of IPv4 and 60 of TCP (RFC 791, RFC 9293). What a record has
// beyond that is payload.
constexpr std::uint64_t most_header_bytes = 120;

// Where clients' ports begin (net.ipv4.ip_local_port_range of Amazon Linux). Below, port 8111 may as well be the
// client's and the other port some service.
constexpr unsigned least_client_port = 32768;

constexpr unsigned syn = 0x02, syn_ack = 0x12;

// Texts of rows that are kept are no longer: the longest that AWS writes is a subnet's ARN.
constexpr std::size_t most_text = 128;

// More packets or bytes than a network interface can have moved in an interval: not added up, so that no sum overflows.
constexpr std::uint64_t most_count = std::uint64_t{1} << 40;

constexpr std::int64_t most_seconds = 99'999'999'999;  // year 5138

std::string_view known(std::string_view text) { return text == "-" ? std::string_view() : text.substr(0, most_text); }

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::int64_t seconds(std::string_view text) {
  const std::optional<std::uint64_t> value = number(text);
  return value && *value <= static_cast<std::uint64_t>(most_seconds) ? static_cast<std::int64_t>(*value) : 0;
}

// As a log writes it, which takes a tenth of what parse_address takes; other spellings go there.
std::optional<Address> quick_address(std::string_view text) {
  Address address;
  std::size_t byte = 0;
  unsigned value = 0;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9' && digits < 3) {
      value = value * 10 + static_cast<unsigned>(c - '0');
      ++digits;
    } else if (c == '.' && digits > 0 && byte < 3 && value < 256) {
      address.bytes[byte++] = static_cast<std::uint8_t>(value);
      value = 0;
      digits = 0;
    } else {
      return parse_address(text);
    }
  }
  if (byte != 3 || digits == 0 || value > 255) return parse_address(text);
  address.bytes[3] = static_cast<std::uint8_t>(value);
  return address;
}

// The IPv4 address behind NAT64 (RFC 6052), as a VPC's resolver makes one of DynamoDB's for hosts with IPv6 alone.
bool unwrap_nat64(Address& address) {
  constexpr std::array<std::uint8_t, 12> prefix = {0x00, 0x64, 0xff, 0x9b};
  if (!address.v6 || !std::equal(prefix.begin(), prefix.end(), address.bytes.begin())) return false;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), address.bytes.begin());
  std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t{0});
  address.v6 = false;
  return true;
}

std::string_view first_of(std::string_view one, std::string_view other) {
  return one.empty() || one == "-" ? other : one;
}

std::string_view said_path(std::string_view code) {
  constexpr std::string_view words[] = {
      "",
      "through another resource of the same VPC",
      "through an internet gateway or a gateway VPC endpoint",
      "through a virtual private gateway",
      "through a peering connection of the same region",
      "through a peering connection to another region",
      "through a local gateway",
      "through a gateway VPC endpoint",
      "through an internet gateway",
  };
  const std::optional<std::uint64_t> value = number(code);
  return value && *value < std::size(words) ? words[*value] : std::string_view();
}

void add_up(FlowTally& to, const FlowTally& more) {
  to.records += more.records;
  to.packets += more.packets;
  to.bytes += more.bytes;
}

// Of two values the larger, so that the order of rows does not matter.
void keep_text(std::string& kept, std::string_view text) {
  if (text > kept) kept = text;
}

void keep_server(Traffic& traffic, std::string_view server) {
  if (server.empty() || traffic.servers.contains(server)) return;
  traffic.servers.emplace(server);
  if (traffic.servers.size() <= most_servers) return;
  traffic.servers.erase(std::prev(traffic.servers.end()));
  traffic.more_servers = true;
}

bool comes_before(const RecordAt& one, const RecordAt& other) {
  return other.row == 0 || (one.row != 0 && one < other);
}
bool comes_after(const RecordAt& one, const RecordAt& other) { return other.row == 0 || (one.row != 0 && one > other); }

std::int64_t earlier(std::int64_t one, std::int64_t other) {
  if (one == 0 || other == 0) return std::max(one, other);
  return std::min(one, other);
}

// A number, or nothing; a look at the first character tells a row from a header.
bool may_be_port(std::string_view text) { return text.empty() || text == "-" || (text[0] >= '0' && text[0] <= '9'); }

bool is_empty(std::string_view port) { return port.empty() || port == "-"; }

}  // namespace

void Traffic::merge(const Traffic& other) {
  add_up(to_server, other.to_server);
  add_up(from_server, other.from_server);
  add_up(rejected, other.rejected);
  payload_at_least += other.payload_at_least;
  records_accepted += other.records_accepted;
  records_unsized += other.records_unsized;
  by_label = by_label || other.by_label;
  by_ranges = by_ranges || other.by_ranges;
  tcp_unknown = tcp_unknown || other.tcp_unknown;
  for (const auto text : {&Traffic::instance, &Traffic::vpc, &Traffic::subnet, &Traffic::region, &Traffic::path})
    keep_text(this->*text, other.*text);
  for (const std::string& server : other.servers) keep_server(*this, server);
  more_servers = more_servers || other.more_servers;
  last_end = std::max(last_end, other.last_end);
  if (comes_before(other.first, first)) first = other.first;
  if (comes_after(other.last, last)) last = other.last;
}

// Which way a row goes, and how it is known that DynamoDB or DAX is at one end.
struct Tally::Direction {
  FlowService service = FlowService::dynamodb;
  bool request = true;
  bool by_label = false;
  bool by_ranges = false;
};

void Tally::begin_file(std::size_t index, Whereabouts whereabouts) {
  file_ = index;
  row_ = 0;
  whereabouts_ = std::move(whereabouts);
}

bool Tally::add(const Row& row, const Format& format) {
  ++row_;
  if (row.columns() != format.columns) return false;
  const std::string_view source_port = row.field(format, Column::source_port);
  const std::string_view destination_port = row.field(format, Column::destination_port);
  if (!may_be_port(source_port) || !may_be_port(destination_port)) return false;
  const std::string_view status = row.field(format, Column::log_status);
  const bool has_data =
      format.has(Column::log_status) ? status == "OK" : !is_empty(source_port) || !is_empty(destination_port);
  if (has_data) {
    judge(row, format, source_port, destination_port);
  } else if (status == "NODATA") {
    ++counts_.no_data;
  } else if (status == "SKIPDATA") {
    ++counts_.skipped;
  } else if (!format.has(Column::log_status)) {
    ++counts_.without_status;
  } else {
    return false;
  }
  ++counts_.rows;
  see_time(row, format);
  return true;
}

void Tally::see_time(const Row& row, const Format& format) {
  const std::string_view start = row.field(format, Column::start);
  if (start == start_text_) return;
  start_text_ = start.substr(0, most_text);
  const std::int64_t begin = seconds(start);
  counts_.earliest = earlier(counts_.earliest, begin);
  counts_.latest = std::max({counts_.latest, begin, seconds(row.field(format, Column::end))});
}

// `by_address`: the port is one for which an address is worth the look into AWS's list.
bool Tally::is_dynamodb(std::string_view label, std::string_view address, bool by_address, Direction& how) const {
  how.by_label = label == dynamodb_label;
  how.by_ranges = false;
  if (ranges_ != nullptr && by_address) {
    std::optional<Address> parsed = quick_address(address);
    if (parsed) unwrap_nat64(*parsed);
    how.by_ranges = parsed && ranges_->holds(*parsed);
  }
  return how.by_label || how.by_ranges;
}

void Tally::judge(const Row& row, const Format& format, std::string_view source_port,
                  std::string_view destination_port) {
  const auto of = [&](Column column) { return row.field(format, column); };
  const std::string_view protocol = of(Column::protocol);
  if (!protocol.empty() && protocol != "6") return;

  Direction direction;
  for (const bool request : {true, false}) {
    const std::string_view port = request ? destination_port : source_port;
    const bool cleartext = port == "80";
    const bool tls = port == "443";
    const std::string_view label = of(request ? Column::destination_service : Column::source_service);
    const bool by_address = ranges_ != nullptr && (cleartext || tls);
    const std::string_view address = by_address
                                         ? first_of(of(request ? Column::packet_destination : Column::packet_source),
                                                    of(request ? Column::destination : Column::source))
                                         : std::string_view();
    if (!is_dynamodb(label, address, by_address, direction)) continue;
    if (cleartext) {
      direction.request = request;
      keep(row, format, direction);
    } else {
      ++(tls ? counts_.tls : counts_.other_ports);
    }
    return;
  }
  if (destination_port == "80") note_unknown(row, format);

  for (const bool request : {true, false}) {
    if ((request ? destination_port : source_port) != "8111") continue;
    const std::optional<std::uint64_t> flags = number(of(Column::tcp_flags));
    const unsigned opening = flags ? static_cast<unsigned>(*flags) & syn_ack : 0;
    // Who opened the connection is the client; where the log does not say, its port has to look like one.
    if (opening == (request ? syn_ack : syn)) continue;
    const std::string_view other = request ? source_port : destination_port;
    if (opening == 0 && !is_empty(other) && number(other).value_or(0) < least_client_port) continue;
    const std::optional<Address> server =
        quick_address(first_of(of(request ? Column::packet_destination : Column::packet_source),
                               of(request ? Column::destination : Column::source)));
    // The nodes of a cluster have addresses of its VPC. With IPv6 those are public ones.
    if (!server || (!server->v6 && destination_of(*server) == Destination::public_host)) continue;
    direction = {.service = FlowService::dax, .request = request};
    keep(row, format, direction);
    return;
  }
}

// A row towards port 80 of what is not known to be DynamoDB: whether that is the log's fault.
void Tally::note_unknown(const Row& row, const Format& format) {
  if (row.field(format, Column::action) == "REJECT") return;
  const std::string_view label = row.field(format, Column::destination_service);
  const std::string_view address =
      first_of(row.field(format, Column::packet_destination), row.field(format, Column::destination));
  std::optional<Address> server = quick_address(address);
  const bool hidden = server && unwrap_nat64(*server);
  const Destination destination = server ? destination_of(*server) : Destination::unknown;
  if (destination == Destination::private_network) {
    ++counts_.private_service;
  } else if (destination != Destination::loopback && ranges_ == nullptr &&
             (hidden || label.empty() || label == amazon_label)) {
    ++counts_.unknown_service;
  }
}

// Where the traffic of that client is added up; nullptr for one that is not kept.
Traffic* Tally::traffic_of(const WhoseOf<std::string_view>& who) {
  const auto at = clients_.lower_bound(who);
  if (at != clients_.end() && !ByWho()(who, at->first)) return &at->second;
  // The first in order are kept. What was dropped once can never come back, so the sums of those that are left are
  // whole.
  if (at == clients_.end() && clients_.size() >= most_clients) return nullptr;
  Traffic& traffic = clients_
                         .emplace_hint(at,
                                       Who{.service = who.service,
                                           .account = std::string(who.account),
                                           .interface = std::string(who.interface),
                                           .client = std::string(who.client)},
                                       Traffic())
                         ->second;
  drop_last_clients();
  return &traffic;
}

void Tally::drop_last_clients() {
  while (clients_.size() > most_clients) {
    counts_.not_kept += clients_.rbegin()->second.records();
    clients_.erase(std::prev(clients_.end()));
  }
}

void Tally::keep(const Row& row, const Format& format, const Direction& direction) {
  const auto of = [&](Column column) { return known(row.field(format, column)); };
  const bool request = direction.request;
  const std::string_view action = of(Column::action);
  const bool rejected = action == "REJECT";
  ++(rejected ? counts_.rejected : direction.service == FlowService::dax ? counts_.dax : counts_.cleartext);

  const std::string_view account = of(Column::account);
  Traffic* const traffic =
      traffic_of({.service = direction.service,
                  .account = account.empty() || account == "unknown" ? std::string_view(whereabouts_.account) : account,
                  .interface = of(Column::interface),
                  .client = first_of(of(request ? Column::packet_source : Column::packet_destination),
                                     of(request ? Column::source : Column::destination))});
  if (traffic == nullptr) {
    ++counts_.not_kept;
    return;
  }

  const std::optional<std::uint64_t> packets = number(of(Column::packets));
  const std::optional<std::uint64_t> bytes = number(of(Column::bytes));
  const bool sized = packets && bytes && *packets <= most_count && *bytes <= most_count;
  add_up(rejected  ? traffic->rejected
         : request ? traffic->to_server
                   : traffic->from_server,
         {.records = 1, .packets = sized ? *packets : 0, .bytes = sized ? *bytes : 0});
  if (!rejected) {
    traffic->records_accepted += action == "ACCEPT" ? 1 : 0;
    traffic->records_unsized += sized ? 0 : 1;
    if (sized && *bytes > *packets * most_header_bytes)
      traffic->payload_at_least += *bytes - *packets * most_header_bytes;
  }
  traffic->by_label = traffic->by_label || direction.by_label;
  traffic->by_ranges = traffic->by_ranges || direction.by_ranges;
  traffic->tcp_unknown = traffic->tcp_unknown || !format.has(Column::protocol);
  keep_text(traffic->instance, of(Column::instance));
  keep_text(traffic->vpc, of(Column::vpc));
  keep_text(traffic->subnet, of(Column::subnet));
  keep_text(traffic->region, first_of(of(Column::region), whereabouts_.region));
  if (request) keep_text(traffic->path, said_path(of(Column::traffic_path)));
  keep_server(*traffic, first_of(of(request ? Column::packet_destination : Column::packet_source),
                                 of(request ? Column::destination : Column::source)));
  const std::int64_t start = seconds(of(Column::start));
  traffic->last_end = std::max({traffic->last_end, start, seconds(of(Column::end))});
  const RecordAt here{.time = start, .file = file_, .row = row_};
  if (comes_before(here, traffic->first)) traffic->first = here;
  if (comes_after(here, traffic->last)) traffic->last = here;
}

void Tally::merge(Tally&& other) {
  Counts& sum = counts_;
  const Counts& more = other.counts_;
  for (const auto count : {&Counts::rows, &Counts::tls, &Counts::other_ports, &Counts::cleartext, &Counts::dax,
                           &Counts::rejected, &Counts::no_data, &Counts::skipped, &Counts::without_status,
                           &Counts::unknown_service, &Counts::private_service, &Counts::not_kept}) {
    sum.*count += more.*count;
  }
  sum.earliest = earlier(sum.earliest, more.earliest);
  sum.latest = std::max(sum.latest, more.latest);
  for (auto& [who, traffic] : other.clients_) {
    const auto [at, is_new] = clients_.try_emplace(who);
    if (is_new) {
      at->second = std::move(traffic);
    } else {
      at->second.merge(traffic);
    }
  }
  drop_last_clients();
}

std::vector<LoggedFlow> facts_of(const Tally& tally, const std::vector<std::string>& paths) {
  const auto place_of = [&](const RecordAt& record) -> Place {
    return TrailPlace{.file = paths.at(record.file), .record = record.row};
  };
  std::vector<LoggedFlow> out;
  for (const auto& [who, traffic] : tally.clients()) {
    LoggedFlow& flow = out.emplace_back();
    const bool dax = who.service == FlowService::dax;
    flow.service = who.service;
    if (traffic.by_label) flow.recognised_by.emplace_back("pkt-dst-aws-service");
    if (traffic.by_ranges) flow.recognised_by.emplace_back("ip-ranges.json");
    flow.client = who.client;
    flow.servers.assign(traffic.servers.begin(), traffic.servers.end());
    flow.more_servers = traffic.more_servers;
    flow.port = dax ? 8111 : 80;
    flow.destination = dax ? Destination::private_network : Destination::aws_dynamodb;
    flow.interface = who.interface;
    flow.account = who.account;
    flow.instance = traffic.instance;
    flow.vpc = traffic.vpc;
    flow.subnet = traffic.subnet;
    flow.region = traffic.region;
    flow.path = traffic.path;
    flow.to_server = traffic.to_server;
    flow.from_server = traffic.from_server;
    flow.rejected = traffic.rejected;
    flow.payload_at_least = traffic.payload_at_least;
    flow.tcp = traffic.tcp_unknown ? unresolved<bool>("the log has no protocol field") : observed(true);
    const std::uint64_t passed = traffic.to_server.records + traffic.from_server.records;
    if (traffic.records_accepted > 0) {
      flow.accepted = observed(true);
    } else if (passed > 0) {
      flow.accepted = unresolved<bool>("the log has no action field");
    } else {
      flow.accepted = observed(false);
    }
    if (traffic.payload_at_least > 0) {
      flow.payload = observed(true);
    } else if (passed == 0) {
      flow.payload = observed(false);
    } else {
      flow.payload =
          unresolved<bool>(traffic.records_unsized > 0 ? "the log has no bytes and packets fields"
                                                       : "its packets are no longer than headers alone can be");
    }
    flow.first_seen = traffic.first.time;
    flow.last_seen = traffic.last_end;
    flow.first_record = place_of(traffic.first);
    flow.last_record = place_of(traffic.last);
  }
  return out;
}

}  // namespace wiretight::flowlog
