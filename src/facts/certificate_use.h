#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "facts/listener.h"

namespace wiretight {

// A certificate that a listener serves, in whichever of its chains.
struct CertificateUse {
  const Certificate* certificate = nullptr;
  const Chain* chain = nullptr;  // one for the right name where there is one
  bool leaf = false;             // the first of that chain: the server's own
  bool for_right_name = false;   // clients that ask for the right name get it
  std::vector<std::string> served_to = {};

  // To be put after "serves a certificate": empty when clients that ask for the right name get it.
  const char* audience() const { return for_right_name ? "" : " to clients that do not ask for its name"; }
};

// Every certificate once, by its fingerprint: those for the right name first, leaves before their issuers. The pointers
// are into the listener.
std::vector<CertificateUse> certificates_of(const Listener& listener);
// The servers' own alone.
std::vector<CertificateUse> leaves_of(const Listener& listener);

// Whom it is for, in a message: its subject, else its first name, else the beginning of its fingerprint.
std::string said(const Certificate& certificate);
// For evidence: {"subject", "issuer", "serial", "notBefore", "notAfter", "sha256", "servedTo"}.
Json shown(const CertificateUse& use);

}  // namespace wiretight
