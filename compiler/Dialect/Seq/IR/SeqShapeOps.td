//===- SeqShapeOps.td - Ops that move elements ----------------------------===//
// Included by SeqOps.td, which says how constraints are numbered.
//===----------------------------------------------------------------------===//

#ifndef SEQ_SHAPE_OPS_TD
#define SEQ_SHAPE_OPS_TD

include "compiler/Dialect/Seq/IR/SeqOpBase.td"

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

def Seq_OverlapAddOp : Seq_Op<"overlap_add", [Pure, Batchable]> {
  let summary = "adds overlapping parts where they lie on an axis";
  let description = [{
    The adjoint of `seq.windows`: `axis` is that of the windows, the one behind
    it that of the positions in a window. Position `t` of the result is the sum
    of what all windows hold for it: element `k` of window `n` lies at
    `n * stride - before + k`. What lies outside is dropped; a position that no
    window holds is zero. `size` is that of the result's axis where it is
    dynamic.

    ```mlir
    %x = seq.overlap_add %y axis 0 before 1 size(%t) : tensor<?x3x8xf32> -> tensor<?x8xf32>
    ```

    - (C1) `axis` and the one behind it are axes of the operand, the latter
      static
    - (C2) `stride` is at least 1, `before` at least 0, both at most 2^31 - 1
    - (C3) the result is the operand without the axis of the positions in a
      window, and with any size along `axis`
    - (C4) there is a size where the result's axis is dynamic, and none where it
      is not
  }];
  let arguments = (ins Seq_Number:$input, Optional<Index>:$size, I64Attr:$axis,
                       DefaultValuedAttr<I64Attr, "1">:$stride,
                       DefaultValuedAttr<I64Attr, "0">:$before);
  let results = (outs Seq_Number:$result);
  let assemblyFormat = [{
    $input `axis` $axis (`stride` $stride^)? (`before` $before^)?
    (`size` `(` $size^ `)`)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let builders = [
    /// `size` is that of the result's axis: static or dynamic.
    OpBuilder<(ins "::mlir::Value":$input, "int64_t":$axis, "int64_t":$stride,
      "int64_t":$before, "::mlir::OpFoldResult":$size)>,
  ];
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

#endif // SEQ_SHAPE_OPS_TD
