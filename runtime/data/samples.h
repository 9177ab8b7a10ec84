//===- samples.h - Samples of a data set, in memory -----------------------===//
// Owns their values by name, each sample as long as it is; padding is made
// batch by batch.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_SAMPLES_H
#define SEQC_RUNTIME_DATA_SAMPLES_H

#include "runtime/services/tensor.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace seqc::data {

class Samples {
public:
  /// What every sample has under one name: all samples must have as many values
  /// as those that were added before (else runtime::Error).
  ///
  /// A sequence of tokens: token[T].
  void addTokens(const std::string &name,
                 const std::vector<std::vector<int64_t>> &tokens);
  /// A sequence of rows of `width` numbers, which follow each other:
  /// f32[T, width]; without a width f32[T].
  void addSeries(const std::string &name,
                 const std::vector<std::vector<float>> &series,
                 std::optional<int64_t> width);
  /// `width` numbers: f32[width].
  void addVectors(const std::string &name,
                  const std::vector<std::vector<float>> &vectors,
                  int64_t width);
  /// One number, or one token: a label.
  void addNumbers(const std::string &name, std::vector<float> numbers);
  void addTokens(const std::string &name, std::vector<int64_t> tokens);

  int64_t count() const { return samples < 0 ? 0 : samples; }

  /// The steps of the sample's longest sequence; 1 where it has none.
  int64_t length(int64_t sample) const;

  /// The numbers of a step, or of a vector, that samples have under a name;
  /// nothing where each is one number or token.
  std::optional<int64_t> width(const std::string &name) const;

  /// What each sample has under a name, where that is one number or token, or
  /// one at each step; nothing where it is anything else.
  std::optional<std::vector<std::vector<double>>>
  numbers(const std::string &name) const;

  /// The values of some samples, as a call takes them: [B, ...] each, sequences
  /// padded with zeros to the longest of the batch, and with `NAME.lengths`
  /// where they are not all as long.
  runtime::TensorMap batch(const std::vector<int64_t> &rows) const;

private:
  /// All samples' values of one name, one behind the other.
  struct Column {
    runtime::ElementType type;
    bool isSequence;
    /// Of a step; nothing where it is one value and no axis.
    std::optional<int64_t> width;
    /// The first step of each sample, then the end.
    std::vector<int64_t> steps;
    std::vector<float> numbers;
    std::vector<int64_t> tokens;

    int64_t length(int64_t sample) const {
      return steps[sample + 1] - steps[sample];
    }
    int64_t valuesOfStep() const { return width.value_or(1); }
    const void *at(int64_t step) const;
  };

  Column &add(const std::string &name, runtime::ElementType type,
              bool isSequence, std::optional<int64_t> width, size_t count);
  runtime::Tensor padded(const Column &column, const std::string &name,
                         const std::vector<int64_t> &rows) const;

  /// None yet: -1.
  int64_t samples = -1;
  std::vector<std::pair<std::string, Column>> columns;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_SAMPLES_H
