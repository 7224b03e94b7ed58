#include "app/progress.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <string>

namespace wiretight {

Progress::Progress(Stream& error, bool shown, std::optional<std::size_t> total) : error_(error), total_(total) {
  if (!shown) return;
  ticker_ = std::jthread([this](const std::stop_token& stop) {
    using namespace std::chrono_literals;
    std::unique_lock lock(mutex_);
    auto pause = 500ms;
    while (!stopped_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); })) {
      draw();
      pause = 200ms;
    }
    clear();
  });
}

void Progress::begun() {
  const std::lock_guard lock(mutex_);
  ++begun_;
}

void Progress::finished(bool leaking, bool incomplete) {
  const std::lock_guard lock(mutex_);
  ++finished_;
  leaking_ += leaking ? 1 : 0;
  incomplete_ += incomplete ? 1 : 0;
}

void Progress::stop() {
  ticker_.request_stop();
  if (ticker_.joinable()) ticker_.join();
}

void Progress::clear() {
  // Back to the beginning, and erase to the end of the line (ECMA-48 EL).
  if (drawn_) error_.write("\r\x1b[K");
  drawn_ = false;
}

void Progress::draw() {
  std::string line = total_ ? fmt::format("{} of {} targets done", finished_, *total_)
                            : fmt::format("{} targets done, {} under way", finished_, begun_ - finished_);
  if (leaking_ > 0) line += fmt::format(", {} leaking", leaking_);
  if (incomplete_ > 0) line += fmt::format(", {} incomplete", incomplete_);
  const int columns = error_.columns();
  if (columns > 1) line.resize(std::min(line.size(), static_cast<std::size_t>(columns - 1)));
  error_.write("\r\x1b[K" + line);
  drawn_ = true;
}

}  // namespace wiretight
