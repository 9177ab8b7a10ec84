//===- Adjoints.h - Reverse mode over one block ---------------------------===//
// Owns what is known of the gradient of each value while the ops of a block are
// walked from the last to the first (Griewank & Walther, Evaluating
// Derivatives, 2008, chapter 3).
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_ADJOINTS_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_ADJOINTS_H

#include "compiler/Dialect/Seq/Transforms/Differentiate/Activity.h"
#include "compiler/Dialect/Seq/Transforms/SavePolicy.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/DenseMap.h"

namespace seqc::seq {

/// Rules make ops with `b`, whose location is that of the op that is being
/// reversed, and read the program's own values. In the body of a backward scan
/// those are values of another region, until reverseScan has brought in what
/// was read.
class Adjoints {
public:
  Adjoints(mlir::ImplicitLocOpBuilder b, const Activity &activity,
           SavePolicy policy)
      : b(b), activity(activity), policy(policy) {}

  mlir::ImplicitLocOpBuilder b;
  const Activity &activity;
  const SavePolicy policy;

  bool isActive(mlir::Value value) const { return activity.contains(value); }

  /// Adds to the gradient of `value`, if it needs one.
  void add(mlir::Value value, mlir::Value gradient);
  /// Adds to the positions of a static axis from `offset` on.
  void addSlice(mlir::Value value, mlir::Value gradient, int64_t axis,
                int64_t offset);
  /// The sum of what was added; null where that is nothing.
  mlir::Value take(mlir::Value value);

  /// Walks the ops of `block` from the last to the first.
  mlir::LogicalResult reverse(mlir::Block &block);

  //===--- Ops that rules are written with
  //---------------------------------===//

  mlir::Value add2(mlir::Value x, mlir::Value y) {
    return mlir::arith::AddFOp::create(b, x, y);
  }
  mlir::Value sub(mlir::Value x, mlir::Value y) {
    return mlir::arith::SubFOp::create(b, x, y);
  }
  mlir::Value mul(mlir::Value x, mlir::Value y) {
    return mlir::arith::MulFOp::create(b, x, y);
  }
  mlir::Value div(mlir::Value x, mlir::Value y) {
    return mlir::arith::DivFOp::create(b, x, y);
  }
  mlir::Value neg(mlir::Value x) { return mlir::arith::NegFOp::create(b, x); }
  mlir::Value select(mlir::Value condition, mlir::Value x, mlir::Value y) {
    return mlir::arith::SelectOp::create(b, condition, x, y);
  }
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value x,
                      mlir::Value y) {
    return mlir::arith::CmpFOp::create(b, predicate, x, y);
  }
  /// A number in each place of a tensor that is like `value`.
  mlir::Value splat(mlir::Value value, double number);
  /// The same where `axis` has the size `size`.
  mlir::Value splat(mlir::Value value, int64_t axis, int64_t size,
                    double number);
  mlir::Value zeros(mlir::Value value) { return splat(value, 0); }
  /// `value`, whose axes are those of `like` that `dims` names, repeated along
  /// the others.
  mlir::Value repeat(mlir::Value value, llvm::ArrayRef<int64_t> dims,
                     mlir::Value like);
  /// `value`, which is `like` without `axis`, repeated along it.
  mlir::Value repeatAlong(mlir::Value value, int64_t axis, mlir::Value like);
  /// The size of an axis.
  mlir::OpFoldResult size(mlir::Value value, int64_t axis);

private:
  struct Slice {
    mlir::Value gradient;
    int64_t axis, offset;
    int64_t size() const;
    int64_t end() const { return offset + size(); }
  };
  struct Addends {
    llvm::SmallVector<mlir::Value> wholes;
    /// In the order of axes and offsets.
    llvm::SmallVector<Slice> slices;
  };

  void joinSlices(mlir::Value value, Addends &addends);
  mlir::LogicalResult reverse(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, Addends> addends;
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_ADJOINTS_H
