// The floor that captures are measured against: goes through a pcap file (little-endian, as ./generate writes it) and
// reads nothing but the header of each record. Prints the number of packets.
//
//   walk mapped FILE      the file is mapped into memory
//   walk read FILE        the file is read through a window of 256 KB

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr std::size_t file_header = 24, record_header = 16;

std::uint32_t captured(const std::uint8_t* record) {
  std::uint32_t length = 0;
  std::memcpy(&length, record + 8, 4);
  return length;
}

std::uint64_t walk_mapped(int file, std::size_t size) {
  void* map = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (map == MAP_FAILED) return 0;
  const auto* bytes = static_cast<const std::uint8_t*>(map);
  std::uint64_t packets = 0;
  for (std::size_t at = file_header; at + record_header <= size; ++packets) at += record_header + captured(bytes + at);
  munmap(map, size);
  return packets;
}

std::uint64_t walk_read(int file) {
  constexpr std::size_t window = 256 * 1024;
  const auto bytes = std::make_unique<std::uint8_t[]>(window);
  std::uint64_t packets = 0;
  std::size_t end = 0, skip = file_header;
  for (;;) {
    const ssize_t got = read(file, bytes.get() + end, window - end);
    if (got <= 0) return packets;
    end += static_cast<std::size_t>(got);
    std::size_t at = skip;
    while (at + record_header <= end) {
      ++packets;
      at += record_header + captured(bytes.get() + at);
    }
    if (at >= end) {
      skip = at - end;
      end = 0;
    } else {
      std::memmove(bytes.get(), bytes.get() + at, end - at);
      end -= at;
      skip = 0;
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const int file = open(arguments[2], O_RDONLY | O_CLOEXEC);
  struct stat about = {};
  if (file < 0 || fstat(file, &about) != 0) return 1;
  const bool mapped = std::string_view(arguments[1]) == "mapped";
  std::printf("%llu\n", static_cast<unsigned long long>(
                            mapped ? walk_mapped(file, static_cast<std::size_t>(about.st_size)) : walk_read(file)));
  return 0;
}
