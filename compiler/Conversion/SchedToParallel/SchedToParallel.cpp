//===- SchedToParallel.cpp - Scheduled work as parallel loops -------------===//
// The pass: one position of a loop for each row and unit of a product.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace seqc {
#define GEN_PASS_DEF_CONVERTSCHEDTOPARALLELPASS
#include "compiler/Conversion/Passes.h.inc"

using sched::ProductOp;

namespace {

class ParallelProduct {
public:
  explicit ParallelProduct(ProductOp op)
      : op(op), b(op.getLoc(), op), zero(constant(0)), one(constant(1)) {}

  void emit();

private:
  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }
  /// `index + group * size`: a group's place behind those before it.
  Value inGroup(Value index, int64_t group, int64_t size) {
    return group == 0 ? index
                      : arith::AddIOp::create(b, index, constant(group * size));
  }

  Value beginSum(Value row, Value unit, int64_t group);
  Value number(Value memref, ValueRange place);
  Value weight(Value panel, Value k, Value column);
  ValueRange emitSums(Value row, Value unit);

  ProductOp op;
  ImplicitLocOpBuilder b;
  Value zero, one;
};

} // namespace

Value ParallelProduct::beginSum(Value row, Value unit, int64_t group) {
  if (!op.getInit())
    return arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  Value column = inGroup(unit, group, op.getUnits());
  return memref::LoadOp::create(b, op.getInit(), ValueRange{row, column});
}

/// What is at a place, as f32.
Value ParallelProduct::number(Value memref, ValueRange place) {
  Value number = memref::LoadOp::create(b, memref, place);
  return number.getType().isF32()
             ? number
             : arith::ExtFOp::create(b, b.getF32Type(), number);
}

/// Number `k` of a column of the panels, where as many as they pack lie side by
/// side.
Value ParallelProduct::weight(Value panel, Value k, Value column) {
  if (op.getPack() == 1)
    return number(op.getPanels(), {panel, k, column});
  Value pack = constant(op.getPack());
  Value step = arith::DivUIOp::create(b, k, pack);
  Value first = arith::MulIOp::create(b, column, pack);
  Value behind = arith::RemUIOp::create(b, k, pack);
  return number(op.getPanels(),
                {panel, step, arith::AddIOp::create(b, first, behind)});
}

/// The sum of each group, along K.
ValueRange ParallelProduct::emitSums(Value row, Value unit) {
  Value width = constant(op.getPanelUnits());
  Value panel = arith::DivUIOp::create(b, unit, width);
  Value inPanel = arith::RemUIOp::create(b, unit, width);
  SmallVector<Value> begin, columns;
  for (int64_t group = 0; group < op.getGroups(); ++group) {
    begin.push_back(beginSum(row, unit, group));
    columns.push_back(inGroup(inPanel, group, op.getPanelUnits()));
  }
  auto step = [&](OpBuilder &, Location, Value k, ValueRange sums) {
    Value x = number(op.getLhs(), {row, k});
    SmallVector<Value> next;
    for (auto [column, sum] : llvm::zip_equal(columns, sums))
      next.push_back(math::FmaOp::create(b, x, weight(panel, k, column), sum));
    scf::YieldOp::create(b, next);
  };
  return scf::ForOp::create(b, zero, constant(op.getK()), one, begin, step)
      .getResults();
}

void ParallelProduct::emit() {
  Value units = constant(op.getUnits()), begin = zero, end = units;
  if (op.getFirstPanel()) {
    Value width = constant(op.getPanelUnits());
    begin = arith::MulIOp::create(b, op.getFirstPanel(), width);
    end = arith::MulIOp::create(b, op.getEndPanel(), width);
    end = arith::MinUIOp::create(b, end, units);
  }
  auto body = [&](OpBuilder &, Location, ValueRange place) {
    IRMapping mapping;
    mapping.map(op.getRow(), place[0]);
    mapping.map(op.getUnit(), place[1]);
    mapping.map(op.getSums(), emitSums(place[0], place[1]));
    for (Operation &inner : *op.getBody())
      b.clone(inner, mapping);
  };
  auto loop = scf::ParallelOp::create(b, ValueRange{zero, begin},
                                      ValueRange{op.getRows(), end},
                                      ValueRange{one, one}, body);
  if (op->hasAttr("seq.independent"))
    loop->setAttr("seq.independent", b.getUnitAttr());
}

namespace {

struct ConvertSchedToParallelPass
    : impl::ConvertSchedToParallelPassBase<ConvertSchedToParallelPass> {
  void runOnOperation() override {
    SmallVector<ProductOp> products;
    getOperation()->walk([&](ProductOp op) { products.push_back(op); });
    for (ProductOp op : products) {
      if (op.isQuantized()) {
        op.emitOpError("of int8 has no parallel form");
        return signalPassFailure();
      }
      ParallelProduct(op).emit();
      op.erase();
    }
  }
};

} // namespace
} // namespace seqc
