#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <string>
#include <utility>

#include "net/dial.h"

namespace wiretight::endpoint {

// Why a probe was not even begun.
enum class Refusal { none, out_of_connections, out_of_time };

// All connections to one address of one target: how many at once, how many in all, and until when.
//
// The width starts narrow and follows the server (AIMD): the first answers say how far away it is and whether it
// accepts one connection at a time. A near server gains nothing from a wide lane and a small listen queue would drop
// SYNs (gnutls-serv and NSS selfserv take 1.1 s at 32 at once and 0.13 s at 8); a far one needs width, since each
// probe is two round trips of waiting. Trouble halves the width.
class Lane {
 public:
  struct Limits {
    std::chrono::milliseconds timeout{5000};  // of one network operation
    int connections = 640;
    net::Clock::time_point end = {};
    int widest = 160;
  };

  Lane(net::Wire& wire, boost::asio::ip::address address, const Limits& limits);

  // A place in the lane, held while a connection is open. Leaves it when it dies.
  class Seat {
   public:
    explicit Seat(Lane* lane) : lane_(lane) {}
    Seat(Seat&& other) noexcept : lane_(std::exchange(other.lane_, nullptr)) {}
    Seat& operator=(Seat&&) = delete;
    ~Seat() {
      if (lane_) lane_->leave();
    }

   private:
    Lane* lane_;
  };
  // Waits for a free place. No seat when the budget of connections or time is used up.
  net::Task<std::expected<Seat, Refusal>> enter();

  // Says for as long as it lives that a connection is kept open for something that may never come. A server that works
  // on one connection at a time answers no other meanwhile, and is not to be called silent for it.
  class Hold {
   public:
    explicit Hold(Lane& lane) : lane_(lane) { ++lane_.holds_; }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() {
      --lane_.holds_;
      lane_.held_until_ = net::Clock::now();
    }

   private:
    Lane& lane_;
  };
  // When the last connection of that kind ended: now, where one is still open; long ago for a server that has answered
  // nothing yet.
  net::Clock::time_point held_until() const {
    if (answers_ == 0) return {};
    return holds_ > 0 ? net::Clock::now() : held_until_;
  }

  // What a connection taught: how long connecting took and how long the answer took after it.
  void note_answer(net::Clock::duration connecting, net::Clock::duration answering);
  void note_trouble();  // no answer where others were answered
  void note_blocked();  // no answer while another connection was held
  // The target drops what comes too fast: half as wide, and with pauses between the openings.
  void slow_down();

  net::Wire& wire() { return wire_; }
  const boost::asio::ip::address& address() const { return address_; }
  std::chrono::milliseconds timeout() const { return limits_.timeout; }
  // The deadline of an operation that begins now: the operation's own, or the target's.
  net::Clock::time_point deadline() const { return deadline(limits_.timeout); }
  net::Clock::time_point deadline(net::Clock::duration allowance) const {
    return std::min(net::Clock::now() + allowance, limits_.end);
  }
  net::Clock::time_point end() const { return limits_.end; }
  // A hello is answered in one round trip and a little computing; who takes longer is silent.
  net::Clock::duration hello_allowance() const;
  // The shortest connect seen; zero before the first.
  net::Clock::duration round_trip() const { return round_trip_; }
  // The server works on one connection at a time: probes cost waiting, so fewer are better.
  bool serial() const { return serial_; }
  int connections() const { return opened_; }
  Refusal refusal() const { return refusal_; }
  std::uint64_t bytes = 0;  // received from the target

 private:
  void leave();
  void wake();
  void settle();
  int widest() const;

  net::Wire& wire_;
  boost::asio::ip::address address_;
  Limits limits_;
  int width_;
  int inside_ = 0;
  int opened_ = 0;
  int answers_ = 0;
  bool serial_ = false;
  int holds_ = 0;
  net::Clock::time_point held_until_ = {};
  Refusal refusal_ = Refusal::none;
  net::Clock::duration round_trip_ = {};
  net::Clock::duration slowest_answer_ = {};
  net::Clock::duration interval_ = {};  // between two openings
  net::Clock::time_point next_opening_ = {};
  net::Clock::time_point slowed_ = {};
  std::deque<net::Clock::duration> first_answers_;
  std::deque<boost::asio::steady_timer*> waiting_;
};

// Several coroutines that run at once; `done` waits for all. Exceptions (out of memory) end in `done`.
class Tasks {
 public:
  explicit Tasks(net::Wire& wire) : wire_(wire), finished_(wire.io, boost::asio::steady_timer::time_point::max()) {}
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  void start(net::Task<void> task);
  net::Task<void> done();

 private:
  net::Wire& wire_;
  boost::asio::steady_timer finished_;
  int running_ = 0;
  std::exception_ptr failed_ = {};
};

}  // namespace wiretight::endpoint
