//===- series.h - Series as an input's numbers ----------------------------===//
// What all readers of series share: their widths and their scales.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_SERIES_H
#define SEQC_RUNTIME_DATA_SERIES_H

#include "runtime/data/recipe.h"
#include "runtime/data/samples.h"
#include "runtime/data/slots.h"

namespace seqc::data {

/// Throws runtime::Error where an input f32[T, I], f32[T] or f32[I] does not
/// take `width` numbers a step. `data` says whose they are.
void checkWidth(const InputSpec &input, int64_t width, const std::string &data);

/// Adds series, or vectors, of `width` numbers a step, which the input takes.
void addNumbers(const InputSpec &input,
                const std::vector<std::vector<float>> &values, int64_t width,
                Samples &samples);

/// Means and deviations of columns of numbers, in one pass and in double
/// (Welford, 1962). A column that does not vary has deviation 1.
class ScaleLearner {
public:
  explicit ScaleLearner(std::vector<std::string> columns);

  /// One step: a number of each column.
  void add(const float *numbers);

  /// Adds the columns' scales to the recipe, but for those that it has.
  void finish(Recipe &recipe) const;

private:
  std::vector<std::string> columns;
  int64_t count = 0;
  std::vector<double> means, squares;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_SERIES_H
