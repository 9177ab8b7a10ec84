//===- PanelDepth.cpp - Panels of weights that are deeper than caches -----===//
// Sizes of blocks, and prefetches.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/PanelDepth.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace seqc {

/// Bytes of a panel that stays in a first cache while rows pass.
static constexpr int64_t kFirstCache = 48 << 10;

/// Bytes of a block of one that does, beside the rows and their sums.
static constexpr int64_t kNearBlock = 24 << 10;

/// Bytes of a panel's block that stay in a second cache beside the same block
/// of all rows.
static constexpr int64_t kSecondBlock = 64 << 10;

/// Bytes of weights that a second cache does not keep from one pass over them
/// to the next.
static constexpr int64_t kFarWeights = 512 << 10;

/// Bytes of a cache's line.
static constexpr int64_t kLine = 64;

/// Where `memref.prefetch` brings a line: 3 is the first cache.
static constexpr int64_t kSecondCache = 2;

PanelDepth::PanelDepth(sched::ProductOp op, LaneProducts &products)
    : panels(op.getPanels()), steps(products.steps()),
      bytesOfStep(panels.getType().getDimSize(2) *
                  panels.getType().getElementTypeBitWidth() / 8),
      canCut(!op.isQuantized() && products.sumsInFlight() == 1) {}

bool PanelDepth::isDeep() const {
  return panels.getType().getDimSize(1) * bytesOfStep > kFirstCache;
}

/// All blocks are about as deep.
std::optional<int64_t> PanelDepth::blockOf(int64_t bytes, int64_t least) const {
  if (!canCut || steps * bytesOfStep <= least)
    return std::nullopt;
  const int64_t blocks = llvm::divideCeil(steps * bytesOfStep, bytes);
  return llvm::divideCeil(steps, blocks);
}

std::optional<int64_t> PanelDepth::nearBlock() const {
  return blockOf(kNearBlock, kFirstCache);
}

std::optional<int64_t> PanelDepth::blockOfAllPanels() const {
  return blockOf(kSecondBlock, 2 * kSecondBlock);
}

void PanelDepth::fetch(ImplicitLocOpBuilder &b, Ahead ahead, Value panel,
                       Value step, Value tile) const {
  MemRefType type = panels.getType();
  const int64_t lines = bytesOfStep / kLine;
  const int64_t bytes = type.getDimSize(0) * type.getDimSize(1) * bytesOfStep;
  if (ahead == Ahead::Nothing || bytes <= kFarWeights || lines == 0)
    return;
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, n);
  };
  Value line = arith::RemUIOp::create(b, tile, constant(lines));
  Value column =
      arith::MulIOp::create(b, line, constant(type.getDimSize(2) / lines));
  // Behind the last step of a panel is the first of the next, and behind the
  // last panel memory that nobody touches: a prefetch does not fault.
  if (ahead == Ahead::NextBlock)
    step = arith::AddIOp::create(b, step, constant(nearBlock().value_or(0)));
  else
    panel = arith::AddIOp::create(b, panel, constant(1));
  memref::PrefetchOp::create(b, panels, ValueRange{panel, step, column},
                             /*isWrite=*/false, kSecondCache,
                             /*isDataCache=*/true);
}

} // namespace seqc
