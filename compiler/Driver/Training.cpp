//===- Training.cpp - From a `train` block to a trainer's programs --------===//
// The step, and what stands beside it.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Training.h"

namespace seqc {

runtime::Program link(Compilation compilation) {
  runtime::Program program;
  program.functions = compilation.link(program.code);
  program.signature = compilation.signature();
  return program;
}

runtime::TrainingPrograms compileTraining(const SourceText &source,
                                          const CompileOptions &given) {
  CompileOptions options = given;
  options.goal = Goal::Training;
  Compilation step(source, options);
  runtime::TrainingPrograms programs;
  // What it takes and gives: all at once, or before there is code.
  step.load();
  step.advance(Phase::Seq);
  if (!step.optimizer())
    throw runtime::Error("`" + source.name + "` is no training program");
  programs.spec = step.training();
  programs.optimizer = *step.optimizer();
  if (step.schedule()) {
    runtime::Program &schedule = programs.schedule.emplace();
    schedule.signature = *step.schedule();
    schedule.functions = step.linkSchedule(schedule.code);
  }
  programs.step = link(std::move(step));
  // Warnings were told once.
  options.onWarnings = [](const std::string &) {};
  programs.evaluation = [source, options] {
    runtime::Program program =
        link(Compilation(source, options).evaluation());
    program.signature.source = source.name;
    return program;
  };
  return programs;
}

} // namespace seqc
