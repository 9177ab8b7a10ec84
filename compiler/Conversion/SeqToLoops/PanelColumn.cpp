//===- PanelColumn.cpp - Weights become columns of panels -----------------===//
// Loops along K, of one column or of those that lie side by side.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PanelColumn.h"

#include "compiler/Conversion/SeqToLoops/Quantization.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

static Value constant(ImplicitLocOpBuilder &b, int64_t n) {
  return arith::ConstantIndexOp::create(b, n);
}

/// What `next` makes of each weight of the row, from `begin` to `end`, and of
/// what it made before.
static Value
alongK(ImplicitLocOpBuilder &b, const PanelColumn &column, Value begin,
       Value end, Value init,
       llvm::function_ref<Value(Value k, Value weight, Value before)> next) {
  Value step = constant(b, 1);
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

/// Puts number `k` of a column in its place: those that are packed together lie
/// side by side.
static void store(ImplicitLocOpBuilder &b, const PanelShape &shape,
                  Value number, Value panels, Value panel, Value k,
                  Value column) {
  if (shape.pack() > 1) {
    Value pack = constant(b, shape.pack());
    column = arith::AddIOp::create(b, arith::MulIOp::create(b, column, pack),
                                   arith::RemUIOp::create(b, k, pack));
    k = arith::DivUIOp::create(b, k, pack);
  }
  memref::StoreOp::create(b, number, panels, ValueRange{panel, k, column});
}

static void store(ImplicitLocOpBuilder &b, const PanelColumn &to, Value number,
                  Value k) {
  store(b, to.shape, number, to.panels, to.panel, k, to.column);
}

static Value rounded(ImplicitLocOpBuilder &b, const PanelShape &shape,
                     Value weight) {
  Type element = shape.element(b.getContext());
  return element.isF32() ? weight : arith::TruncFOp::create(b, element, weight);
}

void fillRounded(ImplicitLocOpBuilder &b, const PanelColumn &column,
                 Value begin, Value end) {
  alongK(b, column, begin, end, {}, [&](Value k, Value weight, Value) {
    store(b, column, rounded(b, column.shape, weight), k);
    return Value();
  });
}

void fillQuantized(ImplicitLocOpBuilder &b, const PanelColumn &column,
                   Value scales, Value offsets) {
  Value none = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  Value begin = constant(b, 0);
  Value end = memref::DimOp::create(b, column.weights, int64_t(1));
  Value largest = alongK(b, column, begin, end, none,
                         [&](Value, Value weight, Value before) {
                           return largerOf(b, before, weight);
                         });
  const Scale scale = Scale::of(b, largest);
  Value zero = arith::ConstantOp::create(b, b.getI32IntegerAttr(0));
  Type element = column.shape.element(b.getContext());
  auto next = [&](Value k, Value weight, Value before) -> Value {
    Value multiple = quantize(b, weight, scale);
    store(b, column, arith::TruncIOp::create(b, element, multiple), k);
    return arith::AddIOp::create(b, before, multiple);
  };
  Value sum = alongK(b, column, begin, end, zero, next);
  Value of = arith::ConstantOp::create(b, b.getI32IntegerAttr(-kUnsignedZero));
  const Value place[] = {column.panel, column.column};
  memref::StoreOp::create(b, scale.scale, scales, place);
  memref::StoreOp::create(b, arith::MulIOp::create(b, sum, of), offsets, place);
}

namespace {

/// Loops at whose innermost place code is made.
class Nest {
public:
  explicit Nest(ImplicitLocOpBuilder &b) : b(b), guard(b) {}

  Value add(Value begin, Value end) {
    auto loop = scf::ForOp::create(b, begin, end, constant(b, 1));
    b.setInsertionPointToStart(loop.getBody());
    return loop.getInductionVar();
  }

private:
  ImplicitLocOpBuilder &b;
  OpBuilder::InsertionGuard guard;
};

} // namespace

void fillTransposed(ImplicitLocOpBuilder &b, const PanelShape &shape,
                    Value weights, Value panels, Value first) {
  Nest nest(b);
  Value zero = constant(b, 0), width = constant(b, shape.panelUnits);
  Value all = memref::DimOp::create(b, weights, int64_t(1));
  Value panel = nest.add(zero, constant(b, shape.panels()));
  Value group = nest.add(zero, constant(b, shape.groups));
  // Unit `u` of the group is column `u + shift` of the weights, if there is
  // one.
  Value shift =
      arith::MulIOp::create(b, group, constant(b, shape.units)).getResult();
  shift = arith::SubIOp::create(b, shift, first);
  Value ofPanel = arith::MulIOp::create(b, panel, width);
  Value begin =
      arith::MaxSIOp::create(b, ofPanel, arith::SubIOp::create(b, zero, shift));
  Value end = arith::AddIOp::create(b, ofPanel, width);
  end = arith::MinSIOp::create(b, end, constant(b, shape.units));
  end = arith::MinSIOp::create(b, end, arith::SubIOp::create(b, all, shift));
  Value before = arith::MulIOp::create(b, group, width);
  before = arith::SubIOp::create(b, before, ofPanel);

  Value k = nest.add(zero, memref::DimOp::create(b, weights, int64_t(0)));
  auto units = scf::ParallelOp::create(b, ValueRange(begin), ValueRange(end),
                                       ValueRange(constant(b, 1)));
  b.setInsertionPointToStart(units.getBody());
  Value unit = units.getInductionVars().front();
  Value from = arith::AddIOp::create(b, unit, shift);
  Value weight = memref::LoadOp::create(b, weights, ValueRange{k, from});
  store(b, shape, rounded(b, shape, weight), panels, panel, k,
        arith::AddIOp::create(b, unit, before));
}

} // namespace seqc::loops
