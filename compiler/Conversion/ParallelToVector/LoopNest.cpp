//===- LoopNest.cpp - Parallel loops as nests of loops --------------------===//
// Nests, reductions in order, and the order for matrices that are read across.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/ParallelToVector/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace seqc {

//===----------------------------------------------------------------------===//
// Nests
//===----------------------------------------------------------------------===//

/// The positions between constant bounds.
static std::optional<int64_t> countOf(Value begin, Value end) {
  auto first = getConstantIntValue(begin), last = getConstantIntValue(end);
  if (!first || !last)
    return std::nullopt;
  return *last - *first;
}

static bool isOnePosition(Value begin, Value end, Value step) {
  auto count = countOf(begin, end), distance = getConstantIntValue(step);
  return count && distance && *count > 0 && *count <= *distance;
}

static SmallVector<Value> buildNest(ImplicitLocOpBuilder &b,
                                    const NestBounds &bounds, ValueRange inits,
                                    SmallVector<Value> &ivs, NestBody body) {
  const size_t depth = ivs.size();
  if (depth == bounds.begins.size())
    return body(ivs, inits);
  Value begin = bounds.begins[depth], end = bounds.ends[depth],
        step = bounds.steps[depth];
  auto inside = [&](Value iv, ValueRange carried) {
    ivs.push_back(iv);
    SmallVector<Value> next = buildNest(b, bounds, carried, ivs, body);
    ivs.pop_back();
    return next;
  };
  if (isOnePosition(begin, end, step))
    return inside(begin, inits);
  auto loop = scf::ForOp::create(b, begin, end, step, inits);
  OpBuilder::InsertionGuard guard(b);
  if (inits.empty()) {
    b.setInsertionPoint(loop.getBody()->getTerminator());
    inside(loop.getInductionVar(), {});
    return {};
  }
  b.setInsertionPointToEnd(loop.getBody());
  scf::YieldOp::create(
      b, inside(loop.getInductionVar(), loop.getRegionIterArgs()));
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> buildNest(ImplicitLocOpBuilder &b, const NestBounds &bounds,
                             ValueRange inits, NestBody body) {
  SmallVector<Value> ivs;
  return buildNest(b, bounds, inits, ivs, body);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

Operation *combinerOf(scf::ReduceOp reduce, unsigned i) {
  Block &block = reduce.getReductions()[i].front();
  Operation &op = block.front();
  auto result = dyn_cast<scf::ReduceReturnOp>(block.getTerminator());
  const bool isOne = op.getNextNode() == result && op.getNumOperands() == 2 &&
                     op.getNumResults() == 1 &&
                     result.getResult() == op.getResult(0);
  const bool ofBoth =
      isOne && (op.getOperand(0) == block.getArgument(0)
                    ? op.getOperand(1) == block.getArgument(1)
                    : op.getOperand(0) == block.getArgument(1) &&
                          op.getOperand(1) == block.getArgument(0));
  return ofBoth ? &op : nullptr;
}

std::optional<vector::CombiningKind> combiningKindOf(scf::ReduceOp reduce,
                                                     unsigned i) {
  Operation *combiner = combinerOf(reduce, i);
  if (isa_and_nonnull<arith::AddFOp>(combiner))
    return vector::CombiningKind::ADD;
  if (isa_and_nonnull<arith::MaximumFOp>(combiner))
    return vector::CombiningKind::MAXIMUMF;
  if (isa_and_nonnull<arith::MinimumFOp>(combiner))
    return vector::CombiningKind::MINIMUMF;
  return std::nullopt;
}

static bool mayContract(arith::FastMathFlags flags) {
  return bitEnumContainsAll(flags, arith::FastMathFlags::contract);
}

arith::MulFOp contractedProduct(scf::ReduceOp reduce, unsigned i) {
  auto sum = dyn_cast_or_null<arith::AddFOp>(combinerOf(reduce, i));
  auto product = reduce.getOperands()[i].getDefiningOp<arith::MulFOp>();
  const bool isContracted = sum && product && product->hasOneUse() &&
                            mayContract(sum.getFastmath()) &&
                            mayContract(product.getFastmath());
  return isContracted ? product : arith::MulFOp();
}

Value combine(ImplicitLocOpBuilder &b, scf::ReduceOp reduce, unsigned i,
              Value sum, Value value) {
  return clone(b, combinerOf(reduce, i), sum.getType(), {sum, value})
      ->getResult(0);
}

Value addProduct(ImplicitLocOpBuilder &b, Value x, Value y, Value sum) {
  if (isa<VectorType>(sum.getType()))
    return vector::FMAOp::create(b, x, y, sum);
  return math::FmaOp::create(b, x, y, sum);
}

//===----------------------------------------------------------------------===//
// Scalar loops
//===----------------------------------------------------------------------===//

/// What value number `i` makes of `sum`.
static Value combineScalar(ImplicitLocOpBuilder &b, scf::ReduceOp reduce,
                           unsigned i, Value sum) {
  if (arith::MulFOp product = contractedProduct(reduce, i))
    return addProduct(b, product.getLhs(), product.getRhs(), sum);
  Block &region = reduce.getReductions()[i].front();
  IRMapping mapping;
  mapping.map(region.getArgument(0), sum);
  mapping.map(region.getArgument(1), reduce.getOperands()[i]);
  for (Operation &op : region.without_terminator())
    b.clone(op, mapping);
  auto result = cast<scf::ReduceReturnOp>(region.getTerminator());
  return mapping.lookupOrDefault(result.getResult());
}

/// Moves the body of `loop` to the builder's place; gives the next sums.
static SmallVector<Value> moveBody(ImplicitLocOpBuilder &b,
                                   scf::ParallelOp loop, ValueRange ivs,
                                   ValueRange sums) {
  Block *body = loop.getBody();
  for (auto [argument, iv] : llvm::zip_equal(body->getArguments(), ivs))
    argument.replaceAllUsesWith(iv);
  auto reduce = cast<scf::ReduceOp>(body->getTerminator());
  b.getInsertionBlock()->getOperations().splice(b.getInsertionPoint(),
                                                body->getOperations());
  b.setInsertionPoint(reduce);
  SmallVector<Value> next;
  for (auto [i, sum] : llvm::enumerate(sums))
    next.push_back(combineScalar(b, reduce, i, sum));
  b.setInsertionPointAfter(reduce);
  reduce.erase();
  return next;
}

NestBounds boundsOf(scf::ParallelOp loop) {
  return {SmallVector<Value>(loop.getLowerBound()),
          SmallVector<Value>(loop.getUpperBound()),
          SmallVector<Value>(loop.getStep())};
}

/// Columns that are written together where there are no lanes: what has
/// another order, a transposed matrix, is then read line by line of the cache.
static constexpr int64_t kColumnsOfBlock = 32;

/// Whether `loop` writes a matrix element by element.
static bool isBlocked(scf::ParallelOp loop) {
  if (loop.getNumLoops() != 2 || loop.getNumReductions() > 0)
    return false;
  auto columns =
      countOf(loop.getLowerBound().back(), loop.getUpperBound().back());
  auto step = getConstantIntValue(loop.getStep().back());
  return columns && *columns > kColumnsOfBlock && step == 1 &&
         llvm::none_of(loop.getBody()->without_terminator(),
                       [](Operation &op) { return op.getNumRegions() > 0; });
}

/// The loops over a matrix, block of columns by block.
static void moveIntoBlocks(ImplicitLocOpBuilder &b, scf::ParallelOp loop) {
  const NestBounds all = boundsOf(loop);
  Value width = arith::ConstantIndexOp::create(b, kColumnsOfBlock);
  auto overBlock = [&](ValueRange first, ValueRange) -> SmallVector<Value> {
    Value behind = arith::AddIOp::create(b, first.front(), width);
    Value last = arith::MinUIOp::create(b, behind, all.ends[1]);
    NestBounds block = {
        {all.begins[0], first.front()}, {all.ends[0], last}, all.steps};
    return buildNest(b, block, {}, [&](ValueRange ivs, ValueRange sums) {
      return moveBody(b, loop, ivs, sums);
    });
  };
  buildNest(b, {{all.begins[1]}, {all.ends[1]}, {width}}, {}, overBlock);
}

SmallVector<scf::ParallelOp> outermostLoops(Operation *root) {
  SmallVector<scf::ParallelOp> loops;
  for (Region &region : root->getRegions())
    region.walk<WalkOrder::PreOrder>([&](scf::ParallelOp loop) {
      loops.push_back(loop);
      return WalkResult::skip();
    });
  return loops;
}

void lowerToScalarLoops(scf::ParallelOp loop) {
  ImplicitLocOpBuilder b(loop.getLoc(), loop);
  SmallVector<Value> sums;
  if (isBlocked(loop))
    moveIntoBlocks(b, loop);
  else
    sums = buildNest(b, boundsOf(loop), loop.getInitVals(),
                     [&](ValueRange ivs, ValueRange sums) {
                       return moveBody(b, loop, ivs, sums);
                     });
  loop.replaceAllUsesWith(sums);
  loop.erase();
}

} // namespace seqc
