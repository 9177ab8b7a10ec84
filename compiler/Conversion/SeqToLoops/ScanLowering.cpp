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

  Value count() const { return steps; }

  /// Steps number `begin` to `end`, with the products for them, if there are
  /// any, before.
  SmallVector<Value> emitBlock(ProductStream &stream, Value begin, Value end,
                               SmallVector<Value> states) {
    AxisPart part{int64_t(op.getAxis()), begin,
                  arith::SubIOp::create(l.b, end, begin)};
    if (op.getReverse())
      part.begin = arith::SubIOp::create(l.b, steps, end);
    // Behind these no row takes part in a step of the block.
    {
      ActiveRows rows(l, op, part.begin);
      stream.fill(part);
    }
    return emitSteps(begin, end, states);
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

private:
  /// Blocks of steps, before each of which the products for it are made.
  SmallVector<Value> emitBlocks(ValueRange states) {
    ProductStream stream(l, streamed, steps);
    Value most = stream.stepsOfBlock();
    return forCarried(l, l.constant(0), steps, most, states,
                      [&](Value begin, ValueRange carried) {
                        Value left = arith::SubIOp::create(l.b, steps, begin);
                        Value count = arith::MinUIOp::create(l.b, left, most);
                        Value end = arith::AddIOp::create(l.b, begin, count);
                        return emitBlock(stream, begin, end,
                                         known(states, carried));
                      });
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

/// The two buffers of each state, in turn; the first ones begin with the
/// initial values.
static SmallVector<Value> beginStates(Lowering &l, ScanOp op) {
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
  return buffers;
}

static void endStates(Lowering &l, ScanOp op, ValueRange last) {
  for (auto [final, buffer] : llvm::zip_first(op.getFinals(), last))
    l.buffers[final] = buffer;
}

void emitScan(Lowering &l, ScanOp op, ArrayRef<StreamedProduct> streamed) {
  std::optional<SideMarker> marker;
  if (!isAhead(op) && !isBehind(op))
    marker.emplace(l, op);
  SmallVector<Value> buffers = beginStates(l, op);
  endStates(l, op, ScanSteps(l, op, streamed).emit(buffers));
}

//===----------------------------------------------------------------------===//
// Two loops as one
//===----------------------------------------------------------------------===//

/// How far the first loop is ahead: as far as the streams allow; for two
/// workers a small part of all steps, for one waits meanwhile.
static Value stepsAhead(Lowering &l, Value fit, Value steps) {
  constexpr int64_t kBlocks = 8;
  if (!l.members)
    return fit;
  Value one = l.constant(1), blocks = l.constant(kBlocks);
  Value few = arith::CeilDivUIOp::create(l.b, steps, blocks);
  few = arith::MaxUIOp::create(l.b, few, one);
  Value isTwo = arith::CmpIOp::create(l.b, arith::CmpIPredicate::eq, l.members,
                                      l.constant(2));
  return arith::SelectOp::create(l.b, isTwo,
                                 arith::MinUIOp::create(l.b, fit, few), fit);
}

void emitWave(Lowering &l, ScanWork first, ScanWork second) {
  SmallVector<Value> states = beginStates(l, first.op);
  const size_t count = states.size();
  states.append(beginStates(l, second.op));
  ScanSteps ahead(l, first.op, first.streamed);
  ScanSteps behind(l, second.op, second.streamed);
  Value steps = ahead.count();
  ProductStream streams[] = {{l, first.streamed, steps},
                             {l, second.streamed, steps}};
  Value fit = streams[1].stepsOfBlock();
  if (Value other = streams[0].stepsOfBlock())
    fit = arith::MinUIOp::create(l.b, fit, other);
  Value most = stepsAhead(l, fit, steps);
  Value zero = l.constant(0), end = arith::AddIOp::create(l.b, steps, most);
  auto emitBlock = [&](Value begin, ValueRange carried) {
    Value from = arith::MinUIOp::create(l.b, begin, steps);
    Value to = arith::AddIOp::create(l.b, begin, most);
    to = arith::MinUIOp::create(l.b, to, steps);
    Value before = arith::MaxUIOp::create(l.b, begin, most);
    before = arith::SubIOp::create(l.b, before, most);
    SmallVector<Value> next;
    {
      SideMarker marker(l, first.op);
      next = ahead.emitBlock(streams[0], from, to,
                             ahead.known(ArrayRef(states).take_front(count),
                                         carried.take_front(count)));
    }
    SideMarker marker(l, second.op);
    next.append(
        behind.emitBlock(streams[1], before, from,
                         behind.known(ArrayRef(states).drop_front(count),
                                      carried.drop_front(count))));
    return next;
  };
  SmallVector<Value> last = forCarried(l, zero, end, most, states, emitBlock);
  endStates(l, first.op, ArrayRef(last).take_front(count));
  endStates(l, second.op, ArrayRef(last).drop_front(count));
}

} // namespace seqc::loops
