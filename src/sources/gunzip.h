#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct libdeflate_decompressor;
struct z_stream_s;

namespace wiretight {

// Whether these are the first bytes of a gzip file (RFC 1952).
bool is_gzip(std::span<const std::uint8_t> beginning);

// Reads gzip, any number of members, as the bytes come and go: nothing is held but the 32 KB that the format asks for.
class Gunzip {
 public:
  // `after`: so many members of the file were read already.
  explicit Gunzip(std::uint64_t after = 0);
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip();

  struct Step {
    std::size_t read = 0;     // taken from `in`
    std::size_t written = 0;  // put into `out`
  };
  // Goes on until either side is used up, or it is done or bad. Text may still come of bytes that were taken before:
  // while `out` was filled, go on even without more of them.
  Step step(std::span<const std::uint8_t> in, std::span<std::uint8_t> out);

  // The input may end here: a member is complete.
  bool may_end() const { return !in_member_; }
  // Why it cannot go on: a constant sentence; empty while it can.
  std::string_view problem() const { return problem_; }

 private:
  std::string_view why() const;
  void check_expansion(const Step& done);

  std::unique_ptr<z_stream_s> stream_;
  std::uint64_t members_;
  bool in_member_ = false;
  std::uint64_t read_ = 0;
  std::uint64_t written_ = 0;
  std::string_view problem_ = {};
};

// At most `size` bytes of what a gzip file holds, from the first bytes of the file; less where they are cut off or bad.
std::string gunzip_beginning(std::span<const std::uint8_t> file, std::size_t size);

// Reads gzip a member at once, three times as fast as Gunzip, where there is room for all that the member holds. One
// for each thread: the room is kept from member to member.
class MemberGunzip {
 public:
  explicit MemberGunzip(std::size_t room);

  enum class Outcome : std::uint8_t {
    whole,
    too_long,  // does not fit the room: Gunzip can read it
    bad,       // damaged or cut off: Gunzip can say what is wrong, and has what came before that
  };
  struct Member {
    Outcome outcome = Outcome::bad;
    std::span<const std::uint8_t> data = {};  // good until the next call
    std::size_t read = 0;                     // bytes of `in` that it took
  };
  // The member that `in` begins with.
  Member next(std::span<const std::uint8_t> in);

 private:
  struct Freer {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Freer> decompressor_;
  std::size_t room_;
  std::unique_ptr<std::uint8_t[]> bytes_ = {};
  std::size_t capacity_ = 0;
};

}  // namespace wiretight
