#include "sources/gunzip.h"

#include <algorithm>
#include <libdeflate.h>
#include <zlib.h>

namespace wiretight {
namespace {

// A bomb costs no memory here, only time: what grows this much is given up once it has grown past any doubt.
constexpr std::uint64_t bomb_size = 1ULL << 30;
constexpr std::uint64_t bomb_factor = 250;

std::uint32_t little32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) | static_cast<std::uint32_t>(at[1]) << 8 |
         static_cast<std::uint32_t>(at[2]) << 16 | static_cast<std::uint32_t>(at[3]) << 24;
}

// What deflate can make of a byte at most (RFC 1951: 258 bytes of two bits).
constexpr std::size_t most_expansion = 1032;

}  // namespace

bool is_gzip(std::span<const std::uint8_t> beginning) {
  return beginning.size() >= 3 && beginning[0] == 0x1f && beginning[1] == 0x8b && beginning[2] == 8;
}

Gunzip::Gunzip(std::uint64_t after) : stream_(std::make_unique<z_stream>()), members_(after) {
  constexpr int gzip_alone = 16;
  if (inflateInit2(stream_.get(), gzip_alone + MAX_WBITS) != Z_OK) problem_ = "there is no memory to decompress it";
}

Gunzip::~Gunzip() { inflateEnd(stream_.get()); }

Gunzip::Step Gunzip::step(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
  // zlib counts in unsigned int.
  constexpr std::size_t most = 1 << 30;
  Step done;
  while (problem_.empty() && done.written < out.size()) {
    if (!in_member_) {
      // Tapes and block devices pad with zeros.
      while (members_ > 0 && done.read < in.size() && in[done.read] == 0) ++done.read;
      if (done.read == in.size()) break;
      inflateReset(stream_.get());
      in_member_ = true;
    }
    const auto room_in = static_cast<uInt>(std::min(in.size() - done.read, most));
    const auto room_out = static_cast<uInt>(std::min(out.size() - done.written, most));
    // zlib takes it as not const and does not write there.
    stream_->next_in = const_cast<Bytef*>(in.data() + done.read);
    stream_->avail_in = room_in;
    stream_->next_out = out.data() + done.written;
    stream_->avail_out = room_out;
    const int result = inflate(stream_.get(), Z_NO_FLUSH);
    done.read += room_in - stream_->avail_in;
    done.written += room_out - stream_->avail_out;
    if (result == Z_STREAM_END) {
      ++members_;
      in_member_ = false;
    } else if (result == Z_BUF_ERROR || (result == Z_OK && done.read == in.size())) {
      break;
    } else if (result != Z_OK) {
      problem_ = why();
    }
  }
  check_expansion(done);
  return done;
}

std::string_view Gunzip::why() const {
  const std::string_view said = stream_->msg == nullptr ? "" : stream_->msg;
  if (said == "incorrect data check") return "the checksum of the gzip data is wrong";
  if (said == "incorrect length check") return "the length of the gzip data is wrong";
  if (said == "incorrect header check")
    return members_ > 0 ? "bytes that are no gzip member follow the last one" : "not gzip";
  return "damaged gzip data";
}

void Gunzip::check_expansion(const Step& done) {
  read_ += done.read;
  written_ += done.written;
  if (problem_.empty() && written_ > bomb_size && written_ / bomb_factor > read_)
    problem_ = "grows more than 250-fold when decompressed";
}

std::string gunzip_beginning(std::span<const std::uint8_t> file, std::size_t size) {
  std::string out(size, '\0');
  Gunzip gunzip;
  const Gunzip::Step done = gunzip.step(file, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
  out.resize(done.written);
  return out;
}

void MemberGunzip::Freer::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

MemberGunzip::MemberGunzip(std::size_t room) : decompressor_(libdeflate_alloc_decompressor()), room_(room) {}

MemberGunzip::Member MemberGunzip::next(std::span<const std::uint8_t> in) {
  // Without memory for a decompressor there may still be enough for Gunzip.
  if (!decompressor_) return {.outcome = Outcome::too_long};
  // The file's last bytes say how long its last member is, modulo 2^32. A guess: it may be another member, or a lie.
  const std::size_t said = in.size() < 18 ? 0 : little32(in.data() + in.size() - 4);
  std::size_t wanted = std::min({std::max<std::size_t>(said + 1, 65536), in.size() * most_expansion + 1, room_});
  for (;;) {
    if (capacity_ < wanted) {
      bytes_.reset();
      capacity_ = 0;
      bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(wanted);
      capacity_ = wanted;
    }
    std::size_t read = 0;
    std::size_t written = 0;
    switch (libdeflate_gzip_decompress_ex(decompressor_.get(), in.data(), in.size(), bytes_.get(), capacity_, &read,
                                          &written)) {
      case LIBDEFLATE_SUCCESS:
        return {.outcome = Outcome::whole, .data = {bytes_.get(), written}, .read = read};
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (capacity_ >= room_) return {.outcome = Outcome::too_long};
        wanted = std::min(room_, capacity_ * 4);
        break;
      default:
        return {.outcome = Outcome::bad};
    }
  }
}

}  // namespace wiretight
