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

def BatchPass : Pass<"seq-batch", "::mlir::ModuleOp"> {
  let summary = "makes a batch's program of one sample's";
  let description = [{
    Gives everything in `@main` that depends on an input or a carried state one
    more leading dimension, the batch; before that, everything in the body of
    each `seq.map`, innermost first, the map's. `@main` gets the lengths of each
    dynamic dimension as an argument, and whatever a row's length touches says
    so: scans by their `lengths`, all else by a `seq.mask` before it.

    ```mlir
    func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>})
        -> tensor<2xf32> {
      %y = seq.reduce sum %x axis 0 : tensor<?x2xf32> -> tensor<2xf32>
      return %y : tensor<2xf32>
    }
    // becomes
    func.func @main(%x: tensor<?x?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                    %n: tensor<?xi64> {seq.lengths = 0}) -> tensor<?x2xf32> {
      %m = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x2xf32>
      %y = seq.reduce sum %m axis 1 : tensor<?x?x2xf32> -> tensor<?x2xf32>
      return %y : tensor<?x2xf32>
    }
    ```

    After this no `seq.map` and no `seq.length` remains, and every input and
    every result has the batch in front.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // SEQ_PASSES_TD
