#include <algorithm>
#include <cstdint>
#include <string>

#include "require.h"
#include "sources/capture/capture.h"

// A capture of any bytes, from the file to the facts: gzip, pcap and pcapng, link layers and tunnels, reassembly, HTTP,
// DAX and TLS. Beyond "no crash": the same bytes give the same facts, however few connections are followed at once no
// request is counted twice, and nothing that is shown holds a control byte.
namespace {

using namespace wiretight;

std::uint64_t requests_of(const Reading& reading) {
  std::uint64_t requests = 0;
  for (const Flow& flow : reading.facts.flows) requests += flow.requests;
  return requests;
}

// Key ids and the like are masked when it is shown, as everywhere.
bool is_fit_to_be_shown(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check(const Flow& flow) {
  for (const std::string* text : {&flow.client, &flow.server, &flow.host, &flow.key_id, &flow.region, &flow.user_agent})
    require(is_fit_to_be_shown(*text));
  require(flow.tables.size() <= 16);
  for (const std::string& table : flow.tables) require(is_fit_to_be_shown(table));
  require(flow.first_frame <= flow.last_frame);
  require(flow.connections > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const capture::Bytes bytes(data, size);
  const Reading whole = capture::read(capture::Input::of(bytes), "fuzz.pcap", {});
  const Reading again = capture::read(capture::Input::of(bytes), "fuzz.pcap", {});
  require(requests_of(whole) == requests_of(again));
  require(whole.facts.flows.size() == again.facts.flows.size());
  require(whole.facts.gaps == again.facts.gaps);
  const Reading narrow = capture::read(capture::Input::of(bytes), "fuzz.pcap", {.connections = 2});
  require(narrow.failed == whole.failed);
  for (const Flow& flow : whole.facts.flows) check(flow);
  return 0;
}
