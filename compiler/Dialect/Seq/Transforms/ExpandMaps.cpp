//===- ExpandMaps.cpp - Maps become operations on whole tensors -----------===//
// A map's dimension is given to everything in its body, as seq-batch gives the
// batch to everything in @main.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_EXPANDMAPSPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct ExpandMapsPass : impl::ExpandMapsPassBase<ExpandMapsPass> {
  void runOnOperation() override;
};

} // namespace

/// Replaces a map with its body, whose values have the map's dimension.
static LogicalResult expand(MapOp map) {
  OpBuilder builder(map);
  Value first = map.getSequences().front();
  const int64_t extent = cast<RankedTensorType>(first.getType()).getDimSize(0);
  Value size;
  if (ShapedType::isDynamic(extent))
    size = tensor::DimOp::create(builder, map.getLoc(), first, 0);
  Batcher batcher(builder, /*position=*/0, extent, size);
  for (auto [argument, operand] :
       llvm::zip_equal(map.getBody().getArguments(), map.getOperands()))
    batcher.set(argument, operand);
  if (failed(batcher.rewrite(map.getBody().front())))
    return failure();
  SmallVector<Value> results;
  for (Value value : map.getYield().getValues())
    results.push_back(batcher.expand(batcher.get(value), map.getLoc()));
  map.replaceAllUsesWith(results);
  map.erase();
  return success();
}

void ExpandMapsPass::runOnOperation() {
  // The walk is post-order: a map inside another comes first.
  SmallVector<MapOp> maps;
  getOperation().walk([&](MapOp map) { maps.push_back(map); });
  for (MapOp map : maps)
    if (failed(expand(map)))
      return signalPassFailure();
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
