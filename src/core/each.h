#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace wiretight {

// Calls fn(0) … fn(n - 1), each once, on up to `threads` threads (this one included), and returns when all are done.
// The order is not fixed: let each call fill its own slot and merge the slots in order. The first exception is rethrown
// after all threads have stopped; calls that had not begun by then are not made.
template <class Function>
void each(std::size_t n, unsigned threads, Function fn) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr thrown;
  std::mutex guard;
  auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        fn(i);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!thrown) thrown = std::current_exception();
        next = n;
      }
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t count = std::min<std::size_t>(threads, n);
    for (std::size_t i = 1; i < count; ++i) others.emplace_back(work);
    work();
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace wiretight
