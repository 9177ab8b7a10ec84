//===- Emit.cpp - seqc emit -----------------------------------------------===//
// Prints what stands after a phase.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/ModelOptions.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "compiler/Tools/seqc/TrainingOptions.h"
#include "runtime/services/atomic_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace seqc::tool {
namespace {

struct EmitOptions {
  ModelOptions model;
  std::string until = "seq";
  std::string goal;
  std::string directory;
  std::string output;
};

/// Writes `DIR/4.batch` and its like, numbered in the order of the calls.
class PhaseFiles {
public:
  explicit PhaseFiles(std::string directory)
      : directory(std::move(directory)) {
    std::error_code error;
    std::filesystem::create_directories(this->directory, error);
    if (error)
      throw runtime::Error("cannot make folder `" + this->directory +
                           "`: " + error.message());
  }

  void write(Phase phase, const std::string &text) {
    const std::string name =
        std::to_string(++written) + "." + std::string(nameOf(phase));
    runtime::writeFileAtomically(directory + "/" + name, {text});
  }

private:
  std::string directory;
  int written = 0;
};

/// In the order of `Goal`.
constexpr std::array<std::string_view, 3> kGoalNames = {"inference", "gradient",
                                                        "training"};

/// The phase `grad` alone says that a gradient is wanted.
Goal goalOf(const EmitOptions &options, Phase until) {
  if (options.goal.empty())
    return until == Phase::Grad ? Goal::Gradient : Goal::Inference;
  const auto *name =
      std::find(kGoalNames.begin(), kGoalNames.end(), options.goal);
  const Goal goal = static_cast<Goal>(name - kGoalNames.begin());
  if (goal == Goal::Inference && until == Phase::Grad)
    throw runtime::Error("--goal=inference has no phase `grad`");
  return goal;
}

void emit(const EmitOptions &options) {
  checkOutputs({{"-o", options.output}}, {{"FILE", options.model.file}});
  const Phase until = *parsePhase(options.until);
  ModelOptions model = options.model;
  model.compile.goal = goalOf(options, until);
  Compilation compilation = model.start();
  Compilation::Observer observer;
  std::string text = until == Phase::Parse ? compilation.printParsed()
                                           : std::string();
  if (!options.directory.empty()) {
    observer = [files = PhaseFiles(options.directory)](
                   Phase phase, const std::string &text) mutable {
      files.write(phase, text);
    };
    observer(Phase::Parse, compilation.printParsed());
    if (until >= Phase::Check)
      observer(Phase::Check, compilation.print());
  }
  compilation.advance(until, observer);
  if (until != Phase::Parse)
    text = compilation.print();
  if (options.output.empty())
    print(text);
  else
    runtime::writeFileAtomically(options.output, {text});
}

} // namespace

void addEmit(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "emit", "print what the compiler makes of a file, phase by phase");
  auto options = std::make_shared<EmitOptions>();
  options->model.addTo(*command);
  addSave(*command, options->model.compile);
  addPrecision(*command, options->model.compile);
  const std::vector<std::string> phases(kPhaseNames.begin(), kPhaseNames.end());
  command
      ->add_option("--until", options->until,
                   "the last phase: parse, check, seq, grad, batch, fused, "
                   "loops, llvm, asm or obj, for a GPU ptx (default: seq)")
      ->type_name("PHASE")
      ->check(CLI::IsMember(phases));
  command
      ->add_option("--goal", options->goal,
                   "what is made of the model: inference, gradient or "
                   "training; only the last two have a phase `grad` (default: "
                   "inference, with --until=grad gradient)")
      ->type_name("GOAL")
      ->check(CLI::IsMember(
          std::vector<std::string>(kGoalNames.begin(), kGoalNames.end())));
  command
      ->add_option("--dump-phases-to", options->directory,
                   "write one file for each phase: 1.parse, 2.check, ...")
      ->type_name("DIR");
  command
      ->add_option("-o", options->output, "write to a file and not to stdout")
      ->type_name("FILE");
  command->footer("Examples:\n"
                  "  seqc emit examples/rnn.seq --until=fused\n"
                  "  seqc emit examples/rnn.seq --until=grad\n"
                  "  seqc emit examples/rnn.seq --until=asm --cpu=haswell\n"
                  "  seqc emit examples/rnn.seq --target=nvptx --until=ptx\n"
                  "  seqc emit examples/rnn.seq --until=obj "
                  "--dump-phases-to=phases -o rnn.o");
  command->callback([options] { emit(*options); });
}

} // namespace seqc::tool
