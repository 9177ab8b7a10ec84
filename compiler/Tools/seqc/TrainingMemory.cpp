//===- TrainingMemory.cpp - What a training step keeps in memory ----------===//
// The numbers come from compiled code, which knows what it needs.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/TrainingMemory.h"

#include "compiler/Driver/Training.h"

#include <fmt/format.h>

#include <limits>

namespace seqc::tool {

void addBatchSizes(CLI::App &command, BatchSizes &sizes) {
  const CLI::Range positive(int64_t{1}, std::numeric_limits<int64_t>::max());
  command.add_option("--batch", sizes.batch, "samples of a call")
      ->check(fits64Bits())
      ->check(positive);
  command
      .add_option("--length", sizes.length,
                  "the size of every dynamic dimension")
      ->check(fits64Bits())
      ->check(positive);
}

namespace {

std::string row(std::string_view name, size_t bytes) {
  return bytes == SIZE_MAX ? fmt::format("  {:<22} {:>14}\n", name, "too much")
                           : fmt::format("  {:<22} {:>14}\n", name, bytes);
}

size_t workspaceOf(const runtime::Program &program, const BatchSizes &sizes) {
  std::vector<int64_t> dims(program.signature.dims.size() + 1, sizes.length);
  dims.front() = sizes.batch;
  return program.functions.stepWorkspace(dims.data(), /*workers=*/1);
}

} // namespace

std::string describeTrainingMemory(const ModelOptions &model,
                                   const BatchSizes &sizes) {
  const SourceText source = readSource(model.file);
  CompileOptions options = model.compile;
  std::string text = fmt::format("training, batch {}, length {} (bytes)\n",
                                 sizes.batch, sizes.length);
  runtime::TrainingPrograms programs;
  for (size_t policy = 0; policy < kSaveNames.size(); ++policy) {
    options.save.what = static_cast<Save>(policy);
    programs = compileTraining(source, options);
    text += row(fmt::format("workspace, {}", kSaveNames[policy]),
                workspaceOf(programs.step, sizes));
    // Warnings were told once.
    options.onWarnings = [](const std::string &) {};
  }
  const Trainer trainer(std::move(programs));
  const runtime::Trainer::Memory held = trainer.memory();
  return text + row("parameters", held.params) +
         row("parameters, packed", held.packed) +
         row("gradients", held.gradients) + row("optimizer", held.optimizer);
}

} // namespace seqc::tool
