#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "net/packet/decode.h"

namespace wiretight::stream {

// The two ends of a connection, the lower one first, so that both directions have one key.
struct FlowKey {
  packet::IpAddress low = {};
  packet::IpAddress high = {};
  std::uint16_t low_port = 0;
  std::uint16_t high_port = 0;
  std::uint32_t network = 0;
  bool operator==(const FlowKey&) const = default;
};

// Which end of the key sent a segment: 0 the low one, 1 the high one.
struct Directed {
  FlowKey key = {};
  int side = 0;
};

inline Directed directed(const packet::Segment& segment) {
  const bool from_low =
      std::pair(segment.source, segment.source_port) <= std::pair(segment.destination, segment.destination_port);
  Directed result{.key = {.network = segment.network}, .side = from_low ? 0 : 1};
  FlowKey& key = result.key;
  (from_low ? key.low : key.high) = segment.source;
  (from_low ? key.high : key.low) = segment.destination;
  (from_low ? key.low_port : key.high_port) = segment.source_port;
  (from_low ? key.high_port : key.low_port) = segment.destination_port;
  return result;
}

// The connections that are under way, at most `limit` of them: when there are more, those that were silent longest (by
// the clock algorithm) are handed to `put_aside` and forgotten.
template <class Flow>
class FlowTable {
 public:
  FlowTable(std::size_t limit, std::uint64_t seed) : limit_(limit), seed_(seed), buckets_(first_buckets, none) {}

  std::size_t size() const { return entries_.size(); }

  // The flow of that key, made by `make()` where there is none.
  template <class Make, class PutAside>
  Flow& find(const FlowKey& key, Make make, PutAside put_aside) {
    if (last_ < entries_.size() && entries_[last_].key == key) return entries_[last_].flow;
    const std::uint64_t hash = hash_of(key);
    for (std::uint32_t at = buckets_[hash & (buckets_.size() - 1)]; at != none; at = entries_[at].next) {
      if (!(entries_[at].key == key)) continue;
      entries_[at].used = true;
      last_ = at;
      return entries_[at].flow;
    }
    last_ = entries_.size() < limit_ ? grow() : reuse(put_aside);
    Entry& entry = entries_[last_];
    entry.key = key;
    entry.used = true;
    entry.flow = make();
    link(last_, hash);
    return entry.flow;
  }

  // Every flow, in the order in which they were first seen where none was put aside.
  template <class Function>
  void each(Function function) {
    for (Entry& entry : entries_) function(entry.key, entry.flow);
  }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  static constexpr std::size_t first_buckets = 1024;

  struct Entry {
    FlowKey key = {};
    std::uint32_t next = none;  // of the same bucket
    bool used = false;          // since the hand of the clock came by
    Flow flow = {};
  };

  // Seeded, so that nobody can write a capture whose flows all fall into one bucket.
  std::uint64_t hash_of(const FlowKey& key) const {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::uint64_t hash = seed_ ^ (std::uint64_t{key.low_port} << 48 | std::uint64_t{key.high_port} << 32 | key.network);
    for (std::uint64_t word : {key.low.high, key.low.low, key.high.high, key.high.low}) {
      hash = (hash ^ word) * odd;
      hash ^= hash >> 29;
    }
    return hash ^ hash >> 32;
  }

  void link(std::uint32_t at, std::uint64_t hash) {
    std::uint32_t& bucket = buckets_[hash & (buckets_.size() - 1)];
    entries_[at].next = bucket;
    bucket = at;
  }

  void unlink(std::uint32_t at) {
    std::uint32_t* link = &buckets_[hash_of(entries_[at].key) & (buckets_.size() - 1)];
    while (*link != at) link = &entries_[*link].next;
    *link = entries_[at].next;
  }

  std::uint32_t grow() {
    entries_.emplace_back();
    if (entries_.size() > buckets_.size()) {
      buckets_.assign(buckets_.size() * 2, none);
      for (std::uint32_t at = 0; at + 1 < entries_.size(); ++at) link(at, hash_of(entries_[at].key));
    }
    return static_cast<std::uint32_t>(entries_.size() - 1);
  }

  template <class PutAside>
  std::uint32_t reuse(PutAside put_aside) {
    while (entries_[hand_].used) {
      entries_[hand_].used = false;
      hand_ = (hand_ + 1) % static_cast<std::uint32_t>(entries_.size());
    }
    const std::uint32_t at = hand_;
    hand_ = (hand_ + 1) % static_cast<std::uint32_t>(entries_.size());
    put_aside(entries_[at].key, entries_[at].flow);
    unlink(at);
    return at;
  }

  std::size_t limit_ = 0;
  std::uint64_t seed_ = 0;
  std::vector<Entry> entries_ = {};
  std::vector<std::uint32_t> buckets_ = {};
  std::uint32_t last_ = none;
  std::uint32_t hand_ = 0;
};

}  // namespace wiretight::stream
