#include "sources/certificate/trust.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <openssl/pem.h>

#include "core/file.h"
#include "core/text.h"

namespace wiretight::certificate {
namespace {

constexpr std::uint64_t most_bundle_bytes = 16 * 1024 * 1024;
constexpr std::uint64_t most_file_bytes = 256 * 1024;
constexpr int most_of_one_hash = 32;  // files 01234567.0, 01234567.1 …

// Debian, Ubuntu, Alpine, Arch and openSUSE; Fedora and RHEL; the BSDs.
constexpr std::array folders_of_systems = {"/etc/ssl/certs", "/etc/pki/tls/certs", "/usr/local/etc/ssl/certs"};
// Debian and Alpine; Fedora and RHEL; openSUSE; Alpine, OpenBSD and macOS; Homebrew; FreeBSD.
constexpr std::array bundles_of_systems = {"/etc/ssl/certs/ca-certificates.crt",
                                           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                           "/etc/pki/tls/certs/ca-bundle.crt",
                                           "/etc/ssl/ca-bundle.pem",
                                           "/etc/ssl/cert.pem",
                                           "/opt/homebrew/etc/openssl@3/cert.pem",
                                           "/usr/local/etc/openssl@3/cert.pem",
                                           "/usr/local/share/certs/ca-root-nss.crt"};

// "01234567.0": what c_rehash names a link.
bool is_hashed_name(std::string_view name) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() > 9 && name[8] == '.' && std::ranges::all_of(name.substr(0, 8), is_hex) && name[9] >= '0' &&
         name[9] <= '9';
}

bool has_hashed_names(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (is_hashed_name(at->path().filename().native())) return true;
  return false;
}

bool is_file(const std::string& path) {
  std::error_code error;
  return !path.empty() && std::filesystem::is_regular_file(path, error);
}

unsigned long hash_of_name(const X509_NAME* name) { return X509_NAME_hash_ex(name, nullptr, nullptr, nullptr); }

constexpr std::string_view begin_mark = "-----BEGIN ";

// Nobody is asked for the password of an encrypted block.
int no_password(char*, int, int, void*) { return -1; }

Bio reader_of(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// Appends every certificate of a PEM text that has this subject and is not there yet.
void keep_certificates(std::string_view pem, const X509_NAME* subject, std::vector<Cert>& into) {
  const QuietErrors quiet;
  const Bio bio = reader_of(pem);
  for (;;) {
    Cert certificate(PEM_read_bio_X509_AUX(bio.get(), nullptr, no_password, nullptr));
    if (!certificate) return;
    if (!same_name(X509_get_subject_name(certificate.get()), subject)) continue;
    const bool known =
        std::ranges::any_of(into, [&](const Cert& other) { return X509_cmp(other.get(), certificate.get()) == 0; });
    if (!known) into.push_back(std::move(certificate));
  }
}

// The subject of a DER certificate without parsing its other parts. RFC 5280 4.1: version [0], serial, signature,
// issuer, validity, subject.
Name subject_of(const unsigned char* at, const unsigned char* end) {
  long length = 0;
  int tag = 0;
  int kind = 0;
  const auto enter = [&] { return (ASN1_get_object(&at, &length, &tag, &kind, end - at) & 0x80) == 0; };
  if (!enter() || tag != V_ASN1_SEQUENCE || !enter() || tag != V_ASN1_SEQUENCE) return {};
  int parts_before = 4;
  for (bool first = true; parts_before > 0; first = false) {
    if (!enter()) return {};
    at += length;
    if (!first || kind != V_ASN1_CONTEXT_SPECIFIC) --parts_before;
  }
  return Name(d2i_X509_NAME(nullptr, &at, end - at));
}

Name subject_of_block(std::string_view pem) {
  const Bio bio = reader_of(pem);
  char* kind = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long length = 0;
  Name subject;
  if (PEM_read_bio(bio.get(), &kind, &header, &der, &length) == 1 && std::string_view(kind).ends_with("CERTIFICATE"))
    subject = subject_of(der, der + length);
  OPENSSL_free(kind);
  OPENSSL_free(header);
  OPENSSL_free(der);
  return subject;
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

const std::vector<TrustStore::State::Entry>& TrustStore::State::index() {
  if (index_) return *index_;
  index_.emplace();
  const QuietErrors quiet;
  const auto text = read_file(file, most_bundle_bytes);
  if (!text) return *index_;
  for (std::size_t at = text->find(begin_mark); at != std::string::npos; at = text->find(begin_mark, at + 1)) {
    const std::size_t length = std::min(text->find(begin_mark, at + 1), text->size()) - at;
    if (const Name subject = subject_of_block(std::string_view(*text).substr(at, length)))
      index_->push_back({hash_of_name(subject.get()), at, length});
  }
  return *index_;
}

const std::vector<Cert>& TrustStore::State::find(const X509_NAME* subject) {
  static const std::vector<Cert> none;
  const unsigned long hash = hash_of_name(subject);
  // Two names with one hash are unheard of; if there are, the second is looked up each time.
  if (const auto known = found_.find(hash);
      known != found_.end() && same_name(X509_get_subject_name(known->second.front().get()), subject))
    return known->second;

  std::vector<Cert> found;
  for (const std::string& folder : folders) {
    for (int number = 0; number < most_of_one_hash; ++number) {
      const auto text = read_file(fmt::format("{}/{:08x}.{}", folder, hash, number), most_file_bytes);
      if (!text) break;
      keep_certificates(*text, subject, found);
    }
  }
  if (!file.empty() && std::ranges::any_of(index(), [&](const Entry& entry) { return entry.subject == hash; })) {
    if (const auto text = read_file(file, most_bundle_bytes))
      for (const Entry& entry : index())
        if (entry.subject == hash && entry.offset + entry.length <= text->size())
          keep_certificates(std::string_view(*text).substr(entry.offset, entry.length), subject, found);
  }
  if (found.empty()) return none;
  return found_.insert_or_assign(hash, std::move(found)).first->second;
}

bool TrustStore::State::usable() { return !folders.empty() || (!file.empty() && !index().empty()); }

TrustStore::TrustStore() : state_(std::make_unique<State>()) {
  const std::string_view file = variable("SSL_CERT_FILE"), folder = variable("SSL_CERT_DIR");
  if (!file.empty() || !folder.empty()) {
    *this = TrustStore(std::string(file), std::string(folder));
    return;
  }
  for (const char* path : folders_of_systems) {
    if (!has_hashed_names(path)) continue;
    *this = TrustStore("", path);
    return;
  }
  for (const char* path : bundles_of_systems) {
    if (!is_file(path)) continue;
    *this = TrustStore(path, "");
    return;
  }
}

TrustStore::TrustStore(const std::string& file, const std::string& folder) : state_(std::make_unique<State>()) {
  std::vector<std::string> places;
  if (is_file(file)) places.push_back(state_->file = file);
  // Several folders between colons, as OpenSSL takes them.
  for (std::string_view one : split(folder, ':')) {
    if (one.empty() || !has_hashed_names(std::string(one))) continue;
    state_->folders.emplace_back(one);
    places.emplace_back(one);
  }
  state_->origin = join(places, ", ");
}

TrustStore::~TrustStore() = default;
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore& TrustStore::operator=(TrustStore&&) noexcept = default;

const std::string& TrustStore::origin() const { return state_->origin; }

}  // namespace wiretight::certificate
