//===- Emit.cpp - seqc emit -----------------------------------------------===//
// Prints what stands after a phase.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/ModelOptions.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "runtime/services/atomic_file.h"

#include <filesystem>
#include <system_error>

namespace seqc::tool {
namespace {

struct EmitOptions {
  ModelOptions model;
  std::string until = "seq";
  std::string directory;
  std::string output;
};

/// Writes `DIR/4.batch` and its like.
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

  void write(Phase phase, const std::string &text) const {
    const std::string name = std::to_string(static_cast<int>(phase) + 1) + "." +
                             std::string(nameOf(phase));
    runtime::writeFileAtomically(directory + "/" + name, {text});
  }

private:
  std::string directory;
};

void emit(const EmitOptions &options) {
  checkOutputs({{"-o", options.output}}, {{"FILE", options.model.file}});
  const Phase until = *parsePhase(options.until);
  Compilation compilation = options.model.start();
  Compilation::Observer observer;
  std::string text = until == Phase::Parse ? compilation.printParsed()
                                           : std::string();
  if (!options.directory.empty()) {
    PhaseFiles files(options.directory);
    observer = [files](Phase phase, const std::string &text) {
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
  const std::vector<std::string> phases(kPhaseNames.begin(), kPhaseNames.end());
  command
      ->add_option("--until", options->until,
                   "the last phase: parse, check, seq, batch, fused, loops, "
                   "llvm, asm or obj (default: seq)")
      ->type_name("PHASE")
      ->check(CLI::IsMember(phases));
  command
      ->add_option("--dump-phases-to", options->directory,
                   "write one file for each phase: 1.parse, 2.check, ...")
      ->type_name("DIR");
  command
      ->add_option("-o", options->output, "write to a file and not to stdout")
      ->type_name("FILE");
  command->footer("Examples:\n"
                  "  seqc emit examples/rnn.seq --until=fused\n"
                  "  seqc emit examples/rnn.seq --until=asm --cpu=haswell\n"
                  "  seqc emit examples/rnn.seq --until=obj "
                  "--dump-phases-to=phases -o rnn.o");
  command->callback([options] { emit(*options); });
}

} // namespace seqc::tool
