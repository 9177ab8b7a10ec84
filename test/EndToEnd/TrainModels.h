//===- TrainModels.h - Golden models with `train` blocks ------------------===//
// Owns texts and batches of the models that the tests of training train.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_ENDTOEND_TRAINMODELS_H
#define SEQC_TEST_ENDTOEND_TRAINMODELS_H

#include "compiler/Seqc.h"
#include "test/EndToEnd/Models.h"

namespace seqc::endtoend {

/// What comes with each sample besides the inputs.
struct Target {
  std::string name;
  bool isOfSteps;
  runtime::Shape shape; ///< of one sample or step
  int64_t classes = 0;  ///< zero: any number
  runtime::ElementType type = runtime::ElementType::F32;
};

/// A model of an example, but trained in another way.
struct TrainedModel {
  GoldenModel model;
  /// Of the `train` block: `NAME(inputs and targets) -> results`, and the loss.
  std::string head;
  std::string loss;
  Target target;
  /// How the text drops out, and what stands there instead without it.
  std::vector<std::pair<std::string, std::string>> drops;
  /// The optimizer and what follows it, as in training.safetensors.
  std::string sgd = {}, adam = {};

  /// The text without dropout, or with it.
  std::string source(const std::string &optimizer, bool isDropping) const;
  /// The drawn inputs and targets of a case, by name, with lengths.
  runtime::TensorMap batch(const Case &call) const;
  /// The parameters of the golden files.
  runtime::TensorMap weights() const;
};

/// A stacked bidirectional LSTM, a classifier of texts, a forecaster, and an
/// encoder and decoder of words.
TrainedModel trainedStack();
TrainedModel trainedSentiment();
TrainedModel trainedTimeSeries();
TrainedModel trainedWords();

/// Writes the model's name; googletest asks for it.
inline void PrintTo(const TrainedModel &trained, std::ostream *stream) {
  *stream << trained.model.name;
}

} // namespace seqc::endtoend

#endif // SEQC_TEST_ENDTOEND_TRAINMODELS_H
