//===- InvertRoots.cpp - Divisions by a root become products --------------===//
// A quotient by a root that is the same along an axis is a product with the
// root's inverse: one division for all positions.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_INVERTROOTSPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct InvertRootsPass : impl::InvertRootsPassBase<InvertRootsPass> {
  void runOnOperation() override;
};

} // namespace

/// Of a root no inverse overflows, and none is a denormal: it is 0, infinite
/// or well inside of what a float can say. Of other numbers that is not known.
static math::SqrtOp repeatedRoot(Value divisor) {
  auto broadcast = divisor.getDefiningOp<BroadcastOp>();
  return broadcast ? broadcast.getInput().getDefiningOp<math::SqrtOp>()
                   : math::SqrtOp();
}

/// The inverse of the root that `broadcast` repeats, repeated.
static Value makeInverse(BroadcastOp broadcast, math::SqrtOp root) {
  OpBuilder builder(broadcast);
  Value inverse =
      math::RsqrtOp::create(builder, root.getLoc(), root.getOperand());
  return BroadcastOp::create(builder, broadcast.getLoc(), broadcast.getType(),
                             inverse, broadcast.getSizes(),
                             broadcast.getDims());
}

void InvertRootsPass::runOnOperation() {
  DenseMap<Value, Value> inverses;
  getOperation().walk([&](arith::DivFOp division) {
    Value divisor = division.getRhs();
    math::SqrtOp root = repeatedRoot(divisor);
    if (!root)
      return;
    Value &inverse = inverses[divisor];
    if (!inverse)
      inverse = makeInverse(divisor.getDefiningOp<BroadcastOp>(), root);
    OpBuilder builder(division);
    Value product = arith::MulFOp::create(builder, division.getLoc(),
                                          division.getLhs(), inverse);
    division.replaceAllUsesWith(product);
    division.erase();
  });
}

} // namespace seqc::seq
