#pragma once

#include <string_view>

namespace wiretight::policy {

// What a policy is attached to.
enum class Layer { identity, boundary, session, scp, rcp, resource, endpoint };

std::string_view to_text(Layer layer);

}  // namespace wiretight::policy
