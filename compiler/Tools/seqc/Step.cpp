//===- Step.cpp - seqc step -----------------------------------------------===//
// One training step on tensors in files.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "compiler/Tools/seqc/TrainingOptions.h"
#include "runtime/services/messages.h"
#include "runtime/services/safetensors.h"

#include <limits>

namespace seqc::tool {
namespace {

struct StepOptions {
  TrainingOptions training;
  std::string inputs;
  std::string outputs;
  int64_t step = 0;
};

/// Loss, metrics, gradients and weights, which share a file.
class Results {
public:
  void add(const std::string &name, Tensor tensor) {
    if (!tensors.emplace(name, std::move(tensor)).second)
      throw Error("two results of the step are called " +
                  runtime::quoteName(name) + ": give one of them another name");
  }
  void add(const std::string &name, double number) {
    add(name, Tensor::of<float>({}, {static_cast<float>(number)}));
  }
  void write(const std::string &path) const {
    runtime::writeSafetensors(path, runtime::viewsOf(tensors));
  }

private:
  TensorMap tensors;
};

void step(const StepOptions &options) {
  checkOutputs({{"--outputs", options.outputs}},
               {{"FILE", options.training.model.file},
                {"--weights", options.training.weights},
                {"--inputs", options.inputs}});
  runtime::TrainingPrograms programs = options.training.compile();
  // The file holds all that one update is made of.
  programs.spec.accumulate = 1;
  Trainer trainer = options.training.start(std::move(programs));
  trainer.setSteps(options.step);
  const runtime::Safetensors inputs = runtime::readSafetensors(options.inputs);
  const StepResult result = trainer.step(runtime::viewsOf(inputs.tensors));

  Results results;
  results.add("loss", result.loss);
  for (const auto &[name, value] : result.metrics)
    results.add(name, value);
  for (auto &[name, gradient] : trainer.gradients())
    results.add(name + ".gradient", std::move(gradient));
  for (const auto &[name, weight] : trainer.weights())
    results.add(name, Tensor::copyOf(weight));
  results.write(options.outputs);
}

} // namespace

void addStep(CLI::App &app) {
  CLI::App *command =
      app.add_subcommand("step", "make one training step on tensors in files");
  auto options = std::make_shared<StepOptions>();
  options->training.addTo(*command);
  addCache(*command, options->training.model.compile);
  const std::string type = "FILE.safetensors";
  command
      ->add_option("--inputs", options->inputs,
                   "a tensor [B, ...] for each input and target of the "
                   "`train` block, and lengths as `x.lengths`")
      ->type_name(type)
      ->required();
  command
      ->add_option("--outputs", options->outputs,
                   "where the results go: `loss`, each metric, for each "
                   "parameter `p` the gradient of the mean loss as "
                   "`p.gradient`, and `p` after the step")
      ->type_name(type)
      ->required();
  command
      ->add_option("--step", options->step,
                   "the number of the step, on which dropout and schedules "
                   "depend (default: 0)")
      ->check(fits64Bits())
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()));
  command->footer("Example:\n"
                  "  seqc step examples/sentiment.seq --weights w.safetensors "
                  "--inputs xy.safetensors --outputs step.safetensors");
  command->callback([options] { step(*options); });
}

} // namespace seqc::tool
