// The least that any reader of an archive does: opens every file, reads it and inflates it in one thread. Prints the
// bytes that come out. Built by bench/trail/run.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <libdeflate.h>
#include <string>

int main(int count, char** words) {
  if (count != 2) return 2;
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  std::string packed;
  std::string text(std::size_t{8} << 20, '\0');
  std::size_t total = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(words[1])) {
    if (!entry.is_regular_file()) continue;
    packed.resize(entry.file_size());
    std::FILE* file = std::fopen(entry.path().c_str(), "rb");
    if (file == nullptr || std::fread(packed.data(), 1, packed.size(), file) != packed.size()) return 1;
    std::fclose(file);
    std::size_t given = 0;
    while (libdeflate_gzip_decompress(decompressor, packed.data(), packed.size(), text.data(), text.size(), &given) ==
           LIBDEFLATE_INSUFFICIENT_SPACE) {
      text.resize(text.size() * 2);
    }
    total += given;
  }
  libdeflate_free_decompressor(decompressor);
  std::printf("%zu\n", total);
}
