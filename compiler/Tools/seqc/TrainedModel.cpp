//===- TrainedModel.cpp - A model out of one file -------------------------===//
// Compiles what the file says it was compiled from.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/TrainedModel.h"

#include "compiler/Driver/Interface.h"
#include "compiler/Driver/Training.h"
#include "runtime/fit/batch_loader.h"
#include "runtime/services/safetensors.h"

#include <algorithm>

namespace seqc::tool {

void addTrainedModel(CLI::App &command, std::string &path) {
  command
      .add_option("MODEL", path,
                  "the model, a .safetensors file that `seqc train --data` "
                  "wrote")
      ->required();
}

static Precision precisionNamed(const std::string &name,
                                const std::string &file) {
  const auto *found =
      std::find(kPrecisionNames.begin(), kPrecisionNames.end(), name);
  if (found == kPrecisionNames.end())
    throw Error("`" + file + "` has products of `" + name +
                "`, which this seqc does not know");
  return static_cast<Precision>(found - kPrecisionNames.begin());
}

TrainedModel::TrainedModel(const std::string &path, const CompileOptions &given)
    : options(given) {
  runtime::Safetensors file = runtime::readSafetensors(path);
  description = fit::descriptionOf(file.metadata, path);
  weights = std::move(file.tensors);
  options.settings = description.text.settings;
  options.model = description.text.model;
  options.precision = precisionNamed(description.text.precision, path);
  source = {description.text.file, description.text.source,
            description.text.imports};
  asked = readInterface(source, options);
}

Model TrainedModel::model() const {
  Model model = Model::fromSource(source, options);
  model.setWeights(runtime::viewsOf(weights));
  return model;
}

Trainer TrainedModel::trainer(int32_t threads) const {
  TrainOptions training;
  training.threads = threads;
  Trainer trainer(compileTraining(source, options), training);
  trainer.setWeights(runtime::viewsOf(weights));
  return trainer;
}

StateGradients TrainedModel::stateGradients() const {
  StateGradients gradients = StateGradients::fromSource(source, options);
  gradients.setWeights(runtime::viewsOf(weights));
  return gradients;
}

/// Of the input whose first axis is the result's, by the name that it has in
/// the model; empty where there is none, or all samples are full.
static std::vector<int64_t> lengthsOf(const runtime::Interface &interface,
                                      const runtime::ResultSpec &result,
                                      const runtime::ViewMap &inputs) {
  if (result.axes.empty() || !result.axes.front().isLength)
    return {};
  for (const runtime::InputSpec &input : interface.inputs) {
    const auto found = inputs.find(input.name + ".lengths");
    if (found == inputs.end() ||
        input.axes.front().text != result.axes.front().text)
      continue;
    const runtime::Tensor copy = runtime::Tensor::copyOf(found->second);
    return {copy.data<int64_t>(), copy.data<int64_t>() + copy.size()};
  }
  return {};
}

static std::vector<fit::Prediction> predict(const Model &model,
                                            const runtime::Interface &interface,
                                            const fit::PredictionReader &reader,
                                            const runtime::TensorMap &batch,
                                            seqc_team *team) {
  runtime::ViewMap inputs;
  for (const runtime::TensorSpec &input : model.signature().inputs)
    for (const std::string &name : {input.name, input.name + ".lengths"})
      if (auto found = batch.find(name); found != batch.end())
        inputs.emplace(name, found->second);
  RunOptions options;
  options.team = team;
  const RunResult result = model.run(inputs, options);
  return reader.read(result.outputs.at(reader.result().name),
                     lengthsOf(interface, reader.result(), inputs));
}

std::vector<fit::Prediction> predictAll(const Model &model,
                                        const runtime::Interface &interface,
                                        const fit::PredictionReader &reader,
                                        const data::Samples &samples,
                                        seqc_team *team) {
  constexpr int64_t kBatch = 32;
  std::vector<fit::Prediction> predictions(
      static_cast<size_t>(samples.count()));
  for (const std::vector<int64_t> &rows :
       fit::batchesByLength(samples, kBatch)) {
    std::vector<fit::Prediction> found =
        predict(model, interface, reader, samples.batch(rows), team);
    for (size_t i = 0; i < rows.size(); ++i)
      predictions[static_cast<size_t>(rows[i])] = std::move(found[i]);
  }
  return predictions;
}

std::string className(int64_t label, const std::vector<std::string> &classes) {
  return label >= 0 && label < std::ssize(classes)
             ? classes[static_cast<size_t>(label)]
             : std::to_string(label);
}

std::string classNames(const std::vector<int64_t> &labels,
                       const std::vector<std::string> &classes) {
  std::string names;
  for (int64_t label : labels)
    names += (names.empty() ? "" : " ") + className(label, classes);
  return names;
}

} // namespace seqc::tool
