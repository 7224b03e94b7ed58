#include "net/pace.h"

#include <algorithm>

namespace wiretight::net {

namespace {
constexpr double default_rate = 50;
// A full assessment of an ordinary server opens about 150 connections (bench/endpoint counts them).
constexpr double one_assessment = 200;
// Buckets that are full again say nothing; they are dropped so that memory does not grow with a list of targets.
constexpr std::size_t many_buckets = 4096;
}  // namespace

Pace::Pace(std::optional<double> rate)
    : rate_(rate.value_or(default_rate)), depth_(rate ? 1 : one_assessment), asked_(rate.has_value()) {}

std::chrono::steady_clock::duration Pace::book(const boost::asio::ip::address& address) {
  if (!asked_ && address.is_loopback()) return {};
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  const auto refill = [&](Bucket& bucket) {
    const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.tokens = std::min(depth_, bucket.tokens + seconds * rate_);
    bucket.filled = now;
  };
  if (buckets_.size() > many_buckets) {
    for (auto entry = buckets_.begin(); entry != buckets_.end();) {
      refill(entry->second);
      entry = entry->second.tokens >= depth_ ? buckets_.erase(entry) : std::next(entry);
    }
  }
  auto [entry, fresh] = buckets_.try_emplace(address, Bucket{.tokens = depth_, .filled = now});
  Bucket& bucket = entry->second;
  if (!fresh) refill(bucket);
  bucket.tokens -= 1;
  if (bucket.tokens >= 0) return {};
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(-bucket.tokens / rate_));
}

}  // namespace wiretight::net
