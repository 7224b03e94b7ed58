#include "sources/certificate/trust.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sources/certificate/fixture.h"

using namespace wiretight::certificate;
using namespace wiretight::certificate::test;

namespace {

// The name that c_rehash gives it.
std::string hashed_name(const Issued& issued, int number = 0) {
  return fmt::format("{:08x}.{}", X509_subject_name_hash(issued.x509.get()), number);
}

std::size_t found(const TrustStore& trust, const Issued& issued) {
  return trust.state().find(X509_get_subject_name(issued.x509.get())).size();
}

// Sets a variable of the environment as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_.empty())
      unsetenv(name_);
    else
      setenv(name_, before_.c_str(), 1);
  }

 private:
  const char* name_;
  std::string before_;
};

}  // namespace

TEST_CASE("a folder of hashed names is asked for one subject at a time") {
  const Folder folder;
  const Issued one = authority("One"), other = authority("Other");
  folder.write(hashed_name(one), one.pem());
  folder.write("unrelated.pem", other.pem());
  const TrustStore trust("", folder.path());
  CHECK(trust.origin() == folder.path());
  CHECK(trust.state().usable());
  CHECK(found(trust, one) == 1);
  CHECK(found(trust, one) == 1);
  CHECK(found(trust, other) == 0);
  // What was not there is looked up again.
  folder.write(hashed_name(other), other.pem());
  CHECK(found(trust, other) == 1);
}

TEST_CASE("certificates with one name stand in numbered files, and damaged ones are passed over") {
  const Folder folder;
  const Issued old = authority("Renewed");
  const Issued fresh = issue({.subject = "Renewed", .extensions = of_authority(), .key = key_called("fresh")});
  folder.write(hashed_name(old, 0), "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n");
  folder.write(hashed_name(old, 1), old.pem());
  folder.write(hashed_name(old, 2), fresh.pem() + old.pem());
  folder.write(hashed_name(old, 4), fresh.pem());
  const TrustStore trust("", folder.path());
  CHECK(found(trust, old) == 2);
}

TEST_CASE("a bundle is searched by subject, with comments, other blocks and damage in it") {
  const Folder folder;
  const Issued first = authority("First"), second = authority("Second"), absent = authority("Absent");
  const std::string file = folder.write(
      "bundle.pem", "# First\n" + first.pem() +
                        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN X509 CRL-----\nMAA=\n"
                        "-----END X509 CRL-----\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                        "DEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\nSecond\n" +
                        second.pem() + "-----BEGIN CERTIFICATE-----\nMIIC");
  const TrustStore trust(file, "");
  CHECK(trust.origin() == file);
  CHECK(found(trust, first) == 1);
  CHECK(found(trust, second) == 1);
  CHECK(found(trust, absent) == 0);
}

TEST_CASE("names are compared as RFC 5280 has it, not byte by byte") {
  const Folder folder;
  const Issued written = authority("Example  Root"), asked = authority("example root");
  const TrustStore trust(folder.write("bundle.pem", written.pem()), "");
  CHECK(found(trust, asked) == 1);
}

TEST_CASE("a place that is not there or holds nothing is none") {
  const Folder folder;
  CHECK(TrustStore(folder.path() + "/missing.pem", folder.path() + "/missing").origin().empty());
  CHECK_FALSE(TrustStore("", "").state().usable());
  // A folder whose files are not named by hashes.
  folder.write("root.pem", authority("Root").pem());
  CHECK(TrustStore("", folder.path()).origin().empty());
  const TrustStore empty(folder.write("empty.pem", "nothing\n"), "");
  CHECK_FALSE(empty.state().usable());
}

TEST_CASE("the environment says where to look") {
  const Folder folder;
  const Issued in_file = authority("In file"), in_folder = authority("In folder");
  folder.write(hashed_name(in_folder), in_folder.pem());
  const Variable file("SSL_CERT_FILE", folder.write("bundle.pem", in_file.pem()));
  const Variable folders("SSL_CERT_DIR", "/nowhere:" + folder.path());
  const TrustStore trust;
  CHECK(trust.origin() == folder.path() + "/bundle.pem, " + folder.path());
  CHECK(found(trust, in_file) == 1);
  CHECK(found(trust, in_folder) == 1);
}
