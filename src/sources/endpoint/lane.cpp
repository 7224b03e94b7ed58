#include "sources/endpoint/lane.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace wiretight::endpoint {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr int first_width = 12;
constexpr std::size_t answers_to_judge_by = 6;

// Enough connections at once that waiting for the round trip is not what takes the time.
int width_for(net::Clock::duration round_trip, int widest) {
  if (round_trip < 2ms) return std::min(widest, 12);
  if (round_trip < 15ms) return std::min(widest, 48);
  return widest;
}

}  // namespace

Lane::Lane(net::Wire& wire, asio::ip::address address, const Limits& limits)
    : wire_(wire), address_(std::move(address)), limits_(limits), width_(std::min(first_width, limits.widest)) {}

net::Task<std::expected<Lane::Seat, Refusal>> Lane::enter() {
  while (inside_ >= width_ && net::Clock::now() < limits_.end) {
    asio::steady_timer turn(wire_.io, limits_.end);
    waiting_.push_back(&turn);
    co_await turn.async_wait(quietly);
    std::erase(waiting_, &turn);
  }
  if (net::Clock::now() >= limits_.end) {
    refusal_ = Refusal::out_of_time;
    wake();
    co_return std::unexpected(refusal_);
  }
  if (opened_ >= limits_.connections) {
    refusal_ = Refusal::out_of_connections;
    wake();
    co_return std::unexpected(refusal_);
  }
  ++inside_;
  ++opened_;
  Seat seat(this);
  if (interval_ > net::Clock::duration::zero()) {
    const auto now = net::Clock::now();
    const auto turn = std::max(now, next_opening_);
    next_opening_ = turn + interval_;
    if (turn > now) co_await net::pause(wire_, turn - now);
  }
  co_return seat;
}

void Lane::leave() {
  --inside_;
  wake();
}

void Lane::wake() {
  int room = std::max(1, width_ - inside_);
  while (room-- > 0 && !waiting_.empty()) {
    waiting_.front()->cancel();
    waiting_.pop_front();
  }
}

void Lane::note_answer(net::Clock::duration connecting, net::Clock::duration answering) {
  ++answers_;
  if (round_trip_ == net::Clock::duration::zero() || connecting < round_trip_) round_trip_ = connecting;
  slowest_answer_ = std::max(slowest_answer_, answering);
  if (first_answers_.size() < answers_to_judge_by) {
    first_answers_.push_back(answering);
    if (first_answers_.size() == answers_to_judge_by) settle();
    return;
  }
  if (width_ < widest() && answers_ % 4 == 0) {
    ++width_;
    wake();
  }
}

void Lane::settle() {
  // A server that accepts one connection at a time answers the n-th of a batch after n turns: the slowest of six took
  // several round trips longer than the fastest.
  const auto [least, most] = std::minmax_element(first_answers_.begin(), first_answers_.end());
  serial_ = *most - *least > std::max<net::Clock::duration>(3 * std::max(round_trip_, *least), 30ms);
  width_ = widest();
  wake();
}

int Lane::widest() const {
  if (interval_ > net::Clock::duration::zero()) return 2;
  return serial_ ? std::min(4, limits_.widest) : width_for(round_trip_, limits_.widest);
}

void Lane::note_blocked() {
  serial_ = true;
  width_ = std::min(width_, widest());
}

void Lane::note_trouble() { width_ = std::max(1, width_ / 2); }

void Lane::slow_down() {
  const auto now = net::Clock::now();
  // What was under way together is dropped together and counts once.
  if (now < slowed_ + std::max<net::Clock::duration>(2 * round_trip_, 50ms)) return;
  slowed_ = now;
  interval_ = std::clamp<net::Clock::duration>(interval_ * 2, 20ms, 320ms);
  width_ = std::min(width_, widest());
}

net::Clock::duration Lane::hello_allowance() const {
  const auto most = std::min<net::Clock::duration>(limits_.timeout, 3s);
  if (answers_ == 0 || serial_) return most;
  return std::clamp<net::Clock::duration>(20 * slowest_answer_, std::min<net::Clock::duration>(1s, most), most);
}

void Tasks::start(net::Task<void> task) {
  ++running_;
  asio::co_spawn(wire_.io, std::move(task), [this](const std::exception_ptr& failed) {
    if (failed) failed_ = failed;
    if (--running_ == 0) finished_.cancel();
  });
}

net::Task<void> Tasks::done() {
  while (running_ > 0) co_await finished_.async_wait(quietly);
  if (failed_) std::rethrow_exception(failed_);
}

}  // namespace wiretight::endpoint
