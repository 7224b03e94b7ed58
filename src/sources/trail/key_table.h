#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"

namespace wiretight::trail {

// Numbers byte strings in the order in which they first come.
class KeyTable {
 public:
  std::uint32_t add(std::string_view key) {
    if (entries_.size() * 2 >= slots_.size()) grow();
    const std::uint64_t hash = hash64(key);
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const Entry& known = entries_[slots_[slot] - 1];
      if (known.hash == hash && view(known) == key) return slots_[slot] - 1;
    }
    entries_.push_back({.hash = hash, .offset = bytes_.size(), .length = key.size()});
    bytes_ += key;
    slots_[slot] = static_cast<std::uint32_t>(entries_.size());
    return slots_[slot] - 1;
  }

  std::size_t size() const { return entries_.size(); }
  // Good until the next add.
  std::string_view at(std::size_t number) const { return view(entries_[number]); }

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
  };

  std::string_view view(const Entry& entry) const {
    return std::string_view(bytes_).substr(entry.offset, entry.length);
  }

  void grow() {
    constexpr std::size_t least = 16;
    slots_.assign(slots_.empty() ? least : slots_.size() * 2, 0);
    for (std::size_t number = 0; number < entries_.size(); ++number) {
      std::size_t slot = entries_[number].hash & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = static_cast<std::uint32_t>(number + 1);
    }
  }

  std::string bytes_ = {};
  std::vector<Entry> entries_ = {};
  std::vector<std::uint32_t> slots_ = {};  // number + 1; 0: free
};

}  // namespace wiretight::trail
