//===- Sides.cpp - Work that two members do at the same time --------------===//
// One walk over a block.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Sched/Transforms/Sides.h"

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace seqc::sched {

static std::optional<int64_t> sideOf(Operation &op) {
  auto side = op.getAttrOfType<IntegerAttr>(kSideAttr);
  return side ? std::optional(side.getInt()) : std::nullopt;
}

SmallVector<SidePair> findPairs(Block::iterator from, Block &block) {
  SmallVector<SidePair> pairs;
  SidePair pair;
  // That of the run before.
  int64_t mark = -1;
  auto finish = [&] {
    if (!pair.sides[0].empty() && !pair.sides[1].empty())
      pairs.push_back(pair);
    pair = {};
    mark = -1;
  };
  for (Operation &op : llvm::make_range(from, block.end())) {
    const std::optional<int64_t> side = sideOf(op);
    // Which memory is meant all members compute for themselves.
    if (!side && isMemoryEffectFree(&op))
      continue;
    const bool goesOn =
        side && (*side == mark || (*side % 2 == 1 && *side == mark + 1));
    if (!goesOn)
      finish();
    if (!side)
      continue;
    pair.sides[*side % 2].push_back(&op);
    mark = *side;
  }
  finish();
  return pairs;
}

} // namespace seqc::sched
