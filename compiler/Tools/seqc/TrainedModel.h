//===- TrainedModel.h - A model out of one file ---------------------------===//
// What `seqc train --data` left, ready to be judged and used.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TRAINEDMODEL_H
#define SEQC_COMPILER_TOOLS_SEQC_TRAINEDMODEL_H

#include "compiler/Seqc.h"
#include "compiler/Tools/seqc/ModelOptions.h"
#include "runtime/fit/model_file.h"
#include "runtime/fit/prediction.h"

namespace seqc::tool {

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

private:
  runtime::TensorMap weights;
  fit::ModelDescription description;
  CompileOptions options;
  SourceText source;
  runtime::Interface asked;
};

/// Runs a model on the model's own inputs among `batch`, and reads what it
/// says.
std::vector<fit::Prediction> predict(const Model &model,
                                     const fit::PredictionReader &reader,
                                     const runtime::TensorMap &batch,
                                     seqc_team *team);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TRAINEDMODEL_H
