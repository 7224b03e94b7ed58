#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

#include "app/cli/program.h"

namespace wiretight::cli {
namespace {

class Descriptor final : public Stream {
 public:
  explicit Descriptor(int number) : number_(number) {}

  Written write(std::string_view text) override {
    while (!text.empty()) {
      const ssize_t count = ::write(number_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno == EPIPE ? Written::reader_gone : Written::failed;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return Written::yes;
  }
  bool is_terminal() const override { return ::isatty(number_) == 1; }
  int columns() const override {
    winsize size = {};
    return ::ioctl(number_, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  }

 private:
  int number_;
};

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

// The first signal ends the scan in good order, the second at once.
void interrupt(int) {
  if (interrupted.exchange(true)) ::_exit(130);
}

void listen_to_signals() {
  struct sigaction action = {};
  action.sa_handler = interrupt;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

int run_on_this_machine(int count, char** words) {
  // A reader that is gone shows as an error of write().
  std::signal(SIGPIPE, SIG_IGN);
  Descriptor out(STDOUT_FILENO);
  Descriptor error(STDERR_FILENO);
  Ports ports{
      .out = out,
      .error = error,
      .in = std::cin,
      .now =
          [] {
            const auto since = std::chrono::system_clock::now().time_since_epoch();
            return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
          },
      .environment = [](const char* name) -> const char* { return std::getenv(name); },
      .probe = endpoint::probe,
      .files = file_sources(),
      .listen_to_signals = listen_to_signals,
      .interrupted = interrupted};
  return run(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count), ports);
}

}  // namespace wiretight::cli
