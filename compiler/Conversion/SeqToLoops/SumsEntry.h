//===- SumsEntry.h - The stage that sums over the batch -------------------===//
// Whatever sums over the rows of a batch comes behind all tiles: they leave
// what it reads, for the whole batch, in front of the workers' parts of the
// workspace. Its work is cut into tasks by shapes and target alone.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SUMSENTRY_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SUMSENTRY_H

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/ModelContext.h"

namespace seqc::loops {

/// The functions of the stage, one for each level, and the tasks of each.
struct SumsStage {
  struct Level {
    mlir::func::FuncOp function;
    int64_t tasks;
  };
  std::vector<Level> levels;
  /// The buffers of the whole batch, those that tiles fill first.
  BufferPlan plan;
};

/// Makes the functions of @sums.
SumsStage buildSums(ModelContext &model);

/// The bytes of the buffers of the whole batch, with which the workspace
/// begins.
mlir::Value keptBytes(Lowering &l, const ModelContext &model,
                      mlir::Value dimsArray);

/// Where a tile stores what @main keeps for @sums.
std::vector<Store> keptStores(ModelContext &model, Lowering &tile);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SUMSENTRY_H
