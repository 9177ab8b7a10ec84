//===- Suggest.h - The name that was probably meant -----------------------===//
// Owns the measure of how far two names are apart.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_DIAG_SUGGEST_H
#define SEQC_DSL_DIAG_SUGGEST_H

#include <string>
#include <string_view>
#include <vector>

namespace seqc::dsl {

/// A hint ("did you mean `weights`?") with the nearest of `candidates`, or ""
/// where none is near.
std::string didYouMean(std::string_view name,
                       const std::vector<std::string_view> &candidates);

/// Whether `name` is probably a slip of the pen for `meant`: a letter too many
/// or too few, two of them in the wrong order, another case; in a longer name
/// one wrong letter.
bool isMisspelling(std::string_view name, std::string_view meant);

} // namespace seqc::dsl

#endif // SEQC_DSL_DIAG_SUGGEST_H
