#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace wiretight::net {

using Clock = std::chrono::steady_clock;

// Ends socket operations whose absolute deadline has passed. One timer for all sockets of an io_context, ticking only
// while something is watched: cheaper than a timer a connection, and nothing can be called after its socket is gone.
// Not thread-safe; belongs to the thread that runs the io_context.
class Deadlines {
 public:
  explicit Deadlines(boost::asio::io_context& io) : timer_(io) {}
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  // Watches `socket` until this object dies. Past the deadline every operation on the socket is cancelled, also those
  // that begin later.
  class Watch {
   public:
    Watch(Deadlines& owner, boost::asio::ip::tcp::socket& socket, Clock::time_point deadline);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    bool expired() const { return Clock::now() >= deadline_; }

   private:
    friend class Deadlines;
    Deadlines& owner_;
    boost::asio::ip::tcp::socket& socket_;
    Clock::time_point deadline_;
    Watch* previous_ = nullptr;
    Watch* next_ = nullptr;
  };

 private:
  void tick();

  boost::asio::steady_timer timer_;
  Watch* first_ = nullptr;
  bool ticking_ = false;
};

}  // namespace wiretight::net
