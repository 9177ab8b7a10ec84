//===- LaneProducts.h - A step of a product's sums on lanes ---------------===//
// What the numbers of panels and rows are, and which instructions multiply
// them, is known here alone. A step takes as many numbers of each column as lie
// side by side in the panels.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_LANEPRODUCTS_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_LANEPRODUCTS_H

#include "compiler/Conversion/SchedToVector/ProductKernel.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc {

class LaneProducts {
public:
  LaneProducts(sched::ProductOp op, const VectorUnit &target, int64_t lanes,
               mlir::ImplicitLocOpBuilder &b);

  /// Steps whose numbers are all there, and how many numbers are left behind
  /// them.
  int64_t steps() { return op.getK() / pack; }
  int64_t left() { return op.getK() % pack; }

  /// The vectors that a step's weights become, which are multiplied one behind
  /// the other.
  int64_t parts() const { return isDot ? 1 : pack; }

  /// How many sums there must be at the least, so that no multiplication waits
  /// for one before it; 1 where the order of a sum must not depend on that.
  int64_t sumsInFlight() const {
    if (isDot)
      return 12;
    return parts() > 1 ? 8 : 1;
  }

  /// The weights of a step in columns from `column` on, in parts.
  mlir::SmallVector<mlir::Value> weights(mlir::Value panel, mlir::Value step,
                                         int64_t column);

  /// Part `part` of what `row` has for a step, in all lanes.
  mlir::Value input(mlir::Value row, mlir::Value step, int64_t part);

  /// What a sum is made of: f32, or whole numbers that have their scale behind
  /// all steps.
  mlir::VectorType sumType() const {
    return vectorOf(isQuantized ? mlir::Type(b.getI32Type()) : b.getF32Type(),
                    lanes);
  }

  /// What sums of whole numbers begin with in columns from `column` on.
  mlir::Value offsets(mlir::Value panel, int64_t column);

  /// `init` and such a sum with its scales.
  mlir::Value scaled(mlir::Value sum, mlir::Value row, mlir::Value panel,
                     int64_t column, mlir::Value init);

  /// Two sums as one.
  mlir::Value join(mlir::Value a, mlir::Value b);

  /// `sum` and the product of a part of either.
  mlir::Value add(mlir::Value input, mlir::Value weights, mlir::Value sum);

private:
  mlir::VectorType vectorOf(mlir::Type element, int64_t count) const {
    return mlir::VectorType::get(count, element);
  }
  mlir::Value constant(int64_t n);
  mlir::Value firstNumber(mlir::Value step);
  mlir::Value bits(int32_t value);
  mlir::Value upperHalf(mlir::Value pairs);
  mlir::Value lowerHalf(mlir::Value pairs);
  mlir::Value number(mlir::Value packs, int64_t part);
  mlir::Value broadcastPack(mlir::Value row, mlir::Value step);

  sched::ProductOp op;
  int64_t lanes, pack;
  mlir::ImplicitLocOpBuilder &b;
  /// Whether one instruction takes all numbers of a step.
  bool isDot;
  bool isQuantized;
};

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_LANEPRODUCTS_H
