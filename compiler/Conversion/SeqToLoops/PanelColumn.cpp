//===- PanelColumn.cpp - A row of weights becomes a column ----------------===//
// Loops along K.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PanelColumn.h"

#include "compiler/Conversion/SeqToLoops/Quantization.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

/// What `next` makes of each weight of the row and of what it made before.
static Value
alongK(ImplicitLocOpBuilder &b, const PanelColumn &column, Value init,
       llvm::function_ref<Value(Value k, Value weight, Value before)> next) {
  Value begin = arith::ConstantIndexOp::create(b, 0);
  Value step = arith::ConstantIndexOp::create(b, 1);
  Value end = memref::DimOp::create(b, column.weights, int64_t(1));
  auto body = [&](OpBuilder &inside, Location, Value k, ValueRange carried) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(inside.getInsertionBlock(), inside.getInsertionPoint());
    Value weight =
        memref::LoadOp::create(b, column.weights, ValueRange{column.row, k});
    Value made = next(k, weight, init ? carried.front() : Value());
    scf::YieldOp::create(b, init ? ValueRange(made) : ValueRange());
  };
  auto loop = scf::ForOp::create(b, begin, end, step,
                                 init ? ValueRange(init) : ValueRange(), body);
  return init ? loop.getResult(0) : Value();
}

/// Puts number `k` of the column in its place: those that are packed together
/// lie side by side.
static void store(ImplicitLocOpBuilder &b, const PanelColumn &to, Value number,
                  Value k) {
  Value column = to.column;
  if (to.shape.pack() > 1) {
    Value pack = arith::ConstantIndexOp::create(b, to.shape.pack());
    column = arith::AddIOp::create(b, arith::MulIOp::create(b, column, pack),
                                   arith::RemUIOp::create(b, k, pack));
    k = arith::DivUIOp::create(b, k, pack);
  }
  memref::StoreOp::create(b, number, to.panels,
                          ValueRange{to.panel, k, column});
}

void fillRounded(ImplicitLocOpBuilder &b, const PanelColumn &column) {
  Type element = column.shape.element(b.getContext());
  alongK(b, column, {}, [&](Value k, Value weight, Value) {
    if (!element.isF32())
      weight = arith::TruncFOp::create(b, element, weight);
    store(b, column, weight, k);
    return Value();
  });
}

void fillQuantized(ImplicitLocOpBuilder &b, const PanelColumn &column,
                   Value scales, Value offsets) {
  Value none = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  Value largest =
      alongK(b, column, none, [&](Value, Value weight, Value before) {
        return largerOf(b, before, weight);
      });
  const Scale scale = Scale::of(b, largest);
  Value zero = arith::ConstantOp::create(b, b.getI32IntegerAttr(0));
  Type element = column.shape.element(b.getContext());
  Value sum = alongK(b, column, zero, [&](Value k, Value weight, Value before) {
    Value multiple = quantize(b, weight, scale);
    store(b, column, arith::TruncIOp::create(b, element, multiple), k);
    return arith::AddIOp::create(b, before, multiple);
  });
  Value of = arith::ConstantOp::create(b, b.getI32IntegerAttr(-kUnsignedZero));
  const Value place[] = {column.panel, column.column};
  memref::StoreOp::create(b, scale.scale, scales, place);
  memref::StoreOp::create(b, arith::MulIOp::create(b, sum, of), offsets, place);
}

} // namespace seqc::loops
