//===- Phases.h - The named phases of the compiler ------------------------===//
// One function for each phase; nothing else orders passes. ARCHITECTURE.md
// says what stands after each.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_PIPELINES_PHASES_H
#define SEQC_COMPILER_PIPELINES_PHASES_H

#include "compiler/Pipelines/Goal.h"
#include "compiler/Pipelines/PhaseNames.h"
#include "compiler/Target/Precision.h"
#include "compiler/Target/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace seqc {

/// The gradient beside the results, still of one sample. Not for inference.
void addGradPhase(mlir::OpPassManager &pm, Goal goal,
                  const SaveOptions &save = {});

/// From one unpadded sample to a batch: no `seq.map`, `seq.dropout` or
/// `seq.length` is left.
void addBatchPhase(mlir::OpPassManager &pm);

/// Few large products: no scan's body holds what does not depend on its state,
/// and @pack holds what depends on parameters alone.
void addFusedPhase(mlir::OpPassManager &pm);

/// Vector code on buffers, or kernels for a GPU: no tensor is left, and nothing
/// is allocated or copied in a time loop.
void addLoopsPhase(mlir::OpPassManager &pm, const TargetDescription &target,
                   Precision precision = Precision::F32);

/// The LLVM dialect alone; of a GPU's program, in the `gpu.module`, beside the
/// NVVM dialect.
void addLLVMPhase(mlir::OpPassManager &pm, const TargetDescription &target);

/// Runs one of the phases from `grad` to `llvm` on what the phase before it
/// made.
mlir::LogicalResult runPhase(mlir::ModuleOp module, Phase phase,
                             const TargetDescription &target,
                             Goal goal = Goal::Inference,
                             const SaveOptions &save = {},
                             Precision precision = Precision::F32);

/// Dialects and interfaces that the phases use.
void registerPhaseDialects(mlir::DialectRegistry &registry);

/// `--seq-phase-NAME` in seq-opt; the target is the host. `seq-phase-grad` is
/// for the goal Gradient, `seq-phase-grad=training` for Training.
void registerPhasePipelines();

} // namespace seqc

#endif // SEQC_COMPILER_PIPELINES_PHASES_H
