//===- StoredResult.cpp - Products whose sums are only stored -------------===//
// Finds the memory in which an epilogue leaves the sums as they are.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/StoredResult.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace seqc {

using sched::ProductOp;

/// The group whose column of a row `index` is: `unit + group * units`.
static std::optional<int64_t> groupOfColumn(ProductOp op, Value index) {
  if (index == op.getUnit())
    return 0;
  auto add = index.getDefiningOp<arith::AddIOp>();
  if (!add || add.getLhs() != op.getUnit())
    return std::nullopt;
  auto offset = getConstantIntValue(add.getRhs());
  if (!offset || *offset % op.getUnits() != 0)
    return std::nullopt;
  return *offset / static_cast<int64_t>(op.getUnits());
}

/// The memref in which the epilogue leaves all sums as they are, where it does
/// nothing else: [rows, groups * units]. Null otherwise.
Value storedResult(ProductOp op) {
  Value result;
  int64_t stored = 0;
  for (Operation &inner : *op.getBody()) {
    if (isa<arith::AddIOp, arith::ConstantIndexOp>(inner))
      continue;
    auto store = dyn_cast<memref::StoreOp>(inner);
    if (!store || store.getMemRefType().getRank() != 2 ||
        store.getIndices()[0] != op.getRow() ||
        (result && result != store.getMemRef()))
      return {};
    auto group = groupOfColumn(op, store.getIndices()[1]);
    if (group != stored || stored >= op.getGroups() ||
        store.getValueToStore() != op.getSums()[stored])
      return {};
    result = store.getMemRef();
    ++stored;
  }
  if (stored != op.getGroups())
    return {};
  auto [strides, offset] =
      cast<MemRefType>(result.getType()).getStridesAndOffset();
  const bool isOutside = !op.getEpilogue().isAncestor(result.getParentRegion());
  return strides.back() == 1 && isOutside ? result : Value();
}

} // namespace seqc
