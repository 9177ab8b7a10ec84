//===- ScanLowering.cpp - The time loop -----------------------------------===//
// A scan is one loop. Each state has two buffers that take turns: a step reads
// one and writes the other; a state that only adds up has one. Outputs are
// written to their position in the result. Nothing is allocated or copied in
// the loop.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/ProductStream.h"
#include "compiler/Conversion/SeqToLoops/RaggedRows.h"
#include "compiler/Conversion/SeqToLoops/ScanPairs.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

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

namespace {

/// Emits the steps of one scan.
class ScanSteps {
public:
  ScanSteps(Lowering &l, ScanOp op, ArrayRef<StreamedProduct> streamed)
      : l(l), op(op), streamed(streamed), outer(l.scanPosition),
        steps(l.size(l.sizes.of(op.getSequences()[0])[op.getAxis()])) {}
  ~ScanSteps() { l.scanPosition = outer; }

  /// All steps, beginning with the states in `states`; gives where the last
  /// ones are. `states` holds the two buffers of each state in turn.
  SmallVector<Value> emit(SmallVector<Value> states) {
    return streamed.empty() ? emitSteps(l.constant(0), steps, states)
                            : emitBlocks(states);
  }

private:
  /// Blocks of steps, before each of which the products for it are made.
  SmallVector<Value> emitBlocks(ValueRange states) {
    ProductStream stream(l, streamed, steps);
    Value most = stream.stepsOfBlock();
    auto emitBlock = [&](Value begin, ValueRange carried) {
      Value left = arith::SubIOp::create(l.b, steps, begin);
      Value count = arith::MinUIOp::create(l.b, left, most);
      Value end = arith::AddIOp::create(l.b, begin, count);
      AxisPart part{int64_t(op.getAxis()), begin, count};
      if (op.getReverse())
        part.begin = arith::SubIOp::create(l.b, steps, end);
      // Behind these no row takes part in a step of the block.
      {
        ActiveRows rows(l, op, part.begin);
        stream.fill(part);
      }
      return emitSteps(begin, end, known(states, carried));
    };
    return forCarried(l, l.constant(0), steps, most, states, emitBlock);
  }

  /// Steps number `begin` to `end`.
  SmallVector<Value> emitSteps(Value begin, Value end,
                               SmallVector<Value> states) {
    int64_t factor = 1;
    if (auto unroll = op->getAttrOfType<IntegerAttr>("seq.unroll"))
      factor = std::max<int64_t>(unroll.getInt(), 1);
    if (factor > 1) {
      Value count = arith::SubIOp::create(l.b, end, begin);
      Value rest = arith::RemUIOp::create(l.b, count, l.constant(factor));
      Value behind = arith::SubIOp::create(l.b, end, rest);
      states = emitLoop(begin, behind, factor, states);
      begin = behind;
    }
    return emitLoop(begin, end, 1, states);
  }

  SmallVector<Value> emitLoop(Value begin, Value end, int64_t factor,
                              ValueRange states) {
    return forCarried(l, begin, end, factor, states,
                      [&](Value iv, ValueRange carried) {
                        SmallVector<Value> turned = known(states, carried);
                        for (int64_t i = 0; i < factor; ++i)
                          turned = emitStep(l.index({iv, i}), turned);
                        return turned;
                      });
  }

  /// Of states that take turns: one that adds up is where it is.
  void copyEndingRows(ActiveRows &rows, ValueRange states, ValueRange next) {
    SmallVector<Value> from, to;
    for (auto [final, state, after] :
         llvm::zip_first(op.getFinals(), states, next)) {
      const Sizes sizes = l.sizes.of(final);
      if (state == after || sizes.empty() || sizes.front() != Size::rows())
        continue;
      from.push_back(after);
      to.push_back(state);
    }
    rows.copyEnding(from, to);
  }

  /// The carried buffers; one that takes turns with itself is always the same.
  SmallVector<Value> known(ValueRange before, ValueRange carried) {
    SmallVector<Value> buffers(carried);
    const size_t count = op.getInits().size();
    for (size_t i = 0; i < count; ++i)
      if (before[i] == before[count + i])
        buffers[i] = buffers[count + i] = before[i];
    return buffers;
  }

  /// Step number `i`: reads the first buffers, writes the second ones, and
  /// gives them in the order of the next step.
  SmallVector<Value> emitStep(Value i, ValueRange buffers) {
    auto states = buffers.take_front(op.getInits().size());
    auto next = buffers.drop_front(op.getInits().size());
    Value t = i;
    if (op.getReverse()) {
      Value last = arith::SubIOp::create(l.b, steps, l.constant(1));
      t = arith::SubIOp::create(l.b, last, i);
    }
    l.scanPosition = l.positionInside(outer, t, steps);
    bindArguments(l, op, t, states);
    ActiveRows rows(l, op, t);
    lowerBlock(l, op.getBody().front(), storesOf(l, op, t, states, next));
    SmallVector<Value> outputs;
    for (Value output : op.getOutputs())
      if (!output.use_empty())
        outputs.push_back(l.at(l.buffers.lookup(output), op.getAxis(), t));
    rows.clearBehind(outputs);
    if (!op.getReverse())
      copyEndingRows(rows, states, next);
    SmallVector<Value> turned(next);
    turned.append(states.begin(), states.end());
    return turned;
  }

  Lowering &l;
  ScanOp op;
  ArrayRef<StreamedProduct> streamed;
  Value outer, steps;
};

} // namespace

void emitScan(Lowering &l, ScanOp op, ArrayRef<StreamedProduct> streamed) {
  SideMarker marker(l, op);
  // The two buffers of each state; the first begins with the initial value.
  SmallVector<Value> buffers;
  std::vector<Store> inits;
  for (int which : {0, 1})
    for (auto [number, final] : llvm::enumerate(op.getFinals()))
      buffers.push_back(
          l.workspaceFor(final, isSumOfSteps(op, number) ? 0 : which));
  const size_t count = op.getInits().size();
  for (auto [i, init] : llvm::enumerate(op.getInits())) {
    inits.push_back({init, buffers[i]});
    // A row that takes part in no step, or not yet, is in both.
    if (hasActiveRows(l, op) && buffers[count + i] != buffers[i])
      inits.push_back({init, buffers[count + i]});
  }
  emitStores(l, inits);
  SmallVector<Value> last = ScanSteps(l, op, streamed).emit(buffers);
  for (auto [final, buffer] : llvm::zip_first(op.getFinals(), last))
    l.buffers[final] = buffer;
}

} // namespace seqc::loops
