#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>

namespace wiretight::net {

using TimePoint = std::chrono::steady_clock::time_point;

// While it lives, cancels whatever is pending on the socket once `deadline` has passed. One timer serves all deadlines
// of an io_context. Operations begun after the deadline are not stopped: ask `expired()` before each.
//
//   net::Deadline limit(socket, deadline);
//   auto [error, size] = co_await socket.async_read_some(buffer, as_tuple(use_awaitable));
//   if (limit.expired()) …timed out…
//
// Only for sockets of an io_context that runs on one thread. Neither copied nor moved: it belongs in a coroutine's
// frame, and must end before the socket does.
class Deadline {
 public:
  Deadline(boost::asio::ip::tcp::socket& socket, TimePoint deadline);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  bool expired() const { return std::chrono::steady_clock::now() >= until_; }
  // Another time from now on, earlier or later: a shorter patience for what may never come.
  void move_to(TimePoint deadline);
  TimePoint until() const { return until_; }

  class Service;

 private:
  friend class Service;
  void enter();
  void leave();

  Service& service_;
  boost::asio::ip::tcp::socket& socket_;
  TimePoint until_;
  std::uint64_t number_ = 0;
  bool entered_ = false;
};

}  // namespace wiretight::net
