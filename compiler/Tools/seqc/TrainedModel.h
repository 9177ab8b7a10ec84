//===- TrainedModel.h - A model out of one file ---------------------------===//
// What `seqc train --data` left, ready to be judged and used.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TRAINEDMODEL_H
#define SEQC_COMPILER_TOOLS_SEQC_TRAINEDMODEL_H

#include "compiler/Seqc.h"
#include "compiler/Tools/seqc/ModelOptions.h"
#include "runtime/data/samples.h"
#include "runtime/fit/model_file.h"
#include "runtime/fit/prediction.h"

namespace seqc::tool {

/// Adds MODEL, the file of a trained model.
void addTrainedModel(CLI::App &command, std::string &path);

class TrainedModel {
public:
  /// Reads the file; throws runtime::Error. Nothing is compiled yet.
  TrainedModel(const std::string &path, const CompileOptions &options);

  const data::Recipe &recipe() const { return description.recipe; }
  /// What the `train` block asks of data.
  const runtime::Interface &interface() const { return asked; }

  /// The model with its weights.
  Model model() const;
  /// The same as the `train` block measures it.
  Trainer trainer(int32_t threads) const;
  StateGradients stateGradients() const;

private:
  runtime::TensorMap weights;
  fit::ModelDescription description;
  CompileOptions options;
  SourceText source;
  runtime::Interface asked;
};

/// What a model says of all samples, in their order. They may hold targets,
/// which it does not take.
std::vector<fit::Prediction> predictAll(const Model &model,
                                        const runtime::Interface &interface,
                                        const fit::PredictionReader &reader,
                                        const data::Samples &samples,
                                        seqc_team *team);

/// The class of a number, which is its name where there are no names.
std::string className(int64_t label, const std::vector<std::string> &classes);

/// The class at each step, with spaces between them.
std::string classNames(const std::vector<int64_t> &labels,
                       const std::vector<std::string> &classes);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TRAINEDMODEL_H
