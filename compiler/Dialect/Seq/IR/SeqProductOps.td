//===- SeqProductOps.td - Products, reductions ----------------------------===//
// Included by SeqOps.td, which says how constraints are numbered.
//===----------------------------------------------------------------------===//

#ifndef SEQ_PRODUCT_OPS_TD
#define SEQ_PRODUCT_OPS_TD

include "compiler/Dialect/Seq/IR/SeqOpBase.td"

//===----------------------------------------------------------------------===//
// Products and reductions
//===----------------------------------------------------------------------===//

def Seq_ContractOp : Seq_Op<"contract", [Pure, Batchable]> {
  let summary = "sum of products over the axes that two tensors share";
  let description = [{
    The axes of the result are the batch axes, then the other axes of `lhs`,
    then the other axes of `rhs`, each in order. `lhs_axes` and `rhs_axes` are
    summed over, pair by pair; `lhs_batch` and `rhs_batch` are walked together.

    ```mlir
    // x @ W' : [B, K] with [N, K]
    %y = seq.contract %x [1], %w [1] : tensor<?x100xf32>, tensor<512x100xf32> -> tensor<?x512xf32>
    ```

    - (C1) what is paired are axes of their operands, and of the same size
    - (C2) no axis is named twice on one side
    - (C3) the result has the shape described above
  }];
  let arguments = (ins Seq_Number:$lhs, Seq_Number:$rhs,
                       DenseI64ArrayAttr:$lhs_axes, DenseI64ArrayAttr:$rhs_axes,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$lhs_batch,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$rhs_batch);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    $lhs $lhs_axes `,` $rhs $rhs_axes
    (`batch` $lhs_batch^ `,` $rhs_batch)?
    attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)
  }];
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$lhs, "::mlir::Value":$rhs,
      "::llvm::ArrayRef<int64_t>":$lhsAxes, "::llvm::ArrayRef<int64_t>":$rhsAxes,
      CArg<"::llvm::ArrayRef<int64_t>", "{}">:$lhsBatch,
      CArg<"::llvm::ArrayRef<int64_t>", "{}">:$rhsBatch)>,
  ];
  let extraClassDeclaration = [{
    /// The type of the result (C3); axes must be in range.
    static ::mlir::RankedTensorType inferType(
        ::mlir::RankedTensorType lhs, ::mlir::RankedTensorType rhs,
        ::llvm::ArrayRef<int64_t> lhsAxes, ::llvm::ArrayRef<int64_t> rhsAxes,
        ::llvm::ArrayRef<int64_t> lhsBatch, ::llvm::ArrayRef<int64_t> rhsBatch);
  }];
}

def Seq_ReduceOp : Seq_Op<"reduce", [Pure, Batchable]> {
  let summary = "sum, maximum or minimum over one axis";
  let description = [{
    Over no element at all a sum is zero, a maximum minus infinity and a
    minimum plus infinity. In the program of one sample a maximum or minimum
    over a dynamic axis is an error where that has no element: `seq-batch` puts
    `seq.require_length` before it.

    - (C1) `axis` is an axis of the operand
    - (C2) the result is the operand without `axis`
  }];
  let arguments = (ins Seq_ReductionKind:$kind, Seq_Number:$input, I64Attr:$axis);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    $kind $input `axis` $axis attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "ReductionKind":$kind, "::mlir::Value":$input, "int64_t":$axis)>,
  ];
}

def Seq_SoftmaxOp : Seq_Op<"softmax", [Pure, Batchable, SameOperandsAndResultType]> {
  let summary = "softmax over one axis, less its maximum for range";
  let description = [{
    - (C1) `axis` is an axis of the operand
  }];
  let arguments = (ins Seq_Number:$input, I64Attr:$axis);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = "$input `axis` $axis attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Seq_CumsumOp : Seq_Op<"cumsum", [Pure, Batchable, SameOperandsAndResultType]> {
  let summary = "running sums along one axis";
  let description = [{
    At each position of `axis` the sum of the elements up to it, itself
    included; with `reverse`, of those from it on. What stands beyond a row's
    length is never read by what stands before it: `seq-batch` fills it with
    zero where sums begin at the end.

    - (C1) `axis` is an axis of the operand
  }];
  let arguments = (ins Seq_Number:$input, I64Attr:$axis, UnitAttr:$reverse);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    (`reverse` $reverse^)? $input `axis` $axis attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

#endif // SEQ_PRODUCT_OPS_TD
