//===- VectorizeParallelLoops.cpp - Index spaces on lanes -----------------===//
// The pass: which parallel loops run on lanes, which are cut in two for it,
// and which stay scalar.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/ParallelToVector/LoopNest.h"
#include "compiler/Conversion/ParallelToVector/VectorBody.h"
#include "compiler/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace seqc {
#define GEN_PASS_DEF_VECTORIZEPARALLELLOOPSPASS
#include "compiler/Conversion/Passes.h.inc"

namespace {

struct VectorizeParallelLoopsPass
    : impl::VectorizeParallelLoopsPassBase<VectorizeParallelLoopsPass> {
  using VectorizeParallelLoopsPassBase::VectorizeParallelLoopsPassBase;

  void runOnOperation() override {
    for (scf::ParallelOp loop : outermostLoops(getOperation()))
      lower(loop);
  }

private:
  void lower(scf::ParallelOp loop);
  bool canSplit(scf::ParallelOp loop, const LaneAnalysis &analysis);
  std::pair<scf::ParallelOp, scf::ParallelOp>
  split(scf::ParallelOp loop, ArrayRef<memref::StoreOp> scattered);
};

} // namespace

/// The least bits of a vector register.
static constexpr int64_t kLeastBits = 128;

/// How many lanes the last dimension gets; 1: it has one position only. A short
/// one gets a shorter vector, which has no lanes to mask, and whose stores are
/// seen by loads of the same length right away.
static int64_t lanesFor(scf::ParallelOp loop, int64_t vectorBits) {
  auto begin = getConstantIntValue(loop.getLowerBound().back());
  auto end = getConstantIntValue(loop.getUpperBound().back());
  if (!begin || !end)
    return vectorBits / 32;
  const int64_t count = *end - *begin;
  if (count <= 1)
    return 1;
  const int64_t enough = llvm::PowerOf2Ceil(count);
  return std::min(vectorBits / 32, std::max(enough, kLeastBits / 32));
}

void VectorizeParallelLoopsPass::lower(scf::ParallelOp loop) {
  const int64_t width = lanesFor(loop, vectorBits);
  const bool isUnit = getConstantIntValue(loop.getStep().back()) == 1;
  if (width > 1 && isUnit) {
    LaneAnalysis analysis(loop, width);
    if (analysis.allOnLanes())
      return lowerToVectorLoops(loop, analysis, width);
    if (canSplit(loop, analysis)) {
      auto [onLanes, scalar] = split(loop, analysis.scattered());
      lower(onLanes);
      return lower(scalar);
    }
  }
  SmallVector<scf::ParallelOp> inner = outermostLoops(loop);
  lowerToScalarLoops(loop);
  for (scf::ParallelOp loop : inner)
    lower(loop);
}

//===----------------------------------------------------------------------===//
// Loops of several stores
//===----------------------------------------------------------------------===//

/// Whether the stores that lanes cannot make may leave for a loop of their own.
bool VectorizeParallelLoopsPass::canSplit(scf::ParallelOp loop,
                                          const LaneAnalysis &analysis) {
  if (!loop->hasAttr("seq.independent") || !analysis.someOnLanes())
    return false;
  size_t stores = 0;
  bool allOutside = true;
  loop.getBody()->walk([&](memref::StoreOp store) {
    ++stores;
    allOutside &= store->getBlock() == loop.getBody();
  });
  return allOutside && analysis.scattered().size() < stores;
}

/// Erases what nothing asks for.
static void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

/// Two loops in place of `loop`: without the stores in `scattered`, and with
/// them alone.
std::pair<scf::ParallelOp, scf::ParallelOp>
VectorizeParallelLoopsPass::split(scf::ParallelOp loop,
                                  ArrayRef<memref::StoreOp> scattered) {
  OpBuilder b(loop);
  IRMapping mapping;
  auto others = cast<scf::ParallelOp>(b.clone(*loop, mapping));
  for (memref::StoreOp store : scattered)
    mapping.lookup(store.getOperation())->erase();
  llvm::DenseSet<Operation *> kept(scattered.begin(), scattered.end());
  for (Operation &op : llvm::make_early_inc_range(*loop.getBody()))
    if (isa<memref::StoreOp>(op) && !kept.contains(&op))
      op.erase();
  eraseDead(*others.getBody());
  eraseDead(*loop.getBody());
  return {others, loop};
}

} // namespace seqc
