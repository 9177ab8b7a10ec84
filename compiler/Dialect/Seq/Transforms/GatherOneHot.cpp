//===- GatherOneHot.cpp - Products with one-hot tensors are look-ups ------===//
// A sum of products with a row that is one at a token and zero elsewhere takes
// a row of the other operand.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include <numeric>

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_GATHERONEHOTPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct GatherOneHotPass : impl::GatherOneHotPassBase<GatherOneHotPass> {
  void runOnOperation() override;
};

/// A contraction seen from its one-hot operand.
struct OneHotProduct {
  ContractOp op;
  bool isLeft;

  Value hot() { return isLeft ? op.getLhs() : op.getRhs(); }
  Value other() { return isLeft ? op.getRhs() : op.getLhs(); }
  ArrayRef<int64_t> hotAxes() {
    return isLeft ? op.getLhsAxes() : op.getRhsAxes();
  }
  ArrayRef<int64_t> otherAxes() {
    return isLeft ? op.getRhsAxes() : op.getLhsAxes();
  }

  /// Whether the classes of the tokens are all that is summed over.
  bool isLookUp() {
    auto hotOp = hot().getDefiningOp<OneHotOp>();
    return hotOp && op.getLhsBatch().empty() && hotAxes().size() == 1 &&
           hotAxes().front() == hotOp.getType().getRank() - 1;
  }
  Value lookUp();
};

} // namespace

/// `value` with `axis` moved to the front.
static Value withAxisFirst(OpBuilder &builder, Location loc, Value value,
                           int64_t axis) {
  if (axis == 0)
    return value;
  SmallVector<int64_t> order(cast<RankedTensorType>(value.getType()).getRank());
  std::iota(order.begin(), order.end(), 0);
  std::rotate(order.begin(), order.begin() + axis, order.begin() + axis + 1);
  return TransposeOp::create(builder, loc, value, order);
}

/// The rows, with the axes of the tokens where the product has them.
Value OneHotProduct::lookUp() {
  OpBuilder builder(op);
  const Location loc = op.getLoc();
  Value table = withAxisFirst(builder, loc, other(), otherAxes().front());
  Value tokens = hot().getDefiningOp<OneHotOp>().getTokens();
  Value rows = GatherOp::create(builder, loc, table, tokens);
  if (isLeft)
    return rows;
  const int64_t tokenRank = cast<RankedTensorType>(tokens.getType()).getRank();
  SmallVector<int64_t> order(op.getType().getRank());
  std::iota(order.begin(), order.end(), 0);
  std::rotate(order.begin(), order.begin() + tokenRank, order.end());
  return TransposeOp::create(builder, loc, rows, order);
}

static bool holdsOneHot(ConcatOp concat) {
  return llvm::any_of(concat.getInputs(), [](Value input) {
    return isa_and_nonnull<OneHotOp>(input.getDefiningOp());
  });
}

void GatherOneHotPass::runOnOperation() {
  getOperation().walk([](Block *block) {
    splitContractions(*block, holdsOneHot);
    for (auto op : llvm::make_early_inc_range(block->getOps<ContractOp>()))
      for (bool isLeft : {true, false}) {
        OneHotProduct product{op, isLeft};
        if (!product.isLookUp())
          continue;
        op.getResult().replaceAllUsesWith(product.lookUp());
        op.erase();
        break;
      }
  });
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
