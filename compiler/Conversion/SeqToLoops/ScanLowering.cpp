//===- ScanLowering.cpp - The time loop -----------------------------------===//
// A scan is one loop. Each state has two buffers that take turns: a step reads
// one and writes the other. Outputs are written to their position in the
// result. Nothing is allocated or copied in the loop.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Says what the body's arguments are at position `t`, with the states in
/// `states`.
static void bindArguments(Lowering &l, ScanOp op, Value t, ValueRange states) {
  for (auto [argument, sequence] :
       llvm::zip_equal(op.getElementArgs(), op.getSequences()))
    l.elements[argument] = {l.resolve(sequence), int64_t(op.getAxis()), t};
  for (auto [argument, state] : llvm::zip_equal(op.getStateArgs(), states))
    l.buffers[argument] = state;
  for (auto [argument, invariant] :
       llvm::zip_equal(op.getInvariantArgs(), op.getInvariants()))
    if (isa<RankedTensorType>(argument.getType()))
      l.aliases[argument] = l.resolve(invariant);
}

/// What a step has to write: the next states and its outputs.
static std::vector<Store> storesOf(Lowering &l, ScanOp op, Value t,
                                   ValueRange states, ValueRange next) {
  std::vector<Store> stores;
  std::optional<Ragged> ragged;
  if (op.getLengths())
    ragged = Ragged{l.resolve(op.getLengths()), int64_t(op.getAxis()), t, {}};
  for (auto [value, from, to] :
       llvm::zip_equal(op.getNextStates(), states, next)) {
    stores.push_back({value, to, ragged});
    if (ragged)
      stores.back().ragged->previous = from;
  }
  for (auto [value, output] :
       llvm::zip_equal(op.getStepOutputs(), op.getOutputs()))
    if (!output.use_empty())
      stores.push_back(
          {value, l.at(l.buffers.lookup(output), op.getAxis(), t), ragged});
  return stores;
}

void emitScan(Lowering &l, ScanOp op) {
  // The two buffers of each state; the first begins with the initial value.
  SmallVector<Value> buffers[2];
  std::vector<Store> inits;
  for (auto [init, final] : llvm::zip_equal(op.getInits(), op.getFinals())) {
    for (int which : {0, 1})
      buffers[which].push_back(l.workspaceFor(final, which));
    inits.push_back({init, buffers[0].back()});
  }
  emitStores(l, inits);

  Value outer = l.scanPosition;
  Value steps = l.size(l.sizes.of(op.getSequences()[0])[op.getAxis()]);
  auto step = [&](Value iv, ValueRange carried) {
    auto states = carried.take_front(op.getInits().size());
    auto next = carried.drop_front(op.getInits().size());
    Value t = iv;
    if (op.getReverse()) {
      Value last = arith::SubIOp::create(l.b, steps, l.constant(1));
      t = arith::SubIOp::create(l.b, last, iv);
    }
    l.scanPosition = l.positionInside(outer, t, steps);
    bindArguments(l, op, t, states);
    lowerBlock(l, op.getBody().front(), storesOf(l, op, t, states, next));
    SmallVector<Value> turned(next);
    turned.append(states.begin(), states.end());
    return turned;
  };
  SmallVector<Value> carried = buffers[0];
  carried.append(buffers[1]);
  SmallVector<Value> last =
      forCarried(l, l.constant(0), steps, 1, carried, step);
  l.scanPosition = outer;
  for (auto [final, buffer] : llvm::zip_first(
           op.getFinals(), ArrayRef(last).take_front(op.getInits().size())))
    l.buffers[final] = buffer;
}

} // namespace seqc::loops
