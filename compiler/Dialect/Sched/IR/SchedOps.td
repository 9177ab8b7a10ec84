//===- SchedOps.td - Operations of the sched dialect ---------------------===//
// Products with what is made of them.
//===----------------------------------------------------------------------===//

#ifndef SCHED_OPS_TD
#define SCHED_OPS_TD

include "compiler/Dialect/Sched/IR/SchedDialect.td"
include "mlir/IR/OpBase.td"

class Sched_Op<string mnemonic, list<Trait> traits = []>
    : Op<SchedDialect, mnemonic, traits>;

def Sched_ProductOp : Sched_Op<"product", [SingleBlock, NoTerminator]> {
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

    Products are added to their sum in the order of `k`, without rounding
    between: the same bits on every path.

    Weights of bf16 lie in pairs: `[panels][(K + 1) / 2][groups * width * 2]`,
    number `k` of a column `c` at `[panel, k / 2, 2 * c + k % 2]`; where K is odd, zero
    is the last one. The left operand is f32, and multiplied as it is, or bf16,
    for targets that have a dot product of pairs. Then its rows are as long as
    the pairs, with zero behind an odd K. The order of a sum of such products is
    the target's.

    ```mlir
    sched.product %h, %panels init(%x) rows(%n) units(64)
        : memref<?x64xf32>, memref<4x64x64xf32>, memref<?x256xf32> {
    ^bb0(%row: index, %unit: index, %i: f32, %f: f32, %g: f32, %o: f32):
      %v = arith.mulf %i, %f : f32
      memref.store %v, %y[%row, %unit] : memref<?x64xf32>
    }
    ```
  }];
  let arguments = (ins MemRefRankOf<[F32, BF16], [2]>:$lhs,
                       MemRefRankOf<[F32, BF16], [3]>:$panels,
                       Optional<MemRefRankOf<[F32], [2]>>:$init,
                       Index:$rows,
                       ConfinedAttr<I64Attr, [IntPositive]>:$units);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    $lhs `,` $panels (`init` `(` $init^ `)`)? `rows` `(` $rows `)`
    `units` `(` $units `)` attr-dict
    `:` type($lhs) `,` type($panels) (`,` type($init)^)? $epilogue
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
      return getPanels().getType().getElementType().isF32() ? 1 : 2;
    }
    /// Units of one panel.
    int64_t getPanelUnits() {
      return getPanels().getType().getDimSize(2) / (getGroups() * getPack());
    }
  }];
  let builders = [
    OpBuilder<(ins "::mlir::Value":$rows, "::mlir::Value":$lhs,
                   "::mlir::Value":$panels, "::mlir::Value":$init,
                   "int64_t":$units, "int64_t":$groups)>
  ];
}

#endif // SCHED_OPS_TD
