//===- SpecializeInference.cpp - The program outside training -------------===//
// Removes what acts in training only.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"

namespace seqc::seq {
#define GEN_PASS_DEF_SPECIALIZEINFERENCEPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct SpecializeInferencePass
    : impl::SpecializeInferencePassBase<SpecializeInferencePass> {
  using SpecializeInferencePassBase::SpecializeInferencePassBase;

  void runOnOperation() override {
    getOperation().walk([&](mlir::Operation *op) {
      if (!mlir::isa<DropoutOp>(op) &&
          (keepStops || !mlir::isa<StopGradientOp>(op)))
        return;
      op->replaceAllUsesWith(op->getOperands());
      op->erase();
    });
  }
};

} // namespace
} // namespace seqc::seq
