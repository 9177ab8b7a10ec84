//===- Check.cpp - seqc check ---------------------------------------------===//
// Says what is wrong with a file, or nothing.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/ModelOptions.h"

namespace seqc::tool {

void addCheck(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "check", "check a file and report what is wrong with it");
  auto options = std::make_shared<ModelOptions>();
  options->addTo(*command);
  command->footer("Prints nothing if the file is right.\n\nExample:\n"
                  "  seqc check examples/rnn.seq --set H=64");
  command->callback([options] {
    if (!options->start().hasTraining())
      return;
    // What only the values of dimensions can tell of the `train` block.
    options->compile.goal = Goal::Training;
    options->compile.onWarnings = [](const std::string &) {};
    options->start();
  });
}

} // namespace seqc::tool
