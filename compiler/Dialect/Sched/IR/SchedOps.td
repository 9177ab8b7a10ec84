//===- SchedOps.td - Operations of the sched dialect ---------------------===//
// Products with what is made of them; work that several workers share.
//===----------------------------------------------------------------------===//

#ifndef SCHED_OPS_TD
#define SCHED_OPS_TD

include "compiler/Dialect/Sched/IR/SchedDialect.td"
include "mlir/IR/OpBase.td"

class Sched_Op<string mnemonic, list<Trait> traits = []>
    : Op<SchedDialect, mnemonic, traits>;

def Sched_ProductOp : Sched_Op<"product", [SingleBlock, NoTerminator,
                                           AttrSizedOperandSegments]> {
  let summary = "products of rows with packed weights, and what is made of them";
  let description = [{
    For each of `rows` rows and each of `units` units the sums of all groups
    (the gates of a cell's unit, say), over all `k`:

        sum[g] = init[row, g * units + unit] + lhs[row, k] * weight[g, unit, k]

    without `init`: from zero; and, with the sums as scalars, the epilogue. Its
    arguments are the row, the unit, and the sum of each group. Rows and units
    go in any order, so an epilogue reads nothing that one of another row or
    unit writes, and writes nothing that `lhs` and `init` read.

    The weights lie in panels `[panels][K][groups * width]`: unit `u` is in panel
    `u / width`, and its weight in group `g` in column
    `g * width + u % width`. So all sums of a unit come from one panel, and a
    target can keep them in registers from the first product to the last use.
    Columns of the last panel that no unit has are zero.

    With `panels(%first to %end)` only the units of those panels: the part of one
    of several workers.

    Products are added to their sum in the order of `k`, without rounding
    between: the same bits on every path.

    Weights of bf16 lie in pairs: `[panels][(K + 1) / 2][groups * width * 2]`,
    number `k` of a column `c` at `[panel, k / 2, 2 * c + k % 2]`; where K is odd, zero
    is the last one. The left operand is f32, and multiplied as it is, or bf16,
    for targets that have a dot product of pairs. Then its rows are as long as
    the pairs, with zero behind an odd K. The order of a sum of such products is
    the target's.

    Weights of int8 lie by four in the same way, and rows of int8 likewise, which
    have no sign: 128 stands for zero. A sum of such products begins with the
    column's offset, which makes up for that, and is multiplied with the scales
    of its row and of its column before it is added to `init`:

        sum[g] = init[row, g * units + unit] + row_scales[row] * scales[g, unit]
                 * (offsets[g, unit] + lhs[row, k] * weight[g, unit, k])

    `scales` and `offsets` have the columns of the panels, `[panels][groups *
    width]`.

    ```mlir
    sched.product %h, %panels init(%x) rows(%n) units(64)
        : memref<?x64xf32>, memref<4x64x64xf32>, memref<?x256xf32> {
    ^bb0(%row: index, %unit: index, %i: f32, %f: f32, %g: f32, %o: f32):
      %v = arith.mulf %i, %f : f32
      memref.store %v, %y[%row, %unit] : memref<?x64xf32>
    }
    ```
  }];
  let arguments = (ins MemRefRankOf<[F32, BF16, I8], [2]>:$lhs,
                       MemRefRankOf<[F32, BF16, I8], [3]>:$panels,
                       Optional<MemRefRankOf<[F32], [1]>>:$rowScales,
                       Optional<MemRefRankOf<[F32], [2]>>:$scales,
                       Optional<MemRefRankOf<[I32], [2]>>:$offsets,
                       Optional<MemRefRankOf<[F32], [2]>>:$init,
                       Index:$rows,
                       ConfinedAttr<I64Attr, [IntPositive]>:$units,
                       Optional<Index>:$firstPanel,
                       Optional<Index>:$endPanel);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    $lhs `,` $panels (`scales` `(` $rowScales^ `,` $scales `,` $offsets `)`)?
    (`init` `(` $init^ `)`)? `rows` `(` $rows `)`
    `units` `(` $units `)` (`panels` `(` $firstPanel^ `to` $endPanel `)`)? attr-dict
    `:` type($lhs) `,` type($panels)
    (`scales` `(` type($rowScales)^ `,` type($scales) `,` type($offsets) `)`)?
    (`,` type($init)^)? $epilogue
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getBody() { return &getEpilogue().front(); }
    ::mlir::Value getRow() { return getBody()->getArgument(0); }
    ::mlir::Value getUnit() { return getBody()->getArgument(1); }
    ::mlir::ValueRange getSums() {
      return getBody()->getArguments().drop_front(2);
    }
    int64_t getGroups() { return getBody()->getNumArguments() - 2; }
    /// The length of the left operand's rows.
    int64_t getK() { return getLhs().getType().getDimSize(1); }
    /// How many numbers of one column lie side by side.
    int64_t getPack() {
      return 32 / getPanels().getType().getElementTypeBitWidth();
    }
    /// Whether sums are whole numbers until they have their scales.
    bool isQuantized() { return static_cast<bool>(getScales()); }
    /// Units of one panel.
    int64_t getPanelUnits() {
      return getPanels().getType().getDimSize(2) / (getGroups() * getPack());
    }
  }];
  let builders = [
    /// `scales`: none, or the three memrefs.
    OpBuilder<(ins "::mlir::Value":$rows, "::mlir::Value":$lhs,
                   "::mlir::Value":$panels, "::mlir::ValueRange":$scales,
                   "::mlir::Value":$init, "int64_t":$units,
                   "int64_t":$groups)>
  ];
}

def Sched_TeamOp : Sched_Op<"team"> {
  let summary = "what follows is the work of a team";
  let description = [{
    All members of a team run the function that this stands in at the same time,
    each with its own `member` of `members`, on the same buffers. What is before
    it each of them computes for itself. `call` is the record of the running
    call, by which they find each other at a `sched.barrier`.

    `sched-share-work` cuts what follows into parts.

    ```mlir
    sched.team %call member(%m of %n)
    ```
  }];
  let arguments = (ins AnyType:$call, Index:$member, Index:$members);
  let assemblyFormat =
      "$call `member` `(` $member `of` $members `)` attr-dict `:` type($call)";
}

def Sched_BarrierOp : Sched_Op<"barrier"> {
  let summary = "all members of a team have come here";
  let description = [{
    Nobody goes on before all `members` of the team are here, and everything that
    one of them wrote before is seen by all of them behind it. A team of one
    goes on at once.

    ```mlir
    sched.barrier %call members(%n)
    ```
  }];
  let arguments = (ins AnyType:$call, Index:$members);
  let assemblyFormat =
      "$call `members` `(` $members `)` attr-dict `:` type($call)";
}

#endif // SCHED_OPS_TD
