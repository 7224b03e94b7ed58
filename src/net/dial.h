#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "net/deadlines.h"
#include "net/pace.h"

namespace wiretight::net {

namespace asio = boost::asio;
using Socket = asio::ip::tcp::socket;
using Endpoint = asio::ip::tcp::endpoint;
template <class T>
using Task = asio::awaitable<T>;

// Why there is no connection.
enum class DialFailure { refused, timed_out, unreachable, reset, no_descriptors, other };
std::string_view to_text(DialFailure failure);

// What one thread needs to talk to the network.
struct Wire {
  explicit Wire(Pace& shared_pace) : pace(shared_pace) {}
  asio::io_context io{1};
  Deadlines deadlines{io};
  Pace& pace;
};

// Opens a connection: waits for its turn by the pace, then at most until `timeout` has passed.
Task<std::expected<Socket, DialFailure>> dial(Wire& wire, Endpoint to, std::chrono::milliseconds timeout);

// Closes with RST instead of FIN, so that thousands of short probes leave no TIME_WAIT behind.
void hang_up(Socket& socket);

// The addresses behind a name, in the resolver's order, without repeats; a numeric literal is itself. `ip_version` is
// 4, 6 or 0 for both. The problem says whether the name does not exist or could not be asked for.
Task<Outcome<std::vector<asio::ip::address>>> resolve(Wire& wire, std::string host, int ip_version,
                                                      std::chrono::milliseconds timeout);

Task<void> pause(Wire& wire, Clock::duration duration);

}  // namespace wiretight::net
