//===- Run.cpp - seqc run -------------------------------------------------===//
// Runs a model on tensors in files.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"
#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/ModelOptions.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "runtime/services/safetensors.h"

namespace seqc::tool {
namespace {

struct RunFiles {
  ModelOptions model;
  std::string weights;
  std::string inputs;
  std::string outputs;
  std::string statesIn;
  std::string statesOut;
  int64_t seed = 0;
  int32_t threads = 1;
  bool reference = false;
  bool allowUnused = false;
};

/// Both kinds of model have the same face.
template <typename AnyModel>
RunResult runModel(const RunFiles &files) {
  AnyModel model =
      AnyModel::fromFile(files.model.file, files.model.compile);
  if (files.weights.empty())
    model.initializeWeights(files.seed);
  else
    model.loadWeights(files.weights,
                      files.allowUnused ? Unused::Allow : Unused::Reject);
  const runtime::Safetensors inputs = runtime::readSafetensors(files.inputs);
  runtime::Safetensors states;
  if (!files.statesIn.empty())
    states = runtime::readSafetensors(files.statesIn);
  const std::shared_ptr<seqc_team> team = makeTeam(files.threads);
  RunOptions options;
  options.states = runtime::viewsOf(states.tensors);
  options.team = team.get();
  options.seed = files.seed;
  return model.run(runtime::viewsOf(inputs.tensors), options);
}

/// States may go where they came from: a stream is run piece by piece.
void checkFiles(const RunFiles &files) {
  const std::vector<GivenPath> inputs = {{"FILE", files.model.file},
                                         {"--weights", files.weights},
                                         {"--inputs", files.inputs}};
  checkOutputs({{"--outputs", files.outputs}, {"--state-out", files.statesOut}},
               inputs);
  checkOutputs({{"--outputs", files.outputs}}, {{"--state-in", files.statesIn}});
}

void run(const RunFiles &files) {
  checkFiles(files);
  RunResult result = files.reference ? runModel<ReferenceModel>(files)
                                     : runModel<Model>(files);
  runtime::writeSafetensors(files.outputs, runtime::viewsOf(result.outputs));
  if (!files.statesOut.empty())
    runtime::writeSafetensors(files.statesOut,
                              runtime::viewsOf(result.states));
}

void addFiles(CLI::App &command, RunFiles &files) {
  const std::string type = "FILE.safetensors";
  command.add_option("--weights", files.weights,
                     "the parameters (default: drawn from the seed)")
      ->type_name(type);
  command.add_option("--inputs", files.inputs,
                     "a tensor [B, ...] for each input `x`, and the lengths "
                     "of a ragged batch as `x.lengths`")
      ->type_name(type)
      ->required();
  command.add_option("--outputs", files.outputs, "where the results go")
      ->type_name(type)
      ->required();
  command.add_option("--state-in", files.statesIn,
                     "carried states, as --state-out wrote them")
      ->type_name(type);
  command.add_option("--state-out", files.statesOut,
                     "where the carried states go")
      ->type_name(type);
}

} // namespace

void addRun(CLI::App &app) {
  CLI::App *command =
      app.add_subcommand("run", "run a model on tensors in files");
  auto files = std::make_shared<RunFiles>();
  files->model.addTo(*command);
  addCache(*command, files->model.compile);
  CLI::Option *precision = addPrecision(*command, files->model.compile);
  addFiles(*command, *files);
  command->add_option("--seed", files->seed, "seed of all random numbers")
      ->check(fits64Bits());
  command->add_option("--threads", files->threads, "how many threads work")
      ->check(CLI::Range(1, 1024));
  command
      ->add_flag("--reference", files->reference,
                 "use the interpreter, in double precision")
      ->excludes(precision);
  command->add_flag("--allow-unused", files->allowUnused,
                    "ignore weights that no parameter asks for");
  command->footer("Example:\n"
                  "  seqc run examples/rnn.seq --weights rnn.safetensors "
                  "--inputs x.safetensors --outputs y.safetensors\n\n"
                  "The compiled code is kept in $SEQC_CACHE_DIR, by default "
                  "in ~/.cache/seqc, for the next run.");
  command->callback([files] { run(*files); });
}

} // namespace seqc::tool
