//===- UnrollTime.cpp - Several steps in one iteration --------------------===//
// Writes short loops of literal length out, and says which others are worth
// unrolling by a factor.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_UNROLLTIMEPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {
struct UnrollTimePass : impl::UnrollTimePassBase<UnrollTimePass> {
  using UnrollTimePassBase::UnrollTimePassBase;
  void runOnOperation() override;

private:
  bool isShort(ScanOp scan) const;
  bool isTiny(ScanOp scan) const;
};
} // namespace

static int64_t stepsOf(ScanOp scan) {
  auto type = cast<RankedTensorType>(scan.getSequences().front().getType());
  return type.getDimSize(scan.getAxis());
}

bool UnrollTimePass::isShort(ScanOp scan) const {
  const int64_t steps = stepsOf(scan);
  return !scan.getLengths() && steps > 0 && steps <= maxFull;
}

/// How many elements a row of a value has: what of its shape is static.
static int64_t widthOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  int64_t width = 1;
  for (int64_t size : type ? type.getShape() : ArrayRef<int64_t>())
    width *= ShapedType::isDynamic(size) ? 1 : size;
  return width;
}

bool UnrollTimePass::isTiny(ScanOp scan) const {
  return llvm::all_of(scan.getBody().front(), [&](Operation &op) {
    return op.getNumRegions() == 0 &&
           llvm::all_of(op.getOperands(),
                        [&](Value v) { return widthOf(v) <= maxWidth; });
  });
}

/// The outputs of all steps as one tensor.
static Value stack(OpBuilder &builder, Location loc, ArrayRef<Value> steps,
                   Type result, int64_t axis) {
  auto type = cast<RankedTensorType>(steps.front().getType());
  SmallVector<int64_t> dims;
  for (int64_t i : llvm::seq<int64_t>(0, type.getRank()))
    dims.push_back(i + (i >= axis ? 1 : 0));
  SmallVector<Value> layers;
  for (Value step : steps)
    layers.push_back(
        BroadcastOp::create(builder, loc, step, dims,
                            ArrayRef<OpFoldResult>(builder.getIndexAttr(1))));
  return ConcatOp::create(builder, loc, result, layers, axis);
}

/// One step: the body, with these states; gives what it yields.
static SmallVector<Value> copyStep(OpBuilder &builder, ScanOp scan,
                                   int64_t position, ValueRange states) {
  IRMapping mapping;
  for (auto [argument, sequence] :
       llvm::zip_equal(scan.getElementArgs(), scan.getSequences()))
    mapping.map(argument,
                AtOp::create(builder, scan.getLoc(), sequence,
                             static_cast<int64_t>(scan.getAxis()), position));
  for (auto [argument, state] : llvm::zip_equal(scan.getStateArgs(), states))
    mapping.map(argument, state);
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
    mapping.map(argument, invariant);
  for (Operation &op : scan.getBody().front().without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(scan.getYield().getValues(), [&](Value value) {
    return mapping.lookup(value);
  });
}

static void unrollFully(ScanOp scan) {
  OpBuilder builder(scan);
  const int64_t steps = stepsOf(scan);
  const size_t stateCount = scan.getInits().size();
  SmallVector<Value> states(scan.getInits());
  SmallVector<SmallVector<Value>> outputs(scan.getOutputs().size(),
                                          SmallVector<Value>(steps));
  for (int64_t step : llvm::seq<int64_t>(0, steps)) {
    const int64_t position = scan.getReverse() ? steps - 1 - step : step;
    SmallVector<Value> yielded = copyStep(builder, scan, position, states);
    states.assign(yielded.begin(), yielded.begin() + stateCount);
    for (size_t i = 0; i < outputs.size(); ++i)
      outputs[i][position] = yielded[stateCount + i];
  }
  SmallVector<Value> results(states);
  for (auto [layers, result] : llvm::zip_equal(outputs, scan.getOutputs()))
    results.push_back(stack(builder, scan.getLoc(), layers, result.getType(),
                            scan.getAxis()));
  scan.replaceAllUsesWith(results);
  scan.erase();
}

void UnrollTimePass::runOnOperation() {
  SmallVector<ScanOp> scans;
  getOperation().walk([&](ScanOp scan) { scans.push_back(scan); });
  Builder builder(&getContext());
  for (ScanOp scan : scans) {
    if (isShort(scan))
      unrollFully(scan);
    else if (factor > 1 && isTiny(scan))
      scan->setAttr(kUnrollAttr, builder.getI64IntegerAttr(factor));
  }
}

} // namespace seqc::seq
