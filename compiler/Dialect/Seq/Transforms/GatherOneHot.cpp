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

} // namespace

/// Whether the classes of the tokens are all that is summed over.
static bool isLookUp(const ContractSide &side) {
  auto hot = side.operand().getDefiningOp<OneHotOp>();
  return hot && side.batch().empty() && side.axes().size() == 1 &&
         side.axes().front() == hot.getType().getRank() - 1;
}

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
static Value lookUp(const ContractSide &side) {
  ContractOp op = side.op;
  OpBuilder builder(op);
  const Location loc = op.getLoc();
  Value table =
      withAxisFirst(builder, loc, side.other(), side.otherAxes().front());
  Value tokens = side.operand().getDefiningOp<OneHotOp>().getTokens();
  Value rows = GatherOp::create(builder, loc, table, tokens);
  if (side.isLeft)
    return rows;
  const int64_t tokenRank = cast<RankedTensorType>(tokens.getType()).getRank();
  SmallVector<int64_t> order(op.getType().getRank());
  std::iota(order.begin(), order.end(), 0);
  std::rotate(order.begin(), order.begin() + tokenRank, order.end());
  return TransposeOp::create(builder, loc, rows, order);
}

static bool holdsOneHot(const ContractSide &, ConcatOp concat) {
  return llvm::any_of(concat.getInputs(), [](Value input) {
    return isa_and_nonnull<OneHotOp>(input.getDefiningOp());
  });
}

void GatherOneHotPass::runOnOperation() {
  getOperation().walk([](Block *block) {
    splitContractions(*block, holdsOneHot);
    for (auto op : llvm::make_early_inc_range(block->getOps<ContractOp>()))
      for (bool isLeft : {true, false}) {
        const ContractSide side{op, isLeft};
        if (!isLookUp(side))
          continue;
        op.getResult().replaceAllUsesWith(lookUp(side));
        op.erase();
        break;
      }
  });
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
