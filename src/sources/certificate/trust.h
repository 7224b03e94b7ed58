#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sources/certificate/handles.h"
#include "sources/certificate/judge.h"

namespace wiretight::certificate {

struct TrustStore::State {
  // The trusted certificates that have this subject, owned here and kept. What is not found is not remembered, so that
  // a list of foreign names leaves nothing behind.
  const std::vector<Cert>& find(const X509_NAME* subject);
  // False when there is no place to look, or nothing that could be read there.
  bool usable();

  std::vector<std::string> folders = {};  // of files named by OpenSSL's hash of the subject
  std::string file = {};                  // a bundle
  std::string origin = {};

 private:
  // Where a certificate of the bundle stands. Its bytes are read again when it is wanted.
  struct Entry {
    unsigned long subject = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
  };
  const std::vector<Entry>& index();

  std::optional<std::vector<Entry>> index_ = {};
  std::unordered_map<unsigned long, std::vector<Cert>> found_ = {};
};

}  // namespace wiretight::certificate
