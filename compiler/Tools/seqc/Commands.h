//===- Commands.h - The subcommands of seqc -------------------------------===//
// Each adds itself to the command line and runs from there. Whatever fails is
// an exception, which main reports.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_COMMANDS_H
#define SEQC_COMPILER_TOOLS_SEQC_COMMANDS_H

#include <CLI/CLI.hpp>

namespace seqc::tool {

void addCheck(CLI::App &app);
void addRun(CLI::App &app);
void addEmit(CLI::App &app);
void addBuild(CLI::App &app);
void addBench(CLI::App &app);
void addSummary(CLI::App &app);
void addStep(CLI::App &app);
void addTrain(CLI::App &app);
void addEval(CLI::App &app);
void addPredict(CLI::App &app);
void addGenerate(CLI::App &app);
void addInspect(CLI::App &app);
void addDoc(CLI::App &app);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_COMMANDS_H
