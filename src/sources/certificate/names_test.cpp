#include <doctest/doctest.h>
#include <openssl/x509v3.h>
#include <rapidcheck.h>

#include "core/host.h"
#include "sources/certificate/certificate.h"
#include "sources/certificate/fixture.h"

using namespace wiretight;
using namespace wiretight::certificate;

namespace {

bool one_covers(const std::string& name, std::string_view host) { return covers(std::span(&name, 1), host); }

}  // namespace

TEST_CASE("names cover hosts as RFC 9525 has it") {
  CHECK(one_covers("db.example", "db.example"));
  CHECK(one_covers("DB.Example", "db.example"));
  CHECK(one_covers("db.example", "db.example."));
  CHECK(one_covers("my_db.example", "my_db.example"));
  CHECK(one_covers("localhost", "localhost"));
  CHECK_FALSE(one_covers("db.example", "www.db.example"));
  CHECK_FALSE(one_covers("db.example", "example"));
  CHECK_FALSE(one_covers("db.example.", "db.example"));
  CHECK_FALSE(one_covers("", ""));
  CHECK_FALSE(one_covers("", "db.example"));
  CHECK_FALSE(covers({}, "db.example"));
  const std::vector<std::string> names = {"a.example", "b.example"};
  CHECK(covers(names, "b.example"));
}

TEST_CASE("a wildcard is the whole left-most label and covers exactly one") {
  CHECK(one_covers("*.db.example", "a.db.example"));
  CHECK(one_covers("*.db.example", "xn--bcher-kva.db.example"));
  CHECK_FALSE(one_covers("*.db.example", "db.example"));
  CHECK_FALSE(one_covers("*.db.example", ".db.example"));
  CHECK_FALSE(one_covers("*.db.example", "b.a.db.example"));
  CHECK_FALSE(one_covers("a*.db.example", "ab.db.example"));
  CHECK_FALSE(one_covers("*a.db.example", "ba.db.example"));
  CHECK_FALSE(one_covers("xn--*.db.example", "xn--a.db.example"));
  CHECK_FALSE(one_covers("a.*.example", "a.b.example"));
  CHECK_FALSE(one_covers("*.*.example", "a.b.example"));
  CHECK_FALSE(one_covers("**.db.example", "a.db.example"));
  CHECK_FALSE(one_covers("*", "example"));
  CHECK_FALSE(one_covers("*.", "example."));
  CHECK_FALSE(one_covers("*.com", "example.com"));
  CHECK_FALSE(one_covers("*.localhost", "db.localhost"));
  CHECK_FALSE(one_covers("*.db.example", "*.db.example"));
  CHECK_FALSE(one_covers("*..example", "a..example"));
}

TEST_CASE("addresses are covered by IP names only, in any spelling") {
  CHECK(one_covers("192.0.2.7", "192.0.2.7"));
  CHECK_FALSE(one_covers("192.0.2.7", "192.0.2.8"));
  CHECK_FALSE(one_covers("DNS:192.0.2.7", "192.0.2.7"));
  CHECK_FALSE(one_covers("*.0.2.7", "192.0.2.7"));
  CHECK(one_covers("2001:db8::7", "2001:DB8:0:0::7"));
  CHECK(one_covers("fe80::1", "fe80::1%eth0"));
  CHECK(one_covers("127.0.0.1", "127.1"));
  CHECK(one_covers("192.0.2.7", "::ffff:192.0.2.7"));
  CHECK_FALSE(one_covers("::1", "127.0.0.1"));
  CHECK_FALSE(one_covers("::", "0.0.0.0"));
}

TEST_CASE("OpenSSL agrees about names of every shape") {
  const auto label = rc::gen::element<std::string>("a", "b", "*", "a*", "xn--a", "a-b");
  const auto dotted = rc::gen::map(rc::gen::container<std::vector<std::string>>(label), [](auto labels) {
    labels.resize(std::min<std::size_t>(labels.size(), 4));
    std::string out;
    for (const std::string& one : labels) out += (out.empty() ? "" : ".") + one;
    return out;
  });
  CHECK(rc::check([&] {
    const std::string name = *dotted;
    // OpenSSL takes a host that is a pattern literally; nobody asks for such a host.
    const std::string host = *rc::gen::suchThat(
        dotted, [](const std::string& one) { return !one.empty() && one.find('*') == std::string::npos; });
    if (name.empty()) return;
    const test::Issued issued = test::issue({.extensions = {{"subjectAltName", "DNS:" + name}}});
    const bool expected =
        X509_check_host(issued.x509.get(), host.c_str(), host.size(),
                        X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
    RC_ASSERT(one_covers(name, host) == expected);
  }));
}
