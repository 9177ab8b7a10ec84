//===- TrainingOptions.cpp - What training subcommands are told -----------===//
// The shared part of `step`, `train` and `bench --training`.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/TrainingOptions.h"

#include "compiler/Driver/Training.h"

#include <algorithm>

namespace seqc::tool {

void addSave(CLI::App &command, CompileOptions &compile) {
  const std::vector<std::string> names(kSaveNames.begin(), kSaveNames.end());
  command
      .add_option_function<std::string>(
          "--save",
          [&compile](const std::string &name) {
            const auto *found =
                std::find(kSaveNames.begin(), kSaveNames.end(), name);
            compile.save.what = static_cast<Save>(found - kSaveNames.begin());
          },
          "what is kept of the forward pass for the backward one: recompute, "
          "as little as elementwise mathematics allows; all; or checkpoint, "
          "one state in every --save-every, between which steps run once more "
          "(default: recompute)")
      ->type_name("POLICY")
      ->check(CLI::IsMember(names));
  command
      .add_option("--save-every", compile.save.every,
                  "steps between checkpoints (default: 32); the least memory "
                  "is at the root of the length")
      ->type_name("STEPS")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
}

void TrainingOptions::addTo(CLI::App &command) {
  model.addTo(command);
  addSave(command, model.compile);
  addPrecision(command, model.compile);
  command
      .add_option("--weights", weights,
                  "the parameters (default: drawn from the seed)")
      ->type_name("FILE.safetensors");
  command.add_flag("--allow-unused", allowUnused,
                   "ignore weights that no parameter asks for");
  command
      .add_option("--seed", train.seed,
                  "seed of first weights, of dropout and of the order of "
                  "samples (default: 0)")
      ->check(fits64Bits());
  command.add_option("--threads", train.threads, "how many threads work")
      ->check(CLI::Range(1, 1024));
  command
      .add_option("--lr", lr,
                  "the learning rate, in place of the `train` block's")
      ->type_name("NUMBER");
}

runtime::TrainingPrograms TrainingOptions::compile() const {
  return compileTraining(readSource(model.file), model.compile);
}

Trainer TrainingOptions::start(runtime::TrainingPrograms programs) const {
  Trainer trainer(std::move(programs), train);
  if (!weights.empty())
    trainer.loadWeights(weights, allowUnused ? Unused::Allow : Unused::Reject);
  if (lr)
    trainer.setScalar("lr", *lr);
  return trainer;
}

} // namespace seqc::tool
