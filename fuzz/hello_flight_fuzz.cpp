#include <algorithm>

#include "net/hello/check.h"
#include "net/hello/flight.h"
#include "require.h"

// A server's bytes, in pieces of several sizes and for every event one can wait for. Beyond "no crash": the pieces must
// not matter, and nothing grows past its limit.
namespace {

using namespace wiretight::tls;

// Reads every byte that a result points to, so that the sanitizers see a stale span.
std::size_t touch(Bytes bytes) {
  std::size_t sum = 0;
  for (std::uint8_t byte : bytes) sum += byte;
  return sum;
}

std::size_t touch(const Flight& flight) {
  static const HelloSpec spec = big_hello("db.example");
  static const Ssl2Hello asked = ssl2_hello();
  std::size_t sum = touch(flight.first_bytes()) + flight.other_protocol().size();
  if (auto hello = flight.server_hello()) {
    sum += touch(hello->random) + touch(hello->session_id) + touch(hello->key_share) + touch(hello->cookie) +
           touch(hello->point_formats) + touch(as_bytes(hello->alpn)) + touch(hello->extensions.bytes());
    for (const Extension& extension : hello->extensions) sum += touch(extension.body);
    sum += static_cast<std::size_t>(hello->downgrade_mark()) + check_answer(*hello, spec).has_value() +
           is_resumed(*hello, spec) + ticketbleed_leak(*hello, spec);
  }
  if (auto certificates = flight.certificates())
    for (Bytes der : *certificates) sum += touch(der);
  if (auto status = flight.certificate_status()) sum += touch(*status);
  if (auto exchange = flight.server_key_exchange()) {
    sum += touch(exchange->p) + touch(exchange->g) + touch(exchange->public_value) + touch(exchange->psk_hint) +
           touch(exchange->signature) + exchange->p_bits() + (find_dh_prime(exchange->p) != nullptr);
    sum += check_answer(*exchange, spec).has_value();
  }
  if (auto request = flight.certificate_request()) {
    sum += touch(request->types) + touch(request->authority_names);
    for (std::uint16_t scheme : request->signature_schemes) sum += scheme;
  }
  if (auto ticket = flight.session_ticket()) sum += touch(ticket->ticket);
  if (auto hello = flight.ssl2_server_hello()) {
    sum += touch(hello->certificate) + touch(hello->connection_id) + check_answer(*hello, asked).has_value();
    for (std::size_t index = 0; index < hello->kind_count(); ++index) sum += hello->kind(index);
  }
  return sum;
}

// Goes on after each event up to `resumptions` times, so that what lies behind an alert or a hello is read too.
Flight read(Bytes bytes, Until until, std::size_t piece, int resumptions) {
  Flight flight(until);
  while (!bytes.empty()) {
    Bytes part = bytes.first(std::min(piece, bytes.size()));
    Progress progress = flight.feed(part);
    require(progress.consumed <= part.size());
    require(!progress.need_more() || progress.consumed == part.size());
    bytes = bytes.subspan(progress.consumed);
    if (progress.violation()) break;
    if (progress.done()) {
      if (resumptions-- == 0) break;
      flight.resume(until);
      if (flight.progress().done()) break;
    }
  }
  require(flight.records() <= limits::records + 1);
  return flight;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  for (Until until : {Until::server_hello, Until::server_hello_done, Until::alert, Until::heartbeat}) {
    for (int resumptions : {0, 3}) {
      Flight whole = read(bytes, until, size + 1, resumptions);
      Flight pieces = read(bytes, until, 1 + size % 7, resumptions);
      require(whole.progress().state == pieces.progress().state);
      require(whole.progress().end == pieces.progress().end);
      require(whole.progress().why == pieces.progress().why);
      // What follows the first bytes of a foreign protocol depends on the piece they came in.
      if (whole.progress().end != End::not_tls) require(touch(whole) == touch(pieces));
      touch(pieces);
      pieces.close();
      touch(pieces);
    }
  }
  return 0;
}
