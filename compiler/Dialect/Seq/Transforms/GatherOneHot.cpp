//===- GatherOneHot.cpp - Products with one-hot tensors are look-ups ------===//
// A sum of products with a row that is one at a token and zero elsewhere takes
// a row of the other operand; a sum over all tokens adds rows at their tokens.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/Matchers.h"

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

//===----------------------------------------------------------------------===//
// Sums over all tokens
//===----------------------------------------------------------------------===//

/// The one-hot tensor that `value` is, behind masks that put zeros into it.
static OneHotOp findOneHot(Value value, SmallVectorImpl<MaskOp> &masks) {
  while (auto mask = value.getDefiningOp<MaskOp>()) {
    if (!matchPattern(mask.getFill(), m_AnyZeroFloat()))
      return {};
    masks.push_back(mask);
    value = mask.getInput();
  }
  return value.getDefiningOp<OneHotOp>();
}

/// Whether the tokens' axes are all that is summed over.
static bool isScatter(const ContractSide &side) {
  SmallVector<MaskOp> masks;
  OneHotOp hot = findOneHot(side.operand(), masks);
  if (!hot || !side.batch().empty())
    return false;
  const int64_t tokenRank = hot.getTokens().getType().getRank();
  auto isOfTokens = [&](int64_t axis) { return axis < tokenRank; };
  return static_cast<int64_t>(side.axes().size()) == tokenRank &&
         llvm::all_of(side.axes(), isOfTokens) &&
         llvm::all_of(masks, [&](MaskOp mask) {
           return isOfTokens(static_cast<int64_t>(mask.getAxis()));
         });
}

/// The other operand with the tokens' axes in front, in their order.
static Value updatesOf(OpBuilder &builder, const ContractSide &side) {
  const int64_t rank = cast<RankedTensorType>(side.other().getType()).getRank();
  SmallVector<int64_t> order(side.axes().size());
  for (auto [axis, other] : llvm::zip_equal(side.axes(), side.otherAxes()))
    order[axis] = other;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(side.otherAxes(), axis))
      order.push_back(axis);
  if (llvm::is_sorted(order))
    return side.other();
  return TransposeOp::create(builder, side.other().getLoc(), side.other(),
                             order);
}

/// The sums, with the classes where the product has them. Zeros that masks put
/// into the one-hot tensor go into what it was multiplied with.
static Value scatter(const ContractSide &side) {
  ContractOp op = side.op;
  OpBuilder builder(op);
  const Location loc = op.getLoc();
  SmallVector<MaskOp> masks;
  OneHotOp hot = findOneHot(side.operand(), masks);
  Value updates = updatesOf(builder, side);
  for (MaskOp mask : masks)
    updates = builder.createOrFold<MaskOp>(loc, updates, mask.getLengths(),
                                           mask.getAxis(), mask.getFill());
  auto updatesType = cast<RankedTensorType>(updates.getType());
  SmallVector<int64_t> shape = {hot.getType().getShape().back()};
  llvm::append_range(shape,
                     updatesType.getShape().drop_front(side.axes().size()));
  Value sums = ScatterAddOp::create(builder, loc, updatesType.clone(shape),
                                    updates, hot.getTokens());
  if (side.isLeft || shape.size() == 1)
    return sums;
  SmallVector<int64_t> order(shape.size());
  std::iota(order.begin(), order.end(), 1);
  order.back() = 0;
  return TransposeOp::create(builder, loc, sums, order);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

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
        if (!isLookUp(side) && !isScatter(side))
          continue;
        op.getResult().replaceAllUsesWith(isLookUp(side) ? lookUp(side)
                                                         : scatter(side));
        op.erase();
        break;
      }
  });
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
