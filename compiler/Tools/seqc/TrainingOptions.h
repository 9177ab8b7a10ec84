//===- TrainingOptions.h - What training subcommands are told -------------===//
// The model, and how its training is compiled and run.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TRAININGOPTIONS_H
#define SEQC_COMPILER_TOOLS_SEQC_TRAININGOPTIONS_H

#include "compiler/Seqc.h"
#include "compiler/Tools/seqc/ModelOptions.h"

#include <array>
#include <optional>
#include <string_view>

namespace seqc::tool {

/// The command line's names of Save, in its order.
inline constexpr std::array<std::string_view, 3> kSaveNames = {
    "recompute", "all", "checkpoint"};

/// Adds --save and --save-every, which set `compile.save`.
void addSave(CLI::App &command, CompileOptions &compile);

struct TrainingOptions {
  ModelOptions model;
  TrainOptions train;
  std::string weights;
  bool allowUnused = false;
  std::optional<double> lr;

  /// Adds the model's options, --save, --precision, --weights, --allow-unused,
  /// --seed,
  /// --threads and --lr.
  void addTo(CLI::App &command);
  runtime::TrainingPrograms compile() const;
  /// With the weights and the learning rate that are given.
  Trainer start(runtime::TrainingPrograms programs) const;
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TRAININGOPTIONS_H
