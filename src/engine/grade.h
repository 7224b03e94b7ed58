#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/finding.h"
#include "engine/results.h"

// The grade is a pure function of the findings (endpoints.md 7.3): 100 less what each takes off, and no better than the
// lowest cap. Every line of it is explained. What was not completely assessed has none: see Results.
namespace wiretight {

// Of one target, from all of its findings that are not suppressed: also of those below the severity that is reported.
// One line a rule that moves the score, however many findings it has; what limits the score most comes first.
Grade grade(std::span<const Finding* const> findings);

std::string_view letter_of(int score);

// The grade of a scan is that of its worst target: of two alike, of the one that is first by name. Folds `of_target`
// into `worst`, for targets that are not kept.
void fold_worst(std::optional<Grade>& worst, const Grade& of_target);

}  // namespace wiretight
