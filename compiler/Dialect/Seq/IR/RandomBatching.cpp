//===- RandomBatching.cpp - How draws take one more dimension -------------===//
// The batch is a coordinate of a draw: each row has the numbers of its sample,
// wherever it stands.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

using namespace mlir;
using namespace seqc::seq;

/// The coordinates have the new dimension both or neither. Where it is the
/// batch, each row draws the numbers of its sample.
LogicalResult UniformOp::batch(Batcher &batcher) {
  Batched time = batcher.get(getTime()), sample;
  const int64_t coordinates = time.axes.size();
  if (Value ids = batcher.sampleIds()) {
    batcher.expandInPlace(time, getLoc());
    sample.value = batcher.spread(ids, ArrayRef<int64_t>{0}, time,
                                  coordinates + 1, getLoc());
  } else if (getSample()) {
    sample = batcher.get(getSample());
    if (time.hasDimension || sample.hasDimension) {
      batcher.expandInPlace(time, getLoc());
      batcher.expandInPlace(sample, getLoc());
    }
  }
  const int64_t rank = getType().getRank();
  Value drawn = UniformOp::create(batcher.builder, getLoc(), time.value,
                                  sample.value, getSite(),
                                  getType().getShape().drop_front(coordinates));
  SmallVector<Axis> axes;
  for (const Axis &axis : time.axes)
    axes.push_back(mergeAxes(axis, {}));
  axes.resize(rank);
  if (time.hasDimension)
    drawn = batcher.moveDimension(drawn, coordinates, rank, getLoc());
  batcher.set(getResult(), drawn, axes);
  return success();
}
