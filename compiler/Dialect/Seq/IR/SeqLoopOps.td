//===- SeqLoopOps.td - Loops: the time loop, the map ----------------------===//
// Included by SeqOps.td, which says how constraints are numbered.
//===----------------------------------------------------------------------===//

#ifndef SEQ_LOOP_OPS_TD
#define SEQ_LOOP_OPS_TD

include "compiler/Dialect/Seq/IR/SeqOpBase.td"

//===----------------------------------------------------------------------===//
// Loops: the time loop, the map, their terminator
//===----------------------------------------------------------------------===//

def Seq_ScanOp : Seq_Op<"scan", [
    Batchable, AttrSizedOperandSegments, IsolatedFromAbove, RecursiveMemoryEffects,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "the time loop: a step function carried over a sequence";
  let description = [{
    Runs `body` once for each position of `sequences` along `axis`, from the
    first to the last, or from the last to the first with `reverse`. The body
    takes a position's elements of the sequences, the states before the step
    and the invariants; it yields the states after the step and the step's
    outputs. The results are the final states and the outputs of all steps,
    stacked along `axis` at the position of the element they belong to.

    With `lengths` (one for each row of the dimensions before `axis`), a row
    takes part in the steps at positions below its length only: at the others
    it keeps its states, and its outputs are zero. So a reversed row begins at
    its own end. A row of length 0 ends with its initial states.

    The form (operands explicit, body isolated) is that of JAX's `scan`.

    - (C1) there is at least one sequence; `axis` is an axis of each, and all
      have the same size along it
    - (C2) the body's arguments are the sequences without `axis`, the states,
      the invariants
    - (C3) the body yields the states' types, then the outputs without `axis`
    - (C4) the first results are the final states, of the types of the initial
      ones; all others have the sequences' size along `axis`
    - (C5) `lengths` has rank `axis` and its shape is that of the leading
      dimensions of each sequence, state and output
  }];
  let arguments = (ins Variadic<Seq_Tensor>:$sequences,
                       Variadic<Seq_Tensor>:$inits,
                       Variadic<Seq_Value>:$invariants,
                       Optional<Seq_Token>:$lengths,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       UnitAttr:$reverse);
  let results = (outs Variadic<Seq_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`reverse` $reverse^)? (`axis` $axis^)?
    `sequences` `(` $sequences `:` type($sequences) `)`
    (`states` `(` $inits^ `:` type($inits) `)`)?
    (`invariants` `(` $invariants^ `:` type($invariants) `)`)?
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    attr-dict-with-keyword (`->` type($results)^)? $body
  }];
  let skipDefaultBuilders = 1;
  let builders = [
    /// An empty body, with its arguments: for a caller that moves ops in.
    OpBuilder<(ins "::mlir::ValueRange":$sequences, "::mlir::ValueRange":$inits,
      "::mlir::ValueRange":$invariants, "::mlir::Value":$lengths,
      "int64_t":$axis, "bool":$reverse, "::mlir::TypeRange":$stepOutputs)>,
    /// A body that `body` fills in; it gives what is yielded.
    OpBuilder<(ins "::mlir::ValueRange":$sequences, "::mlir::ValueRange":$inits,
      "::mlir::ValueRange":$invariants, "::mlir::Value":$lengths,
      "int64_t":$axis, "bool":$reverse, "ScanBodyFn":$body)>,
  ];
  let extraClassDeclaration = [{
    /// The body's arguments by role.
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getElementArgs();
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getStateArgs();
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getInvariantArgs();
    /// The results by role.
    ::mlir::ResultRange getFinals();
    ::mlir::ResultRange getOutputs();
    /// The yielded values by role.
    ::mlir::OperandRange getNextStates();
    ::mlir::OperandRange getStepOutputs();
    YieldOp getYield();
  }];
  let hasCanonicalizer = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Seq_MapOp : Seq_Op<"map", [
    AttrSizedOperandSegments, IsolatedFromAbove, RecursiveMemoryEffects,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "the same computation at each position of a dimension";
  let description = [{
    Runs `body` at each position of the first axis of `sequences` and stacks
    what it yields along a new first axis. This is how a layer that is given
    one more leading dimension than it declares is written (lifting), and
    `for`. It stands only in the program of one sample: `seq-batch` turns it
    into operations on whole tensors.

    - (C1) there is at least one sequence; all sequences and results have the
      same first size
    - (C2) the body's arguments are the sequences without their first axis,
      then the invariants
    - (C3) the body yields the results without their first axis
  }];
  let arguments = (ins Variadic<Seq_Tensor>:$sequences,
                       Variadic<Seq_Value>:$invariants);
  let results = (outs Variadic<Seq_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `sequences` `(` $sequences `:` type($sequences) `)`
    (`invariants` `(` $invariants^ `:` type($invariants) `)`)?
    attr-dict-with-keyword (`->` type($results)^)? $body
  }];
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::mlir::ValueRange":$sequences,
      "::mlir::ValueRange":$invariants, "MapBodyFn":$body)>,
  ];
  let extraClassDeclaration = [{
    /// The body's arguments by role.
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getElementArgs();
    ::llvm::MutableArrayRef<::mlir::BlockArgument> getInvariantArgs();
    YieldOp getYield();
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Seq_YieldOp : Seq_Op<"yield", [
    Pure, Terminator, ReturnLike, ParentOneOf<["ScanOp", "MapOp"]>]> {
  let summary = "ends the body of a scan or a map";
  let arguments = (ins Variadic<Seq_Tensor>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ }]>];
}

#endif // SEQ_LOOP_OPS_TD
