#include "sources/suite.h"

namespace wiretight {

CipherSuite suite_of(const tls::Suite& suite) {
  return {.code = suite.code,
          .name = std::string(suite.name),
          .key_exchange = std::string(tls::to_text(suite.key_exchange)),
          .authentication = std::string(tls::to_text(suite.authentication)),
          .cipher = std::string(tls::to_text(suite.cipher)),
          .mode = std::string(tls::to_text(suite.mode)),
          .mac = std::string(tls::to_text(suite.mac)),
          .bits = suite.bits,
          .export_grade = suite.is_export(),
          .anonymous = suite.is_anonymous(),
          .forward_secret = suite.is_forward_secret()};
}

}  // namespace wiretight
