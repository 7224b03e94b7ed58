#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/listener.h"

namespace wiretight::certificate {

// The certificates that the machine trusts, found one by one as they are asked for: no bundle is parsed up front. Not
// for several threads at once; one per worker.
class TrustStore {
 public:
  // SSL_CERT_FILE and SSL_CERT_DIR where set, else the system's folder of hashed names, else its bundle.
  TrustStore();
  // For tests and --ca: exactly these; either may be empty.
  TrustStore(const std::string& file, const std::string& folder);
  ~TrustStore();
  TrustStore(TrustStore&&) noexcept;
  TrustStore& operator=(TrustStore&&) noexcept;

  // Where it looks, for people: "/etc/ssl/certs". Empty when there is nothing to trust, and then `trusted` stays
  // unresolved.
  const std::string& origin() const;

  struct State;
  State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// What a server showed.
struct Presented {
  std::span<const std::vector<std::uint8_t>> chain = {};  // DER, leaf first, as served
  std::span<const std::uint8_t> staple = {};              // DER of the OCSP response; empty when none came
  bool staple_asked = false;                              // status_request was sent, so that no staple means something
  std::string_view host = {};                             // whose certificate it should be; empty: name not judged
  std::int64_t at = 0;                                    // seconds since 1970, UTC: the time of the judgement
};

// Turns what servers show into facts: every certificate of the chain, whether a path to a trusted root exists (dates
// aside: those stand in the certificates), whether the name is covered, what is wrong with the chain as such, and the
// staple. `served_to` and `for_right_name` are left to the caller. Remembers chains by digest, so that many handshakes
// with one chain cost one judgement. Not for several threads at once.
class Judge {
 public:
  explicit Judge(const TrustStore& trust) : trust_(trust) {}
  Chain judge(const Presented& presented);

 private:
  struct Known {
    Chain chain = {};                       // staple and name aside
    std::vector<std::uint8_t> issuer = {};  // DER of the certificate that signed the leaf; empty when not known
  };
  Known judge_chain(std::span<const std::vector<std::uint8_t>> chain, std::int64_t at) const;

  const TrustStore& trust_;
  std::unordered_map<std::string, Known> chains_ = {};  // by digest
};

}  // namespace wiretight::certificate
