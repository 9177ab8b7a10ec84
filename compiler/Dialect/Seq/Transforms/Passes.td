//===- Passes.td - Passes on the seq dialect -----------------------------===//
// One record for each pass: what it does, its smallest before and after, and
// its options. One file of the same name implements it.
//===----------------------------------------------------------------------===//

#ifndef SEQ_PASSES_TD
#define SEQ_PASSES_TD

include "mlir/Pass/PassBase.td"

def SpecializeInferencePass : Pass<"seq-specialize-inference", "::mlir::func::FuncOp"> {
  let summary = "makes the program that runs outside training";
  let description = [{
    Replaces every `seq.dropout` with its operand. After this, no op of the
    function behaves differently in training.
  }];
}

#endif // SEQ_PASSES_TD
