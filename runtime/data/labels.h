//===- labels.h - Classes as an input's numbers ---------------------------===//
// What all readers of classes share.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_LABELS_H
#define SEQC_RUNTIME_DATA_LABELS_H

#include "runtime/data/recipe.h"
#include "runtime/data/samples.h"
#include "runtime/data/slots.h"

#include <functional>

namespace seqc::data {

/// The number of a class. Throws runtime::Error, with its place, where it is
/// none of the recipe's.
int64_t labelOf(const std::string &name, const std::string &place,
                const Recipe &recipe);

/// Adds each sample's class to the samples: a token, or 0 and 1 of a number.
/// `classOf` is the name of the class at an address. Throws runtime::Error
/// where a class is none of the recipe's.
void addLabels(const InputSpec &input, const std::vector<int64_t> &addresses,
               const std::function<std::string(int64_t)> &classOf,
               const std::function<std::string(int64_t)> &placeOf,
               const Recipe &recipe, Samples &samples);

/// Throws runtime::Error where `input` has no room for so many classes. `data`
/// says whose they are.
void checkClasses(const InputSpec &input, size_t classes,
                  const std::string &data);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_LABELS_H
