//===- SeqOps.td - Ops of the seq dialect --------------------------------===//
// Owns the definition of every op. Constraints are numbered; the verifier and
// the tests carry the same numbers. `Cn` counts from one in each op.
//===----------------------------------------------------------------------===//

#ifndef SEQ_OPS_TD
#define SEQ_OPS_TD

include "compiler/Dialect/Seq/IR/SeqAttrs.td"
include "compiler/Dialect/Seq/IR/SeqInterfaces.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

class Seq_Op<string mnemonic, list<Trait> traits = []>
    : Op<SeqDialect, mnemonic, traits>;

def Seq_Number : RankedTensorOf<[F32]>;
def Seq_Token : RankedTensorOf<[I64]>;
def Seq_Tensor : RankedTensorOf<[F32, I64, I1]>;
/// What crosses the border of a region: tensors, and sizes.
def Seq_Value : AnyTypeOf<[Seq_Tensor, Index]>;

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
    included. What stands beyond a row's length is never read by what stands
    before it.

    - (C1) `axis` is an axis of the operand
  }];
  let arguments = (ins Seq_Number:$input, I64Attr:$axis);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = "$input `axis` $axis attr-dict `:` type($input)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Shape: broadcast, concat, slice, at, transpose, reshape, shift, iota
//===----------------------------------------------------------------------===//

def Seq_BroadcastOp : Seq_Op<"broadcast", [Pure, Batchable]> {
  let summary = "repeats a tensor along new axes";
  let description = [{
    Axis `i` of the operand becomes axis `dims[i]` of the result; the others
    are new. `sizes` are the dynamic sizes among the new axes, in order.

    - (C1) `dims` is increasing, one for each axis of the operand
    - (C2) the axes that are kept keep their sizes, and elements their type
    - (C3) there is one size for each new dynamic axis
  }];
  let arguments = (ins Seq_Tensor:$input, Variadic<Index>:$sizes,
                       DenseI64ArrayAttr:$dims);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $input (`sizes` `(` $sizes^ `)`)? `dims` $dims
    attr-dict `:` type($input) `->` type($result)
  }];
  let hasCanonicalizer = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [
    /// `sizes` are those of all new axes, in order: static or dynamic.
    OpBuilder<(ins "::mlir::Value":$input, "::llvm::ArrayRef<int64_t>":$dims,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$sizes)>,
  ];
}

def Seq_ConcatOp : Seq_Op<"concat", [Pure, Batchable]> {
  let summary = "joins tensors along an axis";
  let description = [{
    - (C1) there is at least one operand, and `axis` is an axis of each
    - (C2) the sizes along `axis` are static and add up to the result's; all
      others are equal, and so are the element types
  }];
  let arguments = (ins Variadic<Seq_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $inputs `axis` $axis attr-dict `:` type($inputs) `->` type($result)
  }];
  let hasCanonicalizer = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::ValueRange":$inputs, "int64_t":$axis)>,
  ];
}

def Seq_SliceOp : Seq_Op<"slice", [Pure, Batchable]> {
  let summary = "a contiguous part of a static axis";
  let description = [{
    Takes `size` positions from `offset` on, where `size` is the result's.

    - (C1) `axis` is an axis of the operand and static in operand and result
    - (C2) the part lies within the operand
    - (C3) all other sizes are equal, and so are the element types
  }];
  let arguments = (ins Seq_Tensor:$input, I64Attr:$axis, I64Attr:$offset);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $input `axis` $axis `offset` $offset attr-dict `:` type($input) `->` type($result)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "int64_t":$axis, "int64_t":$offset,
      "int64_t":$size)>,
  ];
}

def Seq_AtOp : Seq_Op<"at", [Pure, Batchable]> {
  let summary = "the element at a fixed position of an axis";
  let description = [{
    Drops `axis` and keeps the element at `index`, or, where `index` is
    negative, that many positions before the end. With `lengths` (one for each
    row of the dimensions before `axis`) the end is the row's own, and a
    position outside a row reads as zero: `seq.require_length` before it
    reports that as an error.

    - (C1) `axis` is an axis of the operand; a static axis holds `index`
    - (C2) the result is the operand without `axis`
    - (C3) `lengths` has rank `axis` and the shape of the dimensions before it
  }];
  let arguments = (ins Seq_Tensor:$input, Optional<Seq_Token>:$lengths,
                       I64Attr:$axis, I64Attr:$index);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $input `axis` $axis `index` $index (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    attr-dict `:` type($input) `->` type($result)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "int64_t":$axis, "int64_t":$index,
      CArg<"::mlir::Value", "{}">:$lengths)>,
  ];
}

def Seq_TransposeOp : Seq_Op<"transpose", [Pure, Batchable]> {
  let summary = "permutes axes";
  let description = [{
    Axis `i` of the result is axis `permutation[i]` of the operand.

    - (C1) `permutation` names each axis of the operand once
    - (C2) the result's sizes are the operand's, permuted
  }];
  let arguments = (ins Seq_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = "$input $permutation attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input,
      "::llvm::ArrayRef<int64_t>":$permutation)>,
  ];
  let extraClassDeclaration = [{
    /// The type of the result (C2); `permutation` must be one.
    static ::mlir::RankedTensorType inferType(
        ::mlir::RankedTensorType input, ::llvm::ArrayRef<int64_t> permutation);
  }];
}

def Seq_ReshapeOp : Seq_Op<"reshape", [Pure, Batchable]> {
  let summary = "cuts the widths between dynamic axes anew";
  let description = [{
    The same elements, row by row, in another shape. A dynamic axis stays as it
    is; static axes that stand side by side become others of the same product:
    `[?, 512]` is `[?, 8, 64]`.

    - (C1) elements have one type
    - (C2) operand and result have the same number of dynamic axes, and between
      them (and before the first and behind the last) the same number of
      elements
  }];
  let arguments = (ins Seq_Tensor:$input);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The smallest parts of which each is cut by itself, in order.
    ::llvm::SmallVector<ReshapePart> getParts();
  }];
}

def Seq_ShiftOp : Seq_Op<"shift", [Pure, Batchable, AllTypesMatch<["input", "result"]>]> {
  let summary = "moves elements along an axis";
  let description = [{
    Position `t` of `axis` takes what stands at `t - by`, and `fill` where the
    operand has no such position. `seq-batch` fills the padding of what is
    moved towards the front.

    - (C1) `axis` is an axis of the operand
    - (C2) `fill` has the operand's element type
  }];
  let arguments = (ins Seq_Tensor:$input, I64Attr:$axis, I64Attr:$by,
                       TypedAttrInterface:$fill);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $input `axis` $axis `by` $by `fill` $fill attr-dict `:` type($input)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Seq_IotaOp : Seq_Op<"iota", [Pure, Batchable]> {
  let summary = "the positions of an axis: 0, 1, 2 ...";
  let description = [{
    As numbers or as tokens. `size` is given where it is dynamic.

    - (C1) the result has one axis, of numbers or tokens
    - (C2) there is a size where the axis is dynamic, and none where it is not
  }];
  let arguments = (ins Optional<Index>:$size);
  let results = (outs AnyTypeOf<[Seq_Number, Seq_Token]>:$result);
  let assemblyFormat = "(`size` `(` $size^ `)`)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Windows of an axis
//===----------------------------------------------------------------------===//

def Seq_WindowsOp : Seq_Op<"windows", [Pure, Batchable]> {
  let summary = "overlapping parts of an axis, all of one size";
  let description = [{
    Window `n` holds the positions from `n * stride - before` on, `size` of
    them; a position that the axis does not have is zero there. The axis of the
    windows takes the place of `axis`, that of the positions in a window stands
    behind it. How many windows there are says `seq.window_count`, whose offset
    is `before + after - size`.

    ```mlir
    // three positions each: the one before, its own, the one after
    %y = seq.windows %x axis 0 size 3 before 1 after 1 : tensor<?x8xf32> -> tensor<?x3x8xf32>
    ```

    - (C1) `axis` is an axis of the operand
    - (C2) `size` and `stride` are at least 1, `before` and `after` at least 0,
      and all at most 2^31 - 1
    - (C3) the result has the shape described above
  }];
  let arguments = (ins Seq_Tensor:$input, I64Attr:$axis, I64Attr:$size,
                       DefaultValuedAttr<I64Attr, "1">:$stride,
                       DefaultValuedAttr<I64Attr, "0">:$before,
                       DefaultValuedAttr<I64Attr, "0">:$after);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $input `axis` $axis `size` $size (`stride` $stride^)? (`before` $before^)?
    (`after` $after^)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "int64_t":$axis, "int64_t":$size,
      "int64_t":$stride, "int64_t":$before, "int64_t":$after)>,
  ];
  let extraClassDeclaration = [{
    /// How the windows' axis follows from that of the operand.
    WindowShape getWindowShape() {
      return {static_cast<int64_t>(getBefore() + getAfter() - getSize()),
              static_cast<int64_t>(getStride())};
    }
    /// The type of the result (C3); `axis` must be in range.
    static ::mlir::RankedTensorType
    inferType(::mlir::RankedTensorType input, int64_t axis, int64_t size,
              const WindowShape &shape);
  }];
}

def Seq_WindowCountOp : Seq_Op<"window_count", [
    Pure, Batchable, SameOperandsAndResultType] # ElementwiseMappable.traits> {
  let summary = "how many windows an axis of this size, or length, has";
  let description = [{
    `(x + offset) / stride + 1`, rounded down; 0 where `x + offset` is negative,
    for then not even one window fits. For a size it is the size of
    `seq.windows`' result, for the lengths of rows the lengths of their windows.

    - (C1) `stride` is from 1 to 2^31, `offset` from -2^31 to 2^32
  }];
  let arguments = (ins AnyTypeOf<[Index, Seq_Token]>:$input, I64Attr:$offset,
                       DefaultValuedAttr<I64Attr, "1">:$stride);
  let results = (outs AnyTypeOf<[Index, Seq_Token]>:$result);
  let assemblyFormat = [{
    $input `offset` $offset (`stride` $stride^)? attr-dict `:` type($input)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "const WindowShape &":$shape)>,
  ];
  let extraClassDeclaration = [{
    WindowShape getWindowShape() {
      return {static_cast<int64_t>(getOffset()),
              static_cast<int64_t>(getStride())};
    }
  }];
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

def Seq_GatherOp : Seq_Op<"gather", [Pure, Batchable]> {
  let summary = "rows of a table, by token";
  let description = [{
    Looks up `table[token, …]` for each token. A token that is negative or not
    below the table's first size is an error at run time, which names the
    sample, the position and the value.

    The op is pure all the same: the error belongs to the call and orders
    nothing, so equal lookups may become one, and one whose rows nobody reads
    may go, and its error with it.

    - (C1) the table has at least one axis, and its first is static and not empty
    - (C2) the result's shape is the tokens', then the table's without its first
  }];
  let arguments = (ins Seq_Number:$table, Seq_Token:$tokens);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    $table `[` $tokens `]` attr-dict `:` type($table) `,` type($tokens) `->` type($result)
  }];
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$table, "::mlir::Value":$tokens)>,
  ];
  let extraClassDeclaration = [{
    /// The type of the result (C2); the table must have an axis.
    static ::mlir::RankedTensorType inferType(::mlir::RankedTensorType table,
                                              ::mlir::RankedTensorType tokens);
  }];
}

def Seq_OneHotOp : Seq_Op<"one_hot", [Pure, Batchable]> {
  let summary = "one at the place of each token, zero elsewhere";
  let description = [{
    A token that is negative or not below the last size is an error at run
    time, as in `seq.gather`. `seq-gather-one-hot` makes look-ups of products
    with it, so that it is made only where it is read by something else.

    - (C1) the result's shape is the tokens', then one static axis, which is
      not empty
  }];
  let arguments = (ins Seq_Token:$tokens);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = "$tokens attr-dict `:` type($tokens) `->` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Lengths
//===----------------------------------------------------------------------===//

def Seq_MaskOp : Seq_Op<"mask", [Pure, Batchable, AllTypesMatch<["input", "result"]>]> {
  let summary = "replaces what lies in the padding";
  let description = [{
    At each position of `axis` that is not below the row's length, selects
    `fill` (never multiplies: the padding may hold anything, NaN included).

    - (C1) `axis` is an axis of the operand
    - (C2) `lengths` has rank `axis` and the shape of the dimensions before it
    - (C3) `fill` has the operand's element type
  }];
  let arguments = (ins Seq_Tensor:$input, Seq_Token:$lengths, I64Attr:$axis,
                       TypedAttrInterface:$fill);
  let results = (outs Seq_Tensor:$result);
  let assemblyFormat = [{
    $input `axis` $axis `lengths` `(` $lengths `:` type($lengths) `)` `fill` $fill
    attr-dict `:` type($input)
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Seq_LengthOp : Seq_Op<"length", [Pure, Batchable]> {
  let summary = "how many positions an axis of this sample has, as a number";
  let description = [{
    Unlike `tensor.dim`, which is the size of the (padded) tensor and makes
    shapes, this is a value of the program: `seq-batch` replaces it with the
    lengths of the samples. Emitted, it has no axis; where the operand has
    rows, it may have one number for each.

    - (C1) `axis` is an axis of the operand
    - (C2) the result's shape is that of leading dimensions before `axis`
  }];
  let arguments = (ins Seq_Tensor:$input, I64Attr:$axis);
  let results = (outs Seq_Token:$result);
  let assemblyFormat = "$input `axis` $axis attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Seq_RequireLengthOp : Seq_Op<"require_length", [
    Batchable, MemoryEffects<[MemWrite]>]> {
  let summary = "an error at run time where a row is too short";
  let description = [{
    Made before what has no value for a short row: a mean or a maximum over no
    element, an index outside. `what` is that construct in the user's words,
    for the message; the place is the location.
  }];
  let arguments = (ins Seq_Token:$lengths, I64Attr:$minimum, StrAttr:$what);
  let assemblyFormat = "$lengths `at_least` $minimum `for` $what attr-dict `:` type($lengths)";
}

//===----------------------------------------------------------------------===//
// Elementwise, where arith and math have no word; random
//===----------------------------------------------------------------------===//

def Seq_SigmoidOp : Seq_Op<"sigmoid", [
    Pure, SameOperandsAndResultType] # ElementwiseMappable.traits> {
  let summary = "the logistic function 1 / (1 + exp(-x))";
  let description = [{
    An op of its own because its derivative is cheapest from its result, and
    because one form of it is not right for both signs of a large argument.
    It also stands on vectors and scalars, below this dialect's level.
  }];
  let arguments = (ins AnyTypeOf<[F32, Seq_Number, VectorOfAnyRankOf<[F32]>]>:$operand);
  let results = (outs AnyTypeOf<[F32, Seq_Number, VectorOfAnyRankOf<[F32]>]>:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
}

def Seq_DropoutOp : Seq_Op<"dropout", [Pure, SameOperandsAndResultType]> {
  let summary = "in training, zeroes elements at random and scales the others";
  let description = [{
    `site` is the draw's ordinal in the program, an input of the random
    numbers that every pass keeps. `seq-specialize-inference` replaces the op
    with its operand.

    - (C1) `rate` is at least 0 and at most 1
  }];
  let arguments = (ins Seq_Number:$input, F64Attr:$rate, I64Attr:$site);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = "$input `rate` $rate `site` $site attr-dict `:` type($input)";
  let hasVerifier = 1;
}

#endif // SEQ_OPS_TD
