//===- SeqToLoops.cpp - From tensors to loops on buffers ------------------===//
// The pass: checks that it knows every operation, then makes the functions of
// the calling convention and drops the program on tensors. Of a training step
// and what stands beside it, it makes one module.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/EntryPoints.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"
#include "compiler/Conversion/SeqToLoops/ScanPairs.h"
#include "compiler/Conversion/SeqToLoops/StepEntry.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"
#include "compiler/Dialect/Seq/IR/Program.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc {
#define GEN_PASS_DEF_CONVERTSEQTOLOOPSPASS
#include "compiler/Conversion/Passes.h.inc"

namespace {

/// Reports an operation that should not be left after the phase `fused`.
LogicalResult checkOperations(func::FuncOp function) {
  auto result = function.walk([](Operation *op) {
    bool isKnown = loops::isPulled(op) || loops::isComputed(op) ||
                   isa<func::FuncOp, func::ReturnOp, YieldOp, tensor::DimOp,
                       RequireLengthOp>(op);
    if (isKnown)
      return WalkResult::advance();
    op->emitOpError("has no lowering to loops");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// Makes the functions of one program, whose names begin with `name`.
LogicalResult convert(ModuleOp module, StringRef name,
                      const TargetDescription &target, Precision precision,
                      bool hasTeams) {
  auto main = module.lookupSymbol<func::FuncOp>(seq::kMainName);
  auto pack = module.lookupSymbol<func::FuncOp>(seq::kPackName);
  if (!main || !pack)
    return module.emitError("needs a module with `seq.model`, @main and @pack");
  auto sums = module.lookupSymbol<func::FuncOp>(seq::kSumsName);
  for (func::FuncOp function : {main, pack, sums})
    if (function && failed(checkOperations(function)))
      return failure();
  SmallVector<func::FuncOp, 2> readers = {main};
  if (sums)
    readers.push_back(sums);
  if (hasTeams)
    loops::markPairs(main, target, precision);
  loops::PackedLayout packed(readers, pack, target, precision);
  loops::buildModel(main, sums, packed, target, hasTeams, name);
  loops::buildPack(pack, packed, target, name);
  for (func::FuncOp function : {main, pack, sums})
    if (function)
      function.erase();
  return success();
}

/// Moves what was made of a program beside the step to the step's module. Of
/// what both declare, the step's stays.
void moveOut(ModuleOp beside, ModuleOp module) {
  for (Operation &op : llvm::make_early_inc_range(*beside.getBody()))
    if (!module.lookupSymbol(SymbolTable::getSymbolName(&op)))
      op.moveBefore(module.getBody(), module.getBody()->end());
  beside.erase();
}

/// The optimizer is called by the step alone, and always with one tile.
void hideOptimizer(ModuleOp module, const loops::StepPlan &plan) {
  const std::string name = plan.optimizer();
  module.lookupSymbol(name)->erase();
  for (const char *suffix : {"_packed", "_pack", "_workspace"})
    loops::makeInternal(module.lookupSymbol<func::FuncOp>(name + suffix));
}

struct ConvertSeqToLoopsPass
    : impl::ConvertSeqToLoopsPassBase<ConvertSeqToLoopsPass> {
  using ConvertSeqToLoopsPassBase::ConvertSeqToLoopsPassBase;

  void runOnOperation() override {
    if (failed(run(getOperation())))
      signalPassFailure();
  }

private:
  LogicalResult run(ModuleOp module) {
    auto name = module->getAttrOfType<StringAttr>("seq.model");
    if (!name)
      return module.emitError("needs a module with `seq.model`, @main and "
                              "@pack");
    TargetDescription target;
    target.vectorBits = vectorBits;
    target.vectorRegisters = vectorRegisters;
    target.rowsPerTile = rowsPerTile;
    target.weightsPerMember = weightsPerMember;
    target.dotBf16 = dotBf16;
    target.tileBf16 = tileBf16;
    std::optional<loops::StepPlan> plan;
    if (module.lookupSymbol<ModuleOp>(seq::kOptimizerName)) {
      FailureOr<loops::StepPlan> made = loops::StepPlan::of(module, target);
      if (failed(made))
        return failure();
      plan = std::move(*made);
    }
    if (failed(convert(module, name, target, precision, hasTeams)))
      return failure();
    for (ModuleOp beside :
         llvm::make_early_inc_range(module.getOps<ModuleOp>())) {
      const std::string prefix =
          (name.getValue() + "_" + *beside.getName()).str();
      if (failed(convert(beside, prefix, target, precision,
                         /*hasTeams=*/false)))
        return failure();
      moveOut(beside, module);
    }
    if (plan) {
      hideOptimizer(module, *plan);
      loops::buildStep(module, *plan);
    }
    return success();
  }
};

} // namespace
} // namespace seqc
