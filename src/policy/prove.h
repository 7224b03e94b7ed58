#pragma once

#include "facts/proof.h"
#include "policy/decide.h"

namespace wiretight::policy {

// Decides the question and says all there is to say about it, as a fact. Its target is left empty.
wiretight::Proof prove(const Situation& situation, const Question& question);

}  // namespace wiretight::policy
