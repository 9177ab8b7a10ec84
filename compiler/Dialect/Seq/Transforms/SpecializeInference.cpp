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
  void runOnOperation() override {
    getOperation().walk([](DropoutOp dropout) {
      dropout.replaceAllUsesWith(dropout.getInput());
      dropout.erase();
    });
  }
};

} // namespace
} // namespace seqc::seq
