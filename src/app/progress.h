#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>

#include "app/ports.h"

namespace wiretight {

// One line on standard error that says how far a scan has come. It appears after half a second, and is gone before
// anything else is written and at the end.
class Progress {
 public:
  // `total` where it is known. Without `shown` nothing is ever written.
  Progress(Stream& error, bool shown, std::optional<std::size_t> total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { stop(); }

  void begun();
  void finished(bool leaking, bool incomplete);
  // Runs `write` while the line is away.
  template <class Function>
  void aside(Function write) {
    const std::lock_guard lock(mutex_);
    clear();
    write();
  }
  void stop();

 private:
  void clear();
  void draw();

  Stream& error_;
  std::optional<std::size_t> total_;
  std::size_t begun_ = 0;
  std::size_t finished_ = 0;
  std::size_t leaking_ = 0;
  std::size_t incomplete_ = 0;
  bool drawn_ = false;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread ticker_;
};

}  // namespace wiretight
