//===- fit.cpp - Training by epochs ---------------------------------------===//
// The loop, and the files that come of it.
//===----------------------------------------------------------------------===//

#include "runtime/fit/fit.h"

#include "runtime/fit/batch_loader.h"
#include "runtime/fit/fit_state.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"
#include "runtime/services/safetensors.h"

#include <fmt/format.h>

#include <cmath>

namespace seqc::fit {

using runtime::Error;
using runtime::Measures;
using runtime::Numbers;
using runtime::Trainer;
using runtime::ViewMap;

std::string lastPath(const std::string &out) {
  constexpr std::string_view kEnding = ".safetensors";
  const bool hasEnding = out.size() > kEnding.size() && out.ends_with(kEnding);
  return out.substr(0, out.size() - (hasEnding ? kEnding.size() : 0)) +
         ".last" + std::string(hasEnding ? kEnding : "");
}

std::string checkpointPath(const std::string &out) { return out + ".ckpt"; }

/// Loss and metrics, as the model is outside training.
static Numbers measure(Trainer &trainer, const data::Samples &samples,
                       int64_t batch) {
  Measures total;
  for (const std::vector<int64_t> &rows : batchesByLength(samples, batch)) {
    const runtime::TensorMap tensors = samples.batch(rows);
    add(total, trainer.measure(runtime::viewsOf(tensors)));
  }
  return trainer.means(total);
}

namespace {

constexpr const char *kBestPrefix = "seqc.best.";

class Fitting {
public:
  Fitting(Trainer &trainer, const data::Samples &training,
          const data::Samples *validation, const FitOptions &options,
          Listener &listener)
      : trainer(trainer), training(training), validation(validation),
        options(options), listener(listener) {
    state.batch = options.batch;
    state.samples = training.count();
    state.validationSamples = validation ? validation->count() : 0;
  }

  void resume(const std::string &path);
  void checkProgress(const std::string &path) const;
  int64_t batchesOfEpoch() const {
    return (state.samples + state.batch - 1) / state.batch;
  }
  FitResult run();

private:
  void trainBatch(BatchLoader &loader);
  void endEpoch();
  bool isBetter(const Epoch &epoch) const;
  bool isOver(FitResult &result) const;
  void writeModel(const std::string &path, const ViewMap &weights) const;
  void checkpoint() const;
  [[noreturn]] void failWithAdvice(const Error &error) const;

  Trainer &trainer;
  const data::Samples &training;
  const data::Samples *validation;
  const FitOptions &options;
  Listener &listener;
  FitState state;
  runtime::TensorMap bestWeights;
};

} // namespace

//===----------------------------------------------------------------------===//
// Going on
//===----------------------------------------------------------------------===//

/// What is different, in the user's words.
static std::string nameOf(const std::string &key) {
  if (key == "seqc.source" || key == "seqc.model")
    return "model";
  if (key == "seqc.set")
    return "value of a dimension";
  if (key == "seqc.vocabulary")
    return "vocabulary";
  if (key == "seqc.normalisation")
    return "scale of numbers";
  return "way to read data";
}

static void checkSame(const runtime::Metadata &now,
                      const runtime::Metadata &then, const std::string &path) {
  for (const auto &[key, value] : now) {
    const auto found = then.find(key);
    if (found == then.end() || found->second != value)
      throw Error(fmt::format("the checkpoint `{}` is of another training: it "
                              "has another {}",
                              path, nameOf(key)));
  }
}

static void checkSame(const char *what, int64_t now, int64_t then,
                      const std::string &path) {
  if (now != then)
    throw Error(
        fmt::format("the checkpoint `{}` is of another training: it has "
                    "{} {}, and there are {}",
                    path, then, what, now));
}

void Fitting::resume(const std::string &path) {
  const runtime::Safetensors file = runtime::readSafetensors(path);
  const FitState found = fitStateOf(file.metadata, path);
  checkSame(options.metadata, file.metadata, path);
  checkSame("samples of a batch", state.batch, found.batch, path);
  checkSame("samples", state.samples, found.samples, path);
  checkSame("validation samples", state.validationSamples,
            found.validationSamples, path);
  const std::string prefix = kBestPrefix;
  for (const auto &[name, tensor] : file.tensors)
    if (name.starts_with(prefix))
      bestWeights.emplace(name.substr(prefix.size()), tensor);
  if (!found.epochs.empty())
    runtime::bindWeights(trainer.signature(), runtime::viewsOf(bestWeights),
                         runtime::Unused::Reject, path);
  trainer.loadCheckpoint(path);
  state = found;
  checkProgress(path);
}

/// Epochs and batches tell the same story.
void Fitting::checkProgress(const std::string &path) const {
  bool isGood =
      trainer.batches() / batchesOfEpoch() == std::ssize(state.epochs);
  for (size_t i = 0; i < state.epochs.size(); ++i) {
    isGood &= state.epochs[i].number == static_cast<int64_t>(i) + 1;
    isGood &= !validation || state.epochs[i].validation.count("loss") == 1;
  }
  if (!isGood)
    throw Error(fmt::format(
        "the checkpoint `{}` is damaged: {} batches are not "
        "{} epochs of {}",
        path, trainer.batches(), state.epochs.size(), batchesOfEpoch()));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

void Fitting::writeModel(const std::string &path,
                         const ViewMap &weights) const {
  if (!options.out.empty())
    runtime::writeSafetensors(path, weights, options.metadata);
}

void Fitting::checkpoint() const {
  if (options.out.empty())
    return;
  runtime::CheckpointExtra extra;
  extra.metadata = options.metadata;
  extra.metadata[kFitMetadata] = toJson(state);
  for (const auto &[name, tensor] : bestWeights)
    extra.tensors.emplace(kBestPrefix + name, tensor);
  trainer.saveCheckpoint(checkpointPath(options.out), extra);
}

//===----------------------------------------------------------------------===//
// Batches and epochs
//===----------------------------------------------------------------------===//

void Fitting::failWithAdvice(const Error &error) const {
  std::string text = error.what();
  if (!options.out.empty())
    text += fmt::format("\n`--resume {}` goes on from before, with a lower "
                        "--lr, for example",
                        checkpointPath(options.out));
  throw Error(text);
}

void Fitting::trainBatch(BatchLoader &loader) {
  Progress progress;
  progress.batchesOfEpoch = loader.batchesOfEpoch();
  progress.epoch = trainer.batches() / progress.batchesOfEpoch;
  progress.batch = trainer.batches() % progress.batchesOfEpoch;
  const BatchLoader::Batch batch = loader.next();
  runtime::StepResult result;
  try {
    // A sample's dropout does not depend on its place in the batch.
    result = trainer.step(runtime::viewsOf(batch.tensors), batch.rows);
  } catch (const runtime::NotFiniteError &error) {
    failWithAdvice(error);
  }
  add(state.measures, result.measures);
  if (result.updates > 0) {
    state.gradientNorms += result.gradientNorm;
    ++state.updates;
  }
  progress.samples = static_cast<int64_t>(batch.rows.size());
  for (int64_t row : batch.rows)
    progress.tokens += training.length(row);
  progress.epochLoss = state.measures.front().mean();
  progress.result = &result;
  listener.onBatch(progress);
}

bool Fitting::isBetter(const Epoch &epoch) const {
  const Epoch *best = state.best();
  if (!validation || !best)
    return true;
  const double now = epoch.validation.at("loss");
  const double then = best->validation.at("loss");
  return now < then || (std::isfinite(now) && !std::isfinite(then));
}

void Fitting::endEpoch() {
  Epoch epoch;
  epoch.number = static_cast<int64_t>(state.epochs.size()) + 1;
  epoch.training = trainer.means(state.measures);
  epoch.gradientNorm =
      state.updates == 0
          ? 0
          : state.gradientNorms / static_cast<double>(state.updates);
  if (validation)
    epoch.validation = measure(trainer, *validation, options.batch);
  epoch.isBest = isBetter(epoch);
  state.measures.clear();
  state.gradientNorms = 0;
  state.updates = 0;
  state.epochs.push_back(epoch);
  if (epoch.isBest) {
    bestWeights.clear();
    for (const auto &[name, view] : trainer.weights())
      bestWeights.emplace(name, runtime::Tensor::copyOf(view));
    writeModel(options.out, trainer.weights());
  }
  writeModel(lastPath(options.out), trainer.weights());
  listener.onEpoch(epoch);
}

bool Fitting::isOver(FitResult &result) const {
  const bool isEarly = options.patience > 0 && validation &&
                       state.epochsSinceBest() >= options.patience;
  const bool isComplete = std::ssize(state.epochs) >= options.epochs;
  const bool isStopped = options.stop && *options.stop;
  result.ending = isComplete ? Ending::Complete
                  : isEarly  ? Ending::Early
                             : Ending::Stopped;
  return isComplete || isEarly || (isStopped && trainer.isBetweenUpdates());
}

FitResult Fitting::run() {
  BatchLoader loader(training, trainer.seed(), options.batch,
                     trainer.batches());
  FitResult result;
  // An epoch may have ended just when the checkpoint was made.
  bool isDue = true;
  while (!isOver(result)) {
    if (isDue && trainer.isBetweenUpdates()) {
      checkpoint();
      isDue = false;
    }
    trainBatch(loader);
    isDue |= options.checkpointBatches > 0 &&
             trainer.batches() % options.checkpointBatches == 0;
    if (trainer.batches() % loader.batchesOfEpoch() == 0) {
      endEpoch();
      isDue = true;
    }
  }
  if (trainer.isBetweenUpdates())
    checkpoint();
  result.epochs = state.epochs;
  if (const Epoch *best = state.best())
    result.best = best->number;
  if (result.ending != Ending::Stopped && !bestWeights.empty()) {
    trainer.setWeights(runtime::viewsOf(bestWeights));
    writeModel(options.out, trainer.weights());
  }
  return result;
}

FitResult fit(Trainer &trainer, const data::Samples &training,
              const data::Samples *validation, const FitOptions &options,
              Listener &listener, const std::string &resume) {
  Fitting fitting(trainer, training, validation, options, listener);
  if (!resume.empty())
    fitting.resume(resume);
  return fitting.run();
}

} // namespace seqc::fit
