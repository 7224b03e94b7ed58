#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <istream>
#include <span>
#include <string>
#include <string_view>

#include "app/file_sources.h"
#include "sources/endpoint/endpoint.h"

// What the program takes from the machine, small enough for a test to stand in.
namespace wiretight {

// Somewhere that text goes to.
class Stream {
 public:
  enum class Written : std::uint8_t { yes, reader_gone, failed };

  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;
  virtual Written write(std::string_view text) = 0;
  virtual bool is_terminal() const { return false; }
  virtual int columns() const { return 0; }  // of the terminal; 0 where it is not known
};

struct Ports {
  Stream& out;
  Stream& error;
  std::istream& in;
  std::function<std::int64_t()> now;                         // milliseconds since 1970, UTC
  std::function<const char*(const char* name)> environment;  // nullptr where it is not set
  std::function<void(const endpoint::Request&, const endpoint::Next&, const endpoint::Done&)> probe;
  std::span<const FileSource> files;
  // Called when there is something that a signal is to end in good order.
  std::function<void()> listen_to_signals;
  const std::atomic<bool>& interrupted;  // no more targets are to be begun
};

}  // namespace wiretight
