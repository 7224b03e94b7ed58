#pragma once

#include "core/problem.h"
#include "net/hello/build.h"
#include "net/hello/message.h"
#include "net/hello/spec.h"

// Is the answer one to our question? What was not offered is a protocol violation and never "supported": a hostile or
// broken server must not fill a report with suites.
namespace wiretight::tls {

// Version, suite, compression, group, key share, pre-shared key and ALPN against what was offered. A HelloRetryRequest
// without key_share is refused as "names no group" (wolfSSL 5.5 answers any unsupported group so), one that asks for a
// group whose share was sent, too.
Outcome<void> check_answer(const ServerHello& hello, const HelloSpec& spec);

// The SSLv2 answer: names a kind that was offered, or none at all (SSLv2 is spoken, with no cipher in common). Servers
// list kinds beyond those offered; which of them count is the caller's to say.
Outcome<void> check_answer(const Ssl2ServerHello& hello, const Ssl2Hello& asked);

// The curve of an ECDHE ServerKeyExchange and the scheme of its signature were offered, public values have a
// possible size. Kinds that are not read pass.
Outcome<void> check_answer(const ServerKeyExchange& exchange, const HelloSpec& spec);

// Did the server take up the session that was offered? TLS 1.3: pre_shared_key; before: the offered session id came
// back. With a ticket and an id of the client's own making an echo is the sign of acceptance (RFC 5077 3.4).
bool is_resumed(const ServerHello& hello, const HelloSpec& spec);

// Ticketbleed (CVE-2016-9244): a ticket with a session id shorter than 32 bytes comes back longer, filled up from
// memory. Returns how many bytes leaked.
std::size_t ticketbleed_leak(const ServerHello& hello, const HelloSpec& spec);

}  // namespace wiretight::tls
