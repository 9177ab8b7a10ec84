//===- Train.cpp - seqc train ---------------------------------------------===//
// By epochs on data as it comes (TrainOnData.h); or by steps on a file of
// tensors, with a line for each.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "compiler/Tools/seqc/TrainOnData.h"
#include "runtime/services/batches.h"
#include "runtime/services/faults.h"
#include "runtime/services/inputs.h"
#include "runtime/services/safetensors.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <numeric>

namespace seqc::tool {
namespace {

struct TrainCommand {
  TrainingOptions training;
  std::string inputs;
  std::string out;
  std::string resume;
  int64_t steps = 0;
  int64_t batch = 0;
  bool json = false;
  DataTraining onData;

  std::string checkpoint() const {
    return out.empty() ? std::string() : out + ".ckpt";
  }
};

/// The samples of a file, batch by batch.
class Samples {
public:
  /// Checks all of them against what the training takes.
  Samples(const Trainer &trainer, const TrainCommand &options)
      : tensors(runtime::readSafetensors(options.inputs).tensors),
        count(
            runtime::checkInputs(trainer.signature(), runtime::viewsOf(tensors))
                .batch()),
        isWhole(options.batch == 0),
        order(trainer.seed(), count, options.batch) {
    for (const auto &[name, tensor] : tensors)
      if (!runtime::isReserved(name))
        views.emplace(name, tensor);
    if (count == 0)
      throw Error("`" + options.inputs + "` holds no sample");
  }

  StepResult train(Trainer &trainer) {
    if (isWhole)
      return trainer.step(views);
    const std::vector<int64_t> rows = order.draw(trainer.batches());
    const TensorMap batch = runtime::takeRows(views, rows);
    // A sample's dropout does not depend on its place in the batch.
    return trainer.step(runtime::viewsOf(batch), rows);
  }

private:
  TensorMap tensors;
  ViewMap views;
  int64_t count;
  bool isWhole;
  runtime::SampleOrder order;
};

std::string toText(const StepResult &result) {
  std::string line =
      fmt::format("step {:<6} loss {:<12.6g}", result.step, result.loss);
  for (const auto &[name, value] : result.metrics)
    line += fmt::format("  {} {:<10.6g}", name, value);
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string toJson(const StepResult &result) {
  nlohmann::ordered_json json = {{"step", result.step},
                                 {"loss", result.loss},
                                 {"weight", result.weight},
                                 {"gradient_norm", result.gradientNorm}};
  for (const auto &[name, value] : result.metrics)
    json["metrics"][name] = value;
  for (const auto &[name, value] : result.scalars)
    json["scalars"][name] = value;
  return json.dump() + "\n";
}

void trainOnTensors(const TrainCommand &options) {
  const std::vector<GivenPath> given = {{"FILE", options.training.model.file},
                                        {"--weights", options.training.weights},
                                        {"--inputs", options.inputs}};
  checkOutputs({{"--out", options.out},
                {"the checkpoint of --out", options.checkpoint()}},
               given);
  checkOutputs({{"--out", options.out}}, {{"--resume", options.resume}});
  Trainer trainer = options.training.start(options.training.compile());
  if (!options.resume.empty())
    trainer.loadCheckpoint(options.resume);
  Samples samples(trainer, options);
  const int64_t batches = options.steps * trainer.spec().accumulate;
  for (int64_t i = 0; i < batches; ++i) {
    const StepResult result = samples.train(trainer);
    if ((i + 1) % trainer.spec().accumulate == 0)
      print(options.json ? toJson(result) : toText(result));
  }
  if (options.out.empty())
    return;
  trainer.saveCheckpoint(options.checkpoint());
  trainer.saveWeights(options.out);
}

/// The same command goes on; another seed would be another training.
void checkSeed(const TrainCommand &options) {
  if (options.resume.empty())
    return;
  const int64_t seed = Trainer::seedOf(options.resume);
  if (seed != options.training.train.seed)
    throw Error(fmt::format("the checkpoint `{}` is of another training: its "
                            "seed is {}",
                            options.resume, seed));
}

void train(TrainCommand &options, bool hasSeed) {
  if (hasSeed)
    checkSeed(options);
  if (!options.inputs.empty())
    return trainOnTensors(options);
  DataTraining &onData = options.onData;
  onData.fit.out = options.out;
  onData.resume = options.resume;
  if (options.batch > 0)
    onData.fit.batch = options.batch;
  trainOnData(options.training, onData);
}

void addFiles(CLI::App &command, TrainCommand &options) {
  const std::string type = "FILE.safetensors";
  command
      .add_option("--inputs", options.inputs,
                  "a tensor [N, ...] of all samples for each input and target "
                  "of the `train` block, and lengths as `x.lengths`; in "
                  "place of --data")
      ->type_name(type)
      ->excludes("--data");
  command
      .add_option("--out", options.out,
                  "where the weights go, with --data the best epoch's model; "
                  "beside it, with .ckpt behind the name, a checkpoint for "
                  "--resume")
      ->type_name(type);
  auto *resume =
      command
          .add_option("--resume", options.resume,
                      "go on from a checkpoint, as if there had been no stop")
          ->type_name("FILE.ckpt");
  resume->excludes("--weights");
}

} // namespace

void addTrain(CLI::App &app) {
  CLI::App *command =
      app.add_subcommand("train", "train a model as its `train` block says");
  auto options = std::make_shared<TrainCommand>();
  options->training.addTo(*command);
  addCache(*command, options->training.model.compile);
  options->onData.addTo(*command);
  addFiles(*command, *options);
  const CLI::Range positive(int64_t{1}, int64_t{1} << 31);
  CLI::Option *steps =
      command
          ->add_option("--steps", options->steps,
                       "with --inputs: how many steps; each takes as many "
                       "batches as the `train` block accumulates")
          ->check(positive);
  command
      ->add_option("--batch", options->batch,
                   "samples of a batch, drawn in an order that the seed gives "
                   "(default: 32; of --inputs all)")
      ->check(positive);
  CLI::Option *json = command->add_flag(
      "--json", options->json, "with --inputs: print a line of JSON each step");
  command->get_option("--inputs")->needs(steps);
  for (CLI::Option *option : {steps, json})
    option->needs("--inputs");
  command->footer(
      "With --data, a line for each epoch; the file that is left has the "
      "model's text, its weights and how its data is read, for `seqc eval` and "
      "`seqc predict`. With --inputs, loss and metrics of each step before its "
      "update.\n\n"
      "Examples:\n"
      "  seqc train examples/sentiment.seq --data aclImdb\n"
      "  seqc train examples/sentiment.seq --inputs reviews.safetensors "
      "--batch 32 --steps 500 --out sentiment.safetensors");
  command->callback([options, command] {
    if (options->inputs.empty() && options->onData.data.empty())
      throw CLI::RequiredError("--data or --inputs");
    train(*options, command->count("--seed") > 0);
  });
}

} // namespace seqc::tool
