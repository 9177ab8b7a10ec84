//===- SeqValueOps.td - Tokens, lengths, elementwise ----------------------===//
// Included by SeqOps.td, which says how constraints are numbered.
//===----------------------------------------------------------------------===//

#ifndef SEQ_VALUE_OPS_TD
#define SEQ_VALUE_OPS_TD

include "compiler/Dialect/Seq/IR/SeqOpBase.td"

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

def Seq_ScatterAddOp : Seq_Op<"scatter_add", [Pure, Batchable]> {
  let summary = "adds rows to a table of zeros, by token";
  let description = [{
    Row `v` of the result is the sum of the updates at all positions whose token
    is `v`, in the order of the positions: what flows back through a
    `seq.gather`. A token that no row has adds nothing; the look-up that it
    comes from has reported it. `seq-gather-one-hot` makes it of products with
    one-hot tensors, so that these are never made.

    ```mlir
    %g = seq.scatter_add %dy at %t : tensor<?x?x4xf32>, tensor<?x?xi64> -> tensor<5000x4xf32>
    ```

    - (C1) the updates begin with the axes of the tokens
    - (C2) the result is one static axis, which is not empty, then the other
      axes of the updates
  }];
  let arguments = (ins Seq_Number:$updates, Seq_Token:$tokens);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    $updates `at` $tokens attr-dict `:` type($updates) `,` type($tokens) `->` type($result)
  }];
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

def Seq_UniformOp : Seq_Op<"uniform", [Pure, Batchable]> {
  let summary = "random numbers by logical coordinates";
  let description = [{
    Uniform in [0, 1): a function of *what* is drawn and of nothing else, so
    that recomputation, padding, the order of the batch and the number of
    threads change no bit. The first axes of the result are those of `time` and
    `sample`, the coordinates; the others are static, and their elements are
    counted row by row.

    With the call's seed and step, and with Philox4x32-10:

    ```
    key  = first two words of philox(key = seed low, seed high;
                                     counter = step low, step high, site, 1)
    draw = philox(key; counter = element div 4, time, sample low, sample high),
           word element mod 4
    uniform = (word >> 8) * 2^-24
    ```

    A time that does not fit 32 bits is `low + high * 0x9E3779B9`. Without
    `sample` it is the program of one sample, which the caller knows: `seq-batch`
    gives it `seq.sample_ids`.

    - (C1) the result's shape is that of `time`, then static axes
    - (C2) `sample` has the type of `time`
    - (C3) `site` is from 0 to 2^32 - 1
  }];
  let arguments = (ins Seq_Token:$time, Optional<Seq_Token>:$sample,
                       I64Attr:$site);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    `time` `(` $time `:` type($time) `)` (`sample` `(` $sample^ `:` type($sample) `)`)?
    `site` $site attr-dict `->` type($result)
  }];
  let hasVerifier = 1;
  let builders = [
    /// `elements` are the sizes behind the coordinates.
    OpBuilder<(ins "::mlir::Value":$time, "::mlir::Value":$sample,
      "int64_t":$site, "::llvm::ArrayRef<int64_t>":$elements)>,
  ];
}

def Seq_SampleIdsOp : Seq_Op<"sample_ids", [Pure]> {
  let summary = "the logical number of each sample of the batch";
  let description = [{
    What the caller gave as `sample_ids`, or 0, 1, 2 ...: so that a sample draws
    the same numbers wherever it stands in a batch. Pure, for it is the same all
    through a call. It stands only in the program of a batch.
  }];
  let arguments = (ins Index:$size);
  let results = (outs 1DTensorOf<[I64]>:$result);
  let assemblyFormat = "`size` `(` $size `)` attr-dict `:` type($result)";
}

def Seq_StopGradientOp : Seq_Op<"stop_gradient", [
    Pure, SameOperandsAndResultType] # ElementwiseMappable.traits> {
  let summary = "its operand, which a gradient takes for a constant";
  let description = [{
    Differentiation gives its operand no adjoint. Once that is done, or where
    there is nothing to differentiate, `seq-specialize-inference` replaces the
    op with its operand.
  }];
  let arguments = (ins Seq_Number:$operand);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
}

def Seq_DropoutOp : Seq_Op<"dropout", [Pure, SameOperandsAndResultType]> {
  let summary = "in training, zeroes elements at random and scales the others";
  let description = [{
    `site` is the draw's ordinal in the program, an input of the random
    numbers that every pass keeps. With `once` all positions of a sequence have
    one mask. `seq-specialize-inference` replaces the op with its operand,
    `seq-draw-dropout` with a draw.

    - (C1) `rate` is at least 0 and at most 1
  }];
  let arguments = (ins Seq_Number:$input, F64Attr:$rate, I64Attr:$site,
                       UnitAttr:$once);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    $input `rate` $rate `site` $site (`once` $once^)? attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

#endif // SEQ_VALUE_OPS_TD
