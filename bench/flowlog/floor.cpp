#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <libdeflate.h>
#include <memory>
#include <string>

// The least that a reader of flow logs does: every file read and decompressed, and its lines counted.
int main(int count, char** files) {
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  constexpr std::size_t room = 256 << 20;
  const auto text = std::make_unique_for_overwrite<char[]>(room);
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  for (int i = 1; i < count; ++i) {
    std::ifstream in(files[i], std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(in)), {});
    const char* data = file.data();
    std::size_t size = file.size();
    if (file.starts_with("\x1f\x8b")) {
      if (libdeflate_gzip_decompress(decompressor, file.data(), file.size(), text.get(), room, &size) !=
          LIBDEFLATE_SUCCESS) {
        std::fprintf(stderr, "%s cannot be decompressed\n", files[i]);
        return 1;
      }
      data = text.get();
    }
    bytes += size;
    for (const char* end = data + size; data < end; ++data, ++lines) {
      data = static_cast<const char*>(std::memchr(data, '\n', static_cast<std::size_t>(end - data)));
      if (data == nullptr) break;
    }
  }
  std::printf("%llu %llu\n", static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(lines));
  libdeflate_free_decompressor(decompressor);
}
