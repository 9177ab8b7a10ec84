//===- SeqToLoops.cpp - From tensors to vector code on buffers ------------===//
// The pass: checks that it knows every operation, then makes the functions of
// the calling convention and drops the program on tensors.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/EntryPoints.h"
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

struct ConvertSeqToLoopsPass
    : impl::ConvertSeqToLoopsPassBase<ConvertSeqToLoopsPass> {
  using ConvertSeqToLoopsPassBase::ConvertSeqToLoopsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto name = module->getAttrOfType<StringAttr>("seq.model");
    auto main = module.lookupSymbol<func::FuncOp>("main");
    auto pack = module.lookupSymbol<func::FuncOp>("pack");
    if (!name || !main || !pack) {
      module.emitError("needs a module with `seq.model`, @main and @pack");
      return signalPassFailure();
    }
    auto sums = module.lookupSymbol<func::FuncOp>(seq::kSumsName);
    for (func::FuncOp function : {main, pack, sums})
      if (function && failed(checkOperations(function)))
        return signalPassFailure();
    TargetDescription target;
    target.vectorBits = vectorBits;
    target.vectorRegisters = vectorRegisters;
    target.rowsPerTile = rowsPerTile;
    SmallVector<func::FuncOp, 2> readers = {main};
    if (sums)
      readers.push_back(sums);
    loops::PackedLayout packed(readers, pack, target);
    loops::buildModel(main, sums, packed, target, name.getValue());
    loops::buildPack(pack, packed, target, name.getValue());
    for (func::FuncOp function : {main, pack, sums})
      if (function)
        function.erase();
  }
};

} // namespace
} // namespace seqc
