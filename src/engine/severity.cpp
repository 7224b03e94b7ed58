#include "engine/rule.h"

namespace wiretight {

Severity severity_by_destination(Destination destination) {
  switch (destination) {
    case Destination::aws_dynamodb:
    case Destination::aws_dax:
    case Destination::aws_other:
    case Destination::public_host:
      return Severity::critical;
    case Destination::unknown:
    case Destination::private_network:
    case Destination::vpc_endpoint:
      return Severity::high;
    case Destination::loopback:
    case Destination::emulator:
      return Severity::low;
  }
  return Severity::high;
}

}  // namespace wiretight
