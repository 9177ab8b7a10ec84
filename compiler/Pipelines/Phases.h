//===- Phases.h - The named phases of the compiler ------------------------===//
// One function for each phase; nothing else orders passes. ARCHITECTURE.md
// says what stands after each.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_PIPELINES_PHASES_H
#define SEQC_COMPILER_PIPELINES_PHASES_H

#include "compiler/Target/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace seqc {

/// All phases from text to machine code, in order.
enum class Phase : uint8_t {
  Parse,
  Check,
  Seq,
  Batch,
  Fused,
  Loops,
  LLVM,
  Asm,
  Obj
};

inline constexpr Phase kFirstPhase = Phase::Parse;
inline constexpr Phase kLastPhase = Phase::Obj;

/// The name on the command line.
llvm::StringRef nameOf(Phase phase);
std::optional<Phase> parsePhase(llvm::StringRef name);

/// From one unpadded sample to a batch: no `seq.map`, `seq.dropout` or
/// `seq.length` is left.
void addBatchPhase(mlir::OpPassManager &pm);

/// Few large products: no scan's body holds what does not depend on its state,
/// and @pack holds what depends on parameters alone.
void addFusedPhase(mlir::OpPassManager &pm);

/// Vector code on buffers: no tensor is left, and nothing is allocated or
/// copied in a time loop.
void addLoopsPhase(mlir::OpPassManager &pm, const TargetDescription &target);

/// The LLVM dialect alone.
void addLLVMPhase(mlir::OpPassManager &pm);

/// Called after each phase that runs.
using PhaseObserver = llvm::function_ref<void(Phase, mlir::ModuleOp)>;

/// Runs the phases after `seq` up to `until` (at most `llvm`) on the program
/// of one sample.
mlir::LogicalResult runPhases(mlir::ModuleOp module, Phase until,
                              const TargetDescription &target,
                              PhaseObserver observer);

/// Dialects and interfaces that the phases use.
void registerPhaseDialects(mlir::DialectRegistry &registry);

/// `--seq-phase-NAME` in seq-opt; the target is the host.
void registerPhasePipelines();

} // namespace seqc

#endif // SEQC_COMPILER_PIPELINES_PHASES_H
