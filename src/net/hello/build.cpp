#include "net/hello/build.h"

#include <algorithm>

#include "net/hello/extension_type.h"
#include "net/hello/message.h"
#include "net/hello/registry.h"

namespace wiretight::tls {
namespace {

constexpr std::size_t largest_fragment = 16384;

// Appends big-endian numbers and vectors to a buffer.
class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& out) : out_(out) {}

  void u8(std::uint32_t value) { out_.push_back(static_cast<std::uint8_t>(value)); }
  void u16(std::uint32_t value) {
    u8(value >> 8);
    u8(value);
  }
  void u24(std::uint32_t value) {
    u8(value >> 16);
    u16(value);
  }
  void u32(std::uint32_t value) {
    u16(value >> 16);
    u16(value);
  }
  void bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void codes(const std::vector<std::uint16_t>& codes) {
    for (std::uint16_t code : codes) u16(code);
  }
  std::size_t size() const { return out_.size(); }
  void drop(std::size_t count) { out_.resize(out_.size() - count); }

  // Writes what `fill` writes, after its length in `length_size` bytes.
  template <class Fill>
  void nested(std::size_t length_size, Fill fill) {
    std::size_t start = out_.size();
    out_.resize(start + length_size);
    fill();
    std::size_t length = out_.size() - start - length_size;
    for (std::size_t at = length_size; at > 0; --at, length >>= 8)
      out_[start + at - 1] = static_cast<std::uint8_t>(length);
  }
  void vector(std::size_t length_size, Bytes content) {
    nested(length_size, [&] { bytes(content); });
  }
  template <class Fill>
  void extension(std::uint16_t type, Fill fill) {
    u16(type);
    nested(2, fill);
  }
  void empty_extension(std::uint16_t type) { u32(static_cast<std::uint32_t>(type) << 16); }

 private:
  std::vector<std::uint8_t>& out_;
};

// A GREASE value drawn from the random, `place` keeping the values of one hello apart.
std::uint16_t grease_value(const HelloSpec& spec, std::size_t place) {
  std::uint16_t half = static_cast<std::uint16_t>(((spec.random[0] + place) & 0x0f) << 4 | 0x0a);
  return static_cast<std::uint16_t>(half << 8 | half);
}

void write_codes(Writer& out, const HelloSpec& spec, std::uint16_t type, std::size_t length_size,
                 const std::vector<std::uint16_t>& codes, std::size_t grease_place) {
  if (codes.empty()) return;
  out.extension(type, [&] {
    out.nested(length_size, [&] {
      if (spec.grease && grease_place > 0) out.u16(grease_value(spec, grease_place));
      out.codes(codes);
    });
  });
}

void write_server_name(Writer& out, const HelloSpec& spec) {
  if (spec.server_name.empty()) return;
  out.extension(extension_type::server_name, [&] {
    out.nested(2, [&] {
      out.u8(0);
      out.vector(2, as_bytes(spec.server_name));
    });
  });
}

void write_alpn(Writer& out, const HelloSpec& spec) {
  if (spec.alpn.empty()) return;
  out.extension(extension_type::alpn, [&] {
    out.nested(2, [&] {
      for (const std::string& name : spec.alpn) out.vector(1, as_bytes(name));
    });
  });
}

void write_key_shares(Writer& out, const HelloSpec& spec) {
  if (!spec.key_shares) return;
  out.extension(extension_type::key_share, [&] {
    out.nested(2, [&] {
      for (const OfferedShare& share : *spec.key_shares) {
        out.u16(share.group);
        out.vector(2, share.key);
      }
    });
  });
}

void write_pre_shared_key(Writer& out, const HelloSpec& spec) {
  if (!spec.pre_shared_key) return;
  const OfferedPsk& psk = *spec.pre_shared_key;
  out.extension(extension_type::pre_shared_key, [&] {
    out.nested(2, [&] {
      out.vector(2, psk.identity);
      out.u32(psk.obfuscated_age);
    });
    out.nested(2, [&] { out.vector(1, psk.binder); });
  });
}

// Brings the handshake message that began at `message` to the size that the spec asks for.
void write_padding(Writer& out, const HelloSpec& spec, std::size_t message) {
  std::size_t psk = spec.pre_shared_key ? 12 + spec.pre_shared_key->identity.size() + binders_size(spec) : 0;
  std::size_t without = out.size() - message + psk + 4;
  bool is_short = spec.pad_short && without - 4 >= 256 && without - 4 < 512;
  std::size_t target = std::max<std::size_t>(spec.padding_to, is_short ? 512 : 0);
  if (without > target && !is_short) return;
  // Never empty, see below.
  std::size_t zeros = std::max<std::size_t>(target > without ? target - without : 0, 1);
  out.extension(extension_type::padding, [&] {
    for (; zeros > 0; --zeros) out.u8(0);
  });
}

void write_extensions(Writer& out, const HelloSpec& spec, std::size_t message) {
  if (spec.grease) out.empty_extension(grease_value(spec, 1));
  write_server_name(out, spec);
  if (spec.extended_master_secret) out.empty_extension(extension_type::extended_master_secret);
  if (spec.renegotiation_info) out.extension(extension_type::renegotiation_info, [&] { out.u8(0); });
  if (spec.encrypt_then_mac) out.empty_extension(extension_type::encrypt_then_mac);
  if (spec.session_ticket) {
    out.extension(extension_type::session_ticket, [&] { out.bytes(*spec.session_ticket); });
  }
  if (spec.next_protocols) out.empty_extension(extension_type::next_protocols);
  if (spec.signed_certificate_timestamp) out.empty_extension(extension_type::signed_certificate_timestamp);
  if (spec.status_request) {
    // OCSP, no responders, no extensions
    out.extension(extension_type::status_request, [&] {
      out.u8(1);
      out.u32(0);
    });
  }
  write_alpn(out, spec);
  if (spec.heartbeat) out.extension(extension_type::heartbeat, [&] { out.u8(*spec.heartbeat); });
  if (!spec.point_formats.empty()) {
    out.extension(extension_type::ec_point_formats, [&] { out.vector(1, spec.point_formats); });
  }
  write_codes(out, spec, extension_type::supported_groups, 2, spec.groups, 2);
  write_codes(out, spec, extension_type::supported_versions, 1, spec.versions, 3);
  if (!spec.cookie.empty()) out.extension(extension_type::cookie, [&] { out.vector(2, spec.cookie); });
  if (!spec.psk_modes.empty()) {
    out.extension(extension_type::psk_key_exchange_modes, [&] { out.vector(1, spec.psk_modes); });
  }
  if (spec.early_data) out.empty_extension(extension_type::early_data);
  write_key_shares(out, spec);
  if (spec.grease) out.extension(grease_value(spec, 4), [&] { out.u8(0); });
  // At the end, because some old servers stumble over a hello whose last extension is empty.
  write_codes(out, spec, extension_type::signature_algorithms, 2, spec.signature_schemes, 0);
  write_padding(out, spec, message);
  write_pre_shared_key(out, spec);
}

void write_body(Writer& out, const HelloSpec& spec, std::size_t message) {
  out.u16(spec.hello_version);
  out.bytes(spec.random);
  out.vector(1, spec.session_id);
  out.nested(2, [&] {
    if (spec.grease) out.u16(grease_value(spec, 0));
    out.codes(spec.suites);
    if (spec.renegotiation_scsv) out.u16(renegotiation_scsv);
    if (spec.fallback_scsv) out.u16(fallback_scsv);
  });
  out.vector(1, spec.compressions);
  if (!spec.extensions) return;
  std::size_t start = out.size();
  out.nested(2, [&] { write_extensions(out, spec, message); });
  if (out.size() == start + 2) out.drop(2);
}

// Cuts the payload behind the record header at `record` into records of at most 2^14 bytes, and fills in the headers.
void close_records(std::vector<std::uint8_t>& out, std::size_t record) {
  std::size_t left = out.size() - record - 5;
  while (left > largest_fragment) {
    std::array<std::uint8_t, 5> header = {out[record], out[record + 1], out[record + 2], 0, 0};
    out[record + 3] = largest_fragment >> 8;
    out[record + 4] = largest_fragment & 0xff;
    record += 5 + largest_fragment;
    left -= largest_fragment;
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(record), header.begin(), header.end());
  }
  out[record + 3] = static_cast<std::uint8_t>(left >> 8);
  out[record + 4] = static_cast<std::uint8_t>(left);
}

}  // namespace

void append_client_hello(std::vector<std::uint8_t>& out, const HelloSpec& spec) {
  std::size_t record = out.size();
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(ContentType::handshake));
  writer.u16(spec.record_version);
  writer.u16(0);
  writer.u8(1);
  writer.nested(3, [&] { write_body(writer, spec, record + 5); });
  close_records(out, record);
}

std::vector<std::uint8_t> client_hello(const HelloSpec& spec) {
  std::vector<std::uint8_t> out;
  out.reserve(512);
  append_client_hello(out, spec);
  return out;
}

std::size_t binders_size(const HelloSpec& spec) {
  return spec.pre_shared_key ? 2 + 1 + spec.pre_shared_key->binder.size() : 0;
}

void append_ssl2_client_hello(std::vector<std::uint8_t>& out, const Ssl2Hello& hello) {
  std::size_t record = out.size();
  Writer writer(out);
  writer.u16(0);
  writer.u8(1);
  writer.u16(hello.version);
  writer.u16(static_cast<std::uint32_t>(3 * hello.kinds.size()));
  writer.u16(static_cast<std::uint32_t>(hello.session_id.size()));
  writer.u16(static_cast<std::uint32_t>(hello.challenge.size()));
  for (std::uint32_t kind : hello.kinds) writer.u24(kind);
  writer.bytes(hello.session_id);
  writer.bytes(hello.challenge);
  std::size_t size = out.size() - record - 2;
  out[record] = static_cast<std::uint8_t>(0x80 | size >> 8);
  out[record + 1] = static_cast<std::uint8_t>(size);
}

Ssl2Hello ssl2_hello() {
  Ssl2Hello hello;
  for (const Suite& suite : ssl2_suites()) hello.kinds.push_back(suite.code);
  return hello;
}

void append_record(std::vector<std::uint8_t>& out, ContentType type, std::uint16_t version, Bytes payload) {
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(type));
  writer.u16(version);
  writer.vector(2, payload);
}

void append_alert(std::vector<std::uint8_t>& out, std::uint16_t version, std::uint8_t level, std::uint8_t description) {
  const std::uint8_t payload[] = {level, description};
  append_record(out, ContentType::alert, version, payload);
}

void append_close_notify(std::vector<std::uint8_t>& out, std::uint16_t version) { append_alert(out, version, 1, 0); }

void append_change_cipher_spec(std::vector<std::uint8_t>& out, std::uint16_t version) {
  const std::uint8_t payload[] = {1};
  append_record(out, ContentType::change_cipher_spec, version, payload);
}

void append_heartbleed(std::vector<std::uint8_t>& out, std::uint16_t version, std::uint16_t claimed) {
  const std::uint8_t payload[] = {1, static_cast<std::uint8_t>(claimed >> 8), static_cast<std::uint8_t>(claimed)};
  append_record(out, ContentType::heartbeat, version, payload);
}

void append_no_certificate(std::vector<std::uint8_t>& out, std::uint16_t version) {
  if (version == wire_code(Version::ssl3)) return append_alert(out, version, 1, 41);
  const std::uint8_t payload[] = {static_cast<std::uint8_t>(HandshakeType::certificate), 0, 0, 3, 0, 0, 0};
  append_record(out, ContentType::handshake, version, payload);
}

void append_client_key_exchange(std::vector<std::uint8_t>& out, std::uint16_t version, Bytes encrypted) {
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(ContentType::handshake));
  writer.u16(version);
  writer.nested(2, [&] {
    writer.u8(static_cast<std::uint8_t>(HandshakeType::client_key_exchange));
    writer.nested(3,
                  [&] { version == wire_code(Version::ssl3) ? writer.bytes(encrypted) : writer.vector(2, encrypted); });
  });
}

}  // namespace wiretight::tls
