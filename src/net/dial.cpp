#include "net/dial.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace wiretight::net {

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

DialFailure failure_of(const boost::system::error_code& error) {
  namespace is = asio::error;
  if (error == is::connection_refused) return DialFailure::refused;
  if (error == is::timed_out || error == is::operation_aborted) return DialFailure::timed_out;
  if (error == is::connection_reset || error == is::broken_pipe) return DialFailure::reset;
  if (error == is::no_descriptors) return DialFailure::no_descriptors;
  if (error == is::host_unreachable || error == is::network_unreachable || error == is::network_down)
    return DialFailure::unreachable;
  return DialFailure::other;
}

}  // namespace

std::string_view to_text(DialFailure failure) {
  switch (failure) {
    case DialFailure::refused:
      return "the connection was refused";
    case DialFailure::timed_out:
      return "the connection timed out";
    case DialFailure::unreachable:
      return "the address cannot be reached from here";
    case DialFailure::reset:
      return "the connection was reset";
    case DialFailure::no_descriptors:
      return "this process has no file descriptors left";
    case DialFailure::other:
      return "the connection failed";
  }
  return "";
}

Task<void> pause(Wire& wire, Clock::duration duration) {
  asio::steady_timer timer(wire.io, duration);
  co_await timer.async_wait(quietly);
}

Task<std::expected<Socket, DialFailure>> dial(Wire& wire, Endpoint to, std::chrono::milliseconds timeout) {
  if (const auto wait = wire.pace.book(to.address()); wait > Clock::duration::zero()) co_await pause(wire, wait);
  Socket socket(wire.io);
  boost::system::error_code error;
  socket.open(to.protocol(), error);
  if (error) co_return std::unexpected(failure_of(error));
  const Deadlines::Watch watch(wire.deadlines, socket, Clock::now() + timeout);
  std::tie(error) = co_await socket.async_connect(to, quietly);
  if (error) co_return std::unexpected(failure_of(error));
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  co_return std::move(socket);
}

void hang_up(Socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

Task<Outcome<std::vector<asio::ip::address>>> resolve(Wire& wire, std::string host, int ip_version,
                                                      std::chrono::milliseconds timeout) {
  std::vector<asio::ip::address> found;
  boost::system::error_code error;
  const auto literal = asio::ip::make_address(host, error);
  if (!error) {
    found.push_back(literal);
    co_return found;
  }
  asio::ip::tcp::resolver resolver(wire.io);
  asio::steady_timer timer(wire.io, timeout);
  bool late = false;
  timer.async_wait([&](const boost::system::error_code& stopped) {
    if (stopped) return;
    late = true;
    resolver.cancel();
  });
  auto [failed, results] = co_await resolver.async_resolve(host, "", quietly);
  timer.cancel();
  // The cancelled wait must be over before `late` and `resolver` go out of scope.
  co_await asio::post(wire.io, asio::use_awaitable);
  if (late) co_return failure(fmt::format("no name server answered for {} in time", host), host);
  if (failed == asio::error::host_not_found || failed == asio::error::no_data)
    co_return failure(fmt::format("the name {} does not exist", host), host);
  if (failed) co_return failure(fmt::format("the name {} cannot be resolved: {}", host, failed.message()), host);
  for (const auto& result : results) {
    const auto address = result.endpoint().address();
    if (ip_version == 4 && !address.is_v4()) continue;
    if (ip_version == 6 && !address.is_v6()) continue;
    if (std::ranges::find(found, address) == found.end()) found.push_back(address);
  }
  if (found.empty()) co_return failure(fmt::format("{} has no IPv{} address", host, ip_version), host);
  co_return found;
}

}  // namespace wiretight::net
