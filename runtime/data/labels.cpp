//===- labels.cpp - Classes as an input's numbers -------------------------===//
// From names to places in the recipe's list.
//===----------------------------------------------------------------------===//

#include "runtime/data/labels.h"

#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace seqc::data {

using runtime::ElementType;
using runtime::Error;

void checkClasses(const InputSpec &input, size_t classes,
                  const std::string &data) {
  if (input.element == ElementType::F32) {
    if (classes > 2)
      throw Error(fmt::format("{}, but {} is one number, which can tell two "
                              "apart: `token<C>` takes one of C classes",
                              data, describe(input)));
    return;
  }
  const runtime::SizeSpec &tokens = input.tokens;
  if (tokens.isFixed && tokens.value &&
      static_cast<size_t>(*tokens.value) < classes)
    throw Error(fmt::format(
        "{}, but {} takes one of {}{}", data, describe(input), *tokens.value,
        tokens.dimension.empty()
            ? ""
            : fmt::format(": leave `--set {}` out", tokens.dimension)));
}

int64_t labelOf(const std::string &name, const std::string &place,
                const Recipe &recipe) {
  const auto found =
      std::find(recipe.classes.begin(), recipe.classes.end(), name);
  if (found == recipe.classes.end())
    throw Error(fmt::format("{}: the class `{}` was not among those that were "
                            "learnt: {}",
                            place, name, fmt::join(recipe.classes, ", ")));
  return found - recipe.classes.begin();
}

void addLabels(const InputSpec &input, const std::vector<int64_t> &addresses,
               const std::function<std::string(int64_t)> &classOf,
               const std::function<std::string(int64_t)> &placeOf,
               const Recipe &recipe, Samples &samples) {
  std::vector<int64_t> labels;
  for (int64_t address : addresses)
    labels.push_back(labelOf(classOf(address), placeOf(address), recipe));
  if (input.element == ElementType::Token)
    samples.addTokens(input.name, std::move(labels));
  else
    samples.addNumbers(input.name, {labels.begin(), labels.end()});
}

} // namespace seqc::data
