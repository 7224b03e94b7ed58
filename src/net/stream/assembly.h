#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

// One direction of a TCP connection, put in order as far as its reader asks for it. A reader of message headers wants a
// few kilobytes, then jumps over a body: bytes that it jumps over are never kept, compared or waited for, and a
// direction that needs no memory has none.
namespace wiretight::stream {

using Bytes = std::span<const std::uint8_t>;

inline constexpr std::size_t block_limit = 64 * 1024;      // bytes that a reader may let pile up before it takes some
inline constexpr std::size_t waiting_limit = 256 * 1024;   // bytes that came too early
inline constexpr std::size_t waiting_segments = 64;        // and the segments that they came in
inline constexpr std::uint64_t longest_skip = 1ULL << 29;  // sequence numbers tell no more than half their range apart

// What a reader answers when it wants no more of this direction.
inline constexpr std::uint64_t enough = std::numeric_limits<std::uint64_t>::max();

// The memory of all directions together.
class Budget {
 public:
  explicit Budget(std::size_t limit) : limit_(limit) {}
  bool take(std::size_t size) {
    if (size > limit_ - used_) return false;
    used_ += size;
    return true;
  }
  void give(std::size_t size) { used_ -= size; }
  std::size_t used() const { return used_; }

 private:
  std::size_t limit_ = 0;
  std::size_t used_ = 0;
};

// Why bytes are missing from a stream.
enum class Lack : std::uint8_t {
  lost,      // never captured
  cut,       // cut off by the snap length
  too_long,  // the reader let more than block_limit pile up, or the budget is spent
  over,      // the capture ends here
};

// A Reader has three members:
//   std::uint64_t read(Bytes bytes, std::size_t fresh)
//     `bytes` is all that is in order and not yet taken; the last `fresh` of them were not shown before. Answers how
//     many of them it is done with: 0 to see them again with more behind, more than there are to jump over what
//     follows (by at most longest_skip), or `enough`.
//   std::uint64_t lack(Bytes bytes, std::uint32_t missing, Lack why)
//     `bytes` is all that there will be before `missing` bytes that are not to be had. Answers how much of what
//     follows the missing ones to jump over, or `enough`.
//   bool adrift() const
//     The reader knows no place in the stream and looks for one: order is of no use to it.
class Assembly {
 public:
  bool is_over() const { return over_; }
  bool has_begun() const { return begun_; }
  std::uint32_t next() const { return next_; }

  // The sequence number of the first byte is known: a SYN was seen.
  void begin(std::uint32_t sequence) {
    next_ = sequence;
    begun_ = true;
  }
  // No more is wanted; memory is given back.
  void stop(Budget& budget) {
    release(budget);
    over_ = true;
  }

  // `payload` is what was captured of the `size` bytes at `sequence`.
  template <class Reader>
  void take(std::uint32_t sequence, Bytes payload, std::uint32_t size, Reader& reader, Budget& budget) {
    if (over_ || size == 0) return;
    if (!begun_) begin(sequence);
    const std::int32_t ahead = distance(sequence);
    // Far behind what was seen last: the capture has lost so much that "old" means nothing.
    if (ahead < -far_behind || (ahead > 0 && reader.adrift())) {
      drop_buffer(budget);
      next_ = sequence;
    } else if (ahead > 0) {
      return take_early({sequence, payload, size}, reader, budget);
    }
    if (!offer(sequence, payload, size, reader, budget)) return stop(budget);
    drain(reader, budget);
  }

  // The capture is over: what waits is offered with the holes before it told, and what the reader left is told last.
  template <class Reader>
  void finish(Reader& reader, Budget& budget) {
    while (!over_ && store_ && !store_->waiting.empty()) jump(reader, budget);
    if (!over_ && has_buffer()) reader.lack(store_->buffer, 0, Lack::over);
    stop(budget);
  }

 private:
  static constexpr std::int32_t far_behind = 1 << 30;

  struct Waiting {
    std::uint32_t sequence = 0;
    std::uint32_t size = 0;
    std::vector<std::uint8_t> payload = {};
  };
  struct Store {
    std::vector<std::uint8_t> buffer = {};
    std::vector<Waiting> waiting = {};  // by sequence, equal ones as they came
    std::size_t waiting_bytes = 0;
    std::size_t held = 0;  // what this direction has of the budget
  };
  struct Early {
    std::uint32_t sequence = 0;
    Bytes payload = {};
    std::uint32_t size = 0;
  };

  std::int32_t distance(std::uint32_t sequence) const { return static_cast<std::int32_t>(sequence - next_); }
  bool has_buffer() const { return store_ && !store_->buffer.empty(); }

  // Keeps bytes that the reader wants to see again; false when there is no room for them.
  bool keep(Bytes bytes, Budget& budget);
  // Keeps a segment that came too early; false when there is no room for it.
  bool wait(std::uint32_t sequence, Bytes payload, std::uint32_t size, Budget& budget);
  // The waiting segment with the lowest sequence number, whose memory stays counted as held.
  Waiting pop_waiting(Budget& budget);
  // Only the last `size` bytes of the buffer are still wanted.
  Bytes shorten_buffer(std::size_t size, Budget& budget);
  void drop_buffer(Budget& budget);
  void release(Budget& budget);

  // Shows the reader a segment at or before `next_`. False when it has seen enough.
  template <class Reader>
  bool offer(std::uint32_t sequence, Bytes payload, std::uint32_t size, Reader& reader, Budget& budget) {
    const std::int32_t ahead = distance(sequence);
    if (ahead < 0) {
      const auto old = static_cast<std::uint32_t>(-ahead);
      if (old >= size) return true;
      payload = payload.subspan(std::min<std::size_t>(old, payload.size()));
      size -= old;
    }
    const std::uint32_t end = next_ + size;
    next_ += static_cast<std::uint32_t>(payload.size());

    Bytes rest = payload;
    bool short_of_room = false;
    const bool joined = has_buffer();
    if (joined) {
      short_of_room = !payload.empty() && !keep(payload, budget);
      rest = store_->buffer;
    }
    std::size_t fresh = payload.size();
    while (!short_of_room && fresh > 0 && !rest.empty()) {
      const std::uint64_t taken = reader.read(rest, fresh);
      if (taken == enough) return false;
      if (taken == 0) break;
      if (taken > rest.size()) {
        next_ += static_cast<std::uint32_t>(std::min(taken - rest.size(), longest_skip));
        rest = {};
        break;
      }
      rest = rest.subspan(taken);
      fresh = rest.size();
    }
    return settle(rest, joined, end, short_of_room, reader, budget);
  }

  // What the reader left is kept, or told to be all there is.
  template <class Reader>
  bool settle(Bytes rest, bool in_buffer, std::uint32_t end, bool short_of_room, Reader& reader, Budget& budget) {
    const std::int32_t cut = static_cast<std::int32_t>(end - next_);
    bool kept = !short_of_room;
    if (in_buffer) {
      rest = shorten_buffer(rest.size(), budget);
      kept = kept && rest.size() <= block_limit;
    } else if (kept && !rest.empty() && cut <= 0) {
      kept = rest.size() <= block_limit && keep(rest, budget);
    }
    if (kept && cut <= 0) {
      if (rest.empty()) drop_buffer(budget);
      return true;
    }
    const std::uint32_t missing = cut > 0 ? static_cast<std::uint32_t>(cut) : 0;
    const std::uint64_t skip = reader.lack(rest, missing, cut > 0 ? Lack::cut : Lack::too_long);
    drop_buffer(budget);
    if (skip == enough) return false;
    next_ += missing + static_cast<std::uint32_t>(std::min(skip, longest_skip));
    return true;
  }

  template <class Reader>
  void drain(Reader& reader, Budget& budget) {
    while (!over_ && store_ && !store_->waiting.empty() && distance(store_->waiting.front().sequence) <= 0) {
      const Waiting first = pop_waiting(budget);
      if (!offer(first.sequence, first.payload, first.size, reader, budget)) stop(budget);
    }
  }

  // Tells the hole before the first waiting segment and goes on behind it.
  template <class Reader>
  void jump(Reader& reader, Budget& budget) {
    leap(store_->waiting.front().sequence, reader, budget);
    drain(reader, budget);
  }

  template <class Reader>
  void leap(std::uint32_t to, Reader& reader, Budget& budget) {
    const std::int32_t missing = distance(to);
    if (missing <= 0) return;
    const Bytes rest = has_buffer() ? Bytes(store_->buffer) : Bytes();
    const std::uint64_t skip = reader.lack(rest, static_cast<std::uint32_t>(missing), Lack::lost);
    drop_buffer(budget);
    if (skip == enough) return stop(budget);
    next_ = to + static_cast<std::uint32_t>(std::min(skip, longest_skip));
  }

  // Waits for what is missing before this segment. Where there is no room to wait, what is missing first is taken for
  // lost.
  template <class Reader>
  void take_early(Early early, Reader& reader, Budget& budget) {
    while (!over_ && distance(early.sequence) > 0) {
      if (wait(early.sequence, early.payload, early.size, budget)) return;
      const bool is_first = !store_ || store_->waiting.empty() ||
                            static_cast<std::int32_t>(store_->waiting.front().sequence - early.sequence) >= 0;
      if (is_first) {
        leap(early.sequence, reader, budget);
      } else {
        jump(reader, budget);
      }
    }
    if (over_) return;
    if (!offer(early.sequence, early.payload, early.size, reader, budget)) return stop(budget);
    drain(reader, budget);
  }

  std::uint32_t next_ = 0;
  bool begun_ = false;
  bool over_ = false;
  std::unique_ptr<Store> store_ = {};
};

}  // namespace wiretight::stream
