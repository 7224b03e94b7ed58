#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace wiretight::tls {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Reads big-endian numbers and length-prefixed vectors from a span. A read past the end yields zero or an empty span
// and makes the reader bad for good, so that a whole message may be read before `ok()` is asked once.
class Reader {
 public:
  constexpr explicit Reader(Bytes bytes) : rest_(bytes) {}

  constexpr std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (std::uint8_t byte : bytes(size)) value = value << 8 | byte;
    return value;
  }
  constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  constexpr std::uint32_t u24() { return number(3); }
  constexpr std::uint32_t u32() { return number(4); }
  constexpr Bytes bytes(std::size_t size) {
    if (size > rest_.size()) {
      rest_ = {};
      bad_ = true;
      return {};
    }
    Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  // A vector whose length stands before it in `length_size` bytes.
  constexpr Bytes vector(std::size_t length_size) { return bytes(number(length_size)); }

  constexpr bool ok() const { return !bad_; }
  constexpr bool empty() const { return rest_.empty(); }
  constexpr Bytes rest() const { return rest_; }
  // Everything was there and nothing is left over.
  constexpr bool finished() const { return !bad_ && rest_.empty(); }

 private:
  Bytes rest_;
  bool bad_ = false;
};

// 16-bit numbers as they stand in a message, without a copy. An odd last byte is not seen; the parsers refuse it.
class Codes {
 public:
  constexpr Codes() = default;
  constexpr explicit Codes(Bytes bytes) : bytes_(bytes.first(bytes.size() & ~std::size_t{1})) {}

  class iterator {
   public:
    using value_type = std::uint16_t;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    using pointer = void;
    using reference = std::uint16_t;
    constexpr iterator() = default;
    constexpr explicit iterator(const std::uint8_t* at) : at_(at) {}
    constexpr std::uint16_t operator*() const { return static_cast<std::uint16_t>(at_[0] << 8 | at_[1]); }
    constexpr iterator& operator++() {
      at_ += 2;
      return *this;
    }
    constexpr iterator operator++(int) {
      iterator before = *this;
      at_ += 2;
      return before;
    }
    constexpr bool operator==(const iterator&) const = default;

   private:
    const std::uint8_t* at_ = nullptr;
  };
  constexpr iterator begin() const { return iterator(bytes_.data()); }
  constexpr iterator end() const { return iterator(bytes_.data() + bytes_.size()); }
  constexpr std::size_t size() const { return bytes_.size() / 2; }
  constexpr bool empty() const { return bytes_.empty(); }
  constexpr std::uint16_t operator[](std::size_t index) const {
    return static_cast<std::uint16_t>(bytes_[2 * index] << 8 | bytes_[2 * index + 1]);
  }
  constexpr bool contains(std::uint16_t code) const {
    for (std::uint16_t each : *this)
      if (each == code) return true;
    return false;
  }

 private:
  Bytes bytes_ = {};
};

// Up to `capacity` spans held in place.
template <std::size_t capacity>
class Spans {
 public:
  constexpr bool add(Bytes bytes) {
    if (size_ == capacity) return false;
    spans_[size_++] = bytes;
    return true;
  }
  constexpr const Bytes* begin() const { return spans_.data(); }
  constexpr const Bytes* end() const { return spans_.data() + size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr Bytes operator[](std::size_t index) const { return spans_[index]; }

 private:
  std::array<Bytes, capacity> spans_ = {};
  std::size_t size_ = 0;
};

}  // namespace wiretight::tls
