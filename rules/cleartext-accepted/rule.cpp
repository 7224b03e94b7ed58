#include "engine/rule.h"

#include <fmt/format.h>

#include "core/prose.h"

namespace wiretight::rules {
namespace {

std::string reach_of(const Listener& listener) {
  if (listener.aws_managed) return "; Amazon answers on this port and its customers cannot close it";
  if (listener.destination == Destination::loopback)
    return "; it was seen over loopback, and who else can reach it was not seen";
  return "";
}

}  // namespace

// Reports a port that takes DynamoDB requests over plain HTTP, with TLS beside it or not. HTTP that is nothing like
// DynamoDB and errors that ask for TLS are let pass; a redirect is cleartext-redirect.
extern const Rule cleartext_accepted{
    .name = "cleartext-accepted",
    .check = over<Listener>([](const Listener& listener, Findings& out) {
      const CleartextAnswer& answer = listener.cleartext;
      if (answer.kind != CleartextKind::dynamodb) return;
      Json signs = Json::array();
      for (const std::string& sign : answer.signs) signs.push(sign);
      Draft draft = out.add(listener, severity_of_exposure(listener));
      draft
          .says("{} answers DynamoDB requests over plain HTTP{}{}{}.", listener.endpoint(),
                answer.product.empty() ? "" : fmt::format(" ({})", answer.product),
                listener.tls.is(true) ? ", on the port that also speaks TLS" : "", reach_of(listener))
          .shows("status", answer.status)
          .shows("server", answer.server)
          .shows("product", answer.product)
          .shows("amazon", answer.aws)
          .shows("likeness", answer.score)
          .shows("signs", std::move(signs))
          .shows("tlsOnSamePort", listener.tls.is(true))
          .shows("sibling", listener.sibling);
      if (!listener.aws_managed) return;
      draft.caps(provider_cap)
          .shows("providerSide", true)
          .step(
              "Amazon keeps port 80 open: deny every request with \"aws:SecureTransport\": \"false\" in the table's "
              "resource policy, the identity's policies or a service control policy.")
          .step("Let nothing out on port 80: no egress rule of a security group or firewall that allows it.");
    }),
};

}  // namespace wiretight::rules
