#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>

namespace wiretight::net {

// Spreads new connections to one address over time: a token bucket an address, shared by all threads. Loopback is not
// slowed down unless a rate was asked for, since nobody else's network is there.
class Pace {
 public:
  // Without a rate: 50 connections a second, with room for one whole assessment at once. A rate that was asked for is
  // kept from the first connection on.
  explicit Pace(std::optional<double> rate);

  // Books the next connection to `address` and says how long to wait before it is opened.
  std::chrono::steady_clock::duration book(const boost::asio::ip::address& address);

 private:
  struct Bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point filled = {};
  };
  double rate_;
  double depth_;
  bool asked_;
  std::mutex mutex_;
  std::map<boost::asio::ip::address, Bucket> buckets_;
};

}  // namespace wiretight::net
