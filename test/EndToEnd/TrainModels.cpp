//===- TrainModels.cpp - Golden models with `train` blocks ----------------===//
// Losses, rates and targets are those of test/Golden/training.py.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/TrainModels.h"

#include "test/EndToEnd/Calls.h"
#include "test/EndToEnd/Draw.h"

#include <stdexcept>

using namespace seqc::runtime;

namespace seqc::endtoend {

static constexpr uint32_t kTargetSite = 400;

/// Says `to` where the text says `from`, unless it says so already.
static void rewrite(std::string &text, const std::string &from,
                    const std::string &to) {
  if (size_t place = text.find(from); place != std::string::npos)
    text.replace(place, from.size(), to);
  else if (text.find(to) == std::string::npos)
    throw std::runtime_error("the example no longer says `" + from + "`");
}

std::string TrainedModel::source(const std::string &optimizer,
                                 bool isDropping) const {
  std::string text = model.source;
  // An example's own block, with what is said of it, stands behind its model.
  if (size_t block = text.find("\ntrain "); block != std::string::npos)
    text.resize(text.rfind("\n}\n", block) + 3);
  for (const auto &[dropping, plain] : drops)
    rewrite(text, isDropping ? plain : dropping, isDropping ? dropping : plain);
  return text + "\ntrain " + head + " {\n  loss = " + loss +
         "\n  optimizer = " + optimizer + "\n}\n";
}

static Tensor drawTarget(const Target &target, uint64_t seed, int64_t batch,
                         int64_t steps) {
  Shape shape = {batch};
  if (target.isOfSteps)
    shape.push_back(steps);
  shape.insert(shape.end(), target.shape.begin(), target.shape.end());
  if (!target.classes)
    return drawUniform(seed, kTargetSite, shape, 1);
  const Tensor drawn = drawBelow(seed, kTargetSite, shape, target.classes);
  if (target.type == ElementType::Token)
    return drawn;
  Tensor numbers(ElementType::F32, shape);
  for (int64_t i = 0; i < drawn.size(); ++i)
    numbers.data<float>()[i] = static_cast<float>(drawn.data<int64_t>()[i]);
  return numbers;
}

TensorMap TrainedModel::batch(const Case &call) const {
  const Inputs inputs = drawInputs(model, call);
  TensorMap batch;
  auto add = [&](const std::string &name, const std::string &dim,
                 const Tensor &tensor) {
    batch.emplace(name, tensor);
    if (!dim.empty() && call.isRagged)
      batch.emplace(name + ".lengths", inputs.lengths.at(dim[0]));
  };
  for (size_t i = 0; i < inputs.values.size(); ++i)
    add(model.inputs[i].name, inputs.dims[i], inputs.values[i]);
  const uint64_t seed = 1000 * model.ordinal + 1 + call.ordinal;
  add(target.name, target.isOfSteps ? "T" : "",
      drawTarget(target, seed, call.batch, inputs.longest.at('T')));
  return batch;
}

TensorMap TrainedModel::weights() const {
  TensorMap weights;
  for (const auto &[name, shape] : model.params) {
    const auto site = static_cast<uint32_t>(weights.size());
    weights.emplace(
        name, drawUniform(1000 * model.ordinal, site, shape, model.bound));
  }
  return weights;
}

/// A model of the golden files, by its name.
static GoldenModel named(const std::vector<GoldenModel> &models,
                         const std::string &name) {
  for (const GoldenModel &model : models)
    if (model.name == name)
      return model;
  throw std::runtime_error("no golden model " + name);
}

TrainedModel trainedStack() {
  return {named(stackedModels(), "StackedLSTM"),
          "StackedLSTM(x, target: f32[H]) -> (forward, backward)",
          "mean(squared_error(forward, target) + huber(backward, target), "
          "over = H)",
          {"target", /*isOfSteps=*/false, {5}},
          {{"LSTM[I, H], layers = 2, bidirectional, dropout = 0.3)",
            "LSTM[I, H], layers = 2, bidirectional)"}}};
}

TrainedModel trainedSentiment() {
  return {named(sequenceModels(), "sentiment_small"),
          "SentimentClassifier(text, label: f32) -> logit",
          "bce_with_logits(logit, label)",
          {"label", /*isOfSteps=*/false, {}, /*classes=*/2},
          {{"bidirectional, dropout = 0.3)", "bidirectional)"},
           {"top.backward.h), 0.3)", "top.backward.h), 0)"}},
          "SGD(lr = 0.5, momentum = 0.9)\n  clip_norm = 1",
          "Adam(lr = 0.01)"};
}

TrainedModel trainedTimeSeries() {
  return {named(sequenceModels(), "time_series"),
          "TimeSeriesRNN(x, next: f32[T, 1]) -> output",
          "squared_error(output, next)[:, 0]",
          {"next", /*isOfSteps=*/true, {1}},
          {{"layers = 2, dropout = 0.3)", "layers = 2)"}},
          "SGD(lr = 0.1, momentum = 0.9)\n  clip_norm = 1",
          "Adam(lr = 0.005)"};
}

TrainedModel trainedWords() {
  return {encoderDecoderOfWords(),
          "EncoderDecoderOfWords(source, target, word: token<Out>[T]) -> "
          "output",
          "only(cross_entropy(output, word), word != 0)",
          {"word", /*isOfSteps=*/true, {}, /*classes=*/6, ElementType::Token},
          {{"fc(dropout(outputs, 0.3))", "fc(outputs)"}},
          "SGD(lr = 0.5, momentum = 0.9)\n  clip_norm = 1",
          "Adam(lr = 0.02)"};
}

} // namespace seqc::endtoend
