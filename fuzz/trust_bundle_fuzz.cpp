#include <cstdint>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

#include "require.h"
#include "sources/certificate/trust.h"

// A bundle of trusted certificates, as --ca names one. Beyond "no crash": what is found has the name that was asked
// for, and the certificate that OpenSSL reads from a text of one block is found by its name. Of several blocks OpenSSL
// reads one without an end as well, which is no certificate here.
namespace {

using namespace wiretight::certificate;

constexpr std::string_view begin_mark = "-----BEGIN ";

// A file that lives in memory for as long as the object.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("bundle", MFD_CLOEXEC)) {
    require(descriptor_ >= 0 && ::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_;
};

Cert first_of(std::string_view pem) {
  const QuietErrors quiet;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const auto no_password = [](char*, int, int, void*) { return -1; };
  return Cert(PEM_read_bio_X509_AUX(bio.get(), nullptr, no_password, nullptr));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const MemoryFile file(text);
  const TrustStore store(file.path(), "");
  const Cert first = first_of(text);
  if (!first) {
    store.state().usable();
    return 0;
  }
  const X509_NAME* subject = X509_get_subject_name(first.get());
  const auto& found = store.state().find(subject);
  const bool one_block = text.find(begin_mark) == text.rfind(begin_mark);
  if (one_block) require(!found.empty() && store.state().usable());
  for (const Cert& certificate : found) require(same_name(X509_get_subject_name(certificate.get()), subject));
  return 0;
}
