//===- ScanBatching.cpp - How a scan takes one more dimension -------------===//
// The loop over time stays one loop: its body does for all rows what it did
// for one, and the lengths of a ragged time axis become the scan's.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include <limits>

using namespace mlir;
using namespace seqc::seq;

namespace {

/// The rewriting of one scan, in the order of the calls in `run`.
class ScanBatching {
public:
  ScanBatching(Batcher &batcher, ScanOp scan)
      : outer(batcher), scan(scan), axis(scan.getAxis()) {}

  LogicalResult run() {
    collectOperands();
    if (failed(findLengths()))
      return failure();
    if (!needsDimension())
      return copyWhole();
    if (failed(collectElementDimensions()) || failed(maskTokens()))
      return failure();
    createScan();
    return fillBody();
  }

private:
  void collectOperands();
  LogicalResult findLengths();
  /// Loops over segments walk all of them: the loop inside has lengths of its
  /// own, 0 where a row has no such segment, so that the states stay.
  Value lengthsOfScan() const {
    return scan->hasAttr(kSegmentsAttr) ? Value() : lengths;
  }
  bool needsDimension() const;
  LogicalResult copyWhole();
  LogicalResult collectElementDimensions();
  LogicalResult maskTokens();
  void createScan();
  LogicalResult fillBody();
  void setBodyArguments(Batcher &inner);
  void setResults(Batcher &inner);
  Value makeLeastLengths(Batcher &inner);
  Value maskEnded(Value none);
  const Dimension *outside(const Dimension *dimension);
  SmallVector<Axis> outside(ArrayRef<Axis> axes);

  Batcher &outer;
  ScanOp scan;
  const int64_t axis;
  SmallVector<Batched> sequences, inits, invariants;
  /// Of the time axis; null where all rows are full.
  const Dimension *time = nullptr;
  Value lengths;
  /// Ragged dimensions inside the time axis: their lengths are sequences.
  SmallVector<const Dimension *> enclosed;
  SmallVector<Value> enclosedLengths;
  ScanOp batched;
  /// From a dimension of the body to the one outside, and back.
  DenseMap<const Dimension *, const Dimension *> toOutside, toInside;
};

} // namespace

void ScanBatching::collectOperands() {
  for (Value value : scan.getSequences())
    sequences.push_back(outer.get(value));
  for (Value value : scan.getInits())
    inits.push_back(outer.get(value));
  for (Value value : scan.getInvariants())
    invariants.push_back(outer.get(value));
  for (const Batched &sequence : sequences)
    if (const Dimension *dimension = sequence.axes[axis].dimension)
      time = dimension;
  for (Batched &sequence : sequences)
    sequence.axes[axis].dimension = time;
}

LogicalResult ScanBatching::findLengths() {
  if (Value given = scan.getLengths()) {
    if (!needsDimension() && !outer.get(given).hasDimension)
      return success();
    return outer.matchLengths(sequences.front(), given, axis, scan, lengths);
  }
  if (!time)
    return success();
  // Of all sequences, one that names the dimensions around the time axis.
  for (Batched &sequence : sequences)
    if (outer.encloses(sequence, axis)) {
      lengths = outer.lengthsOf(sequence, axis, axis, scan);
      return success(lengths != nullptr);
    }
  return scan.emitOpError("needs sequences that have the dimensions around "
                          "the time axis");
}

bool ScanBatching::needsDimension() const {
  auto has = [](const Batched &operand) { return operand.hasDimension; };
  return time || lengths || llvm::any_of(sequences, has) ||
         llvm::any_of(inits, has) || llvm::any_of(invariants, has);
}

LogicalResult ScanBatching::copyWhole() {
  outer.copy(*scan);
  return success();
}

LogicalResult ScanBatching::collectElementDimensions() {
  for (const Batched &sequence : sequences)
    for (const Axis &info : ArrayRef<Axis>(sequence.axes).drop_front(axis + 1))
      if (time && info.dimension && info.dimension->outer == time &&
          !llvm::is_contained(enclosed, info.dimension))
        enclosed.push_back(info.dimension);
  for (const Dimension *dimension : enclosed) {
    Value all = outer.capture(dimension->lengths);
    if (cast<RankedTensorType>(all.getType()).getRank() != axis + 2)
      return scan.emitOpError("has a sequence with a dimension whose lengths "
                              "do not differ along all axes before it");
    enclosedLengths.push_back(all);
  }
  return success();
}

/// A row that takes no part in a step looks up a token of the padding, which
/// may be any number, and a look-up checks its range.
LogicalResult ScanBatching::maskTokens() {
  auto looksUp = [](Operation *op) {
    return isa<GatherOp, OneHotOp, ScatterAddOp>(op) ? WalkResult::interrupt()
                                                     : WalkResult::advance();
  };
  if (!scan.getBody().walk(looksUp).wasInterrupted())
    return success();
  const TypedAttr fill = outer.builder.getI64IntegerAttr(0);
  for (Batched &sequence : sequences) {
    auto type = cast<RankedTensorType>(sequence.value.getType());
    if (!type.getElementType().isInteger(64))
      continue;
    for (int64_t at = 0; at <= axis; ++at)
      if (sequence.axes[at].dimension && outer.encloses(sequence, at) &&
          failed(outer.mask(sequence, at, fill, scan)))
        return failure();
  }
  return success();
}

void ScanBatching::createScan() {
  const Location loc = scan.getLoc();
  SmallVector<Value> newSequences, newInits, newInvariants;
  for (Batched &sequence : sequences)
    newSequences.push_back(outer.expand(sequence, loc));
  llvm::append_range(newSequences, enclosedLengths);
  for (Batched &init : inits)
    newInits.push_back(outer.expand(init, loc));
  for (Batched &invariant : invariants)
    newInvariants.push_back(invariant.value);
  SmallVector<Type> steps;
  for (Value output : scan.getStepOutputs())
    steps.push_back(outer.withDimension(output.getType()));
  batched = ScanOp::create(
      outer.builder, loc, newSequences, newInits, newInvariants,
      lengthsOfScan(), outer.shift(axis, axis + 1), scan.getReverse(), steps);
  batched->setDiscardableAttrs(scan->getDiscardableAttrDictionary());
}

void ScanBatching::setBodyArguments(Batcher &inner) {
  auto elements = batched.getElementArgs();
  for (auto [dimension, argument] :
       llvm::zip_equal(enclosed, elements.take_back(enclosed.size()))) {
    const Dimension &element =
        outer.makeDimension(argument, dimension->size, time->outer);
    toOutside[&element] = dimension;
    toInside[dimension] = &element;
  }
  auto inside = [&](ArrayRef<Axis> axes) {
    SmallVector<Axis> result(axes);
    for (Axis &info : result)
      if (const Dimension *element = toInside.lookup(info.dimension))
        info.dimension = element;
    return result;
  };
  for (auto [original, argument, sequence] :
       llvm::zip_equal(scan.getElementArgs(),
                       elements.take_front(sequences.size()), sequences)) {
    SmallVector<Axis> axes = inside(sequence.axes);
    axes.erase(axes.begin() + axis);
    inner.set(original, argument, axes);
  }
  for (auto [original, argument, init] :
       llvm::zip_equal(scan.getStateArgs(), batched.getStateArgs(), inits)) {
    SmallVector<Axis> axes;
    for (const Axis &info : init.axes)
      axes.push_back(mergeAxes(info, {}));
    inner.set(original, argument, axes);
  }
  for (auto [original, argument, invariant] : llvm::zip_equal(
           scan.getInvariantArgs(), batched.getInvariantArgs(), invariants))
    inner.set(original, argument, invariant.axes);
}

/// `none`, a zero for each step, where the row takes part in it; and a length
/// that is never too short where it does not, or is itself padding.
Value ScanBatching::maskEnded(Value none) {
  const Location loc = scan.getLoc();
  TypedAttr enough =
      outer.builder.getI64IntegerAttr(std::numeric_limits<int64_t>::max());
  Batched steps{none, /*hasDimension=*/true, {}};
  steps.axes.append(sequences.front().axes.begin(),
                    sequences.front().axes.begin() + axis + 1);
  for (int64_t before = 0; before < axis; ++before)
    if (steps.axes[before].dimension && outer.encloses(steps, before))
      (void)outer.mask(steps, before, enough, scan);
  if (lengths)
    steps.value = MaskOp::create(outer.builder, loc, steps.value, lengths,
                                 axis + 1, enough);
  return steps.value;
}

/// They differ from step to step: a sequence of the scan.
Value ScanBatching::makeLeastLengths(Batcher &inner) {
  OpBuilder &builder = outer.builder;
  const Location loc = scan.getLoc();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(batched);
  Value around = outer.leastLengths();
  Batched first{batched.getSequences().front(), true, sequences.front().axes};
  Value zero = arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(RankedTensorType::get({}, builder.getI64Type()),
                             builder.getI64IntegerAttr(0)));
  Value none = outer.spread(zero, {}, first, axis + 2, loc);
  Value least = maskEnded(none);
  if (least == none)
    return around ? inner.capture(around) : Value();
  if (around)
    least = outer.largerOf(least, around, loc);
  const unsigned place = batched.getSequences().size();
  batched.getSequencesMutable().append(least);
  return batched.getBody().insertArgument(
      place, dropAxis(cast<RankedTensorType>(least.getType()), axis + 1), loc);
}

LogicalResult ScanBatching::fillBody() {
  OpBuilder::InsertionGuard guard(outer.builder);
  Block &block = batched.getBody().front();
  outer.builder.setInsertionPointToStart(&block);
  Batcher inner(outer.builder, outer, batched);
  setBodyArguments(inner);
  inner.setLeastLengths([&] { return makeLeastLengths(inner); });
  if (failed(inner.rewrite(scan.getBody().front())))
    return failure();
  SmallVector<Value> yielded;
  for (Value value : scan.getYield().getValues())
    yielded.push_back(inner.expand(inner.get(value), value.getLoc()));
  YieldOp::create(outer.builder, scan.getYield().getLoc(), yielded);
  setResults(inner);
  return success();
}

/// What a dimension of the body is outside: itself, or that whose element it
/// is, or the windows of one that is.
const Dimension *ScanBatching::outside(const Dimension *dimension) {
  if (const Dimension *whole = toOutside.lookup(dimension))
    return whole;
  if (!dimension || !dimension->source)
    return dimension;
  const Dimension *source = outside(dimension->source);
  return source == dimension->source
             ? dimension
             : outer.windowsOf(source, dimension->windows);
}

SmallVector<Axis> ScanBatching::outside(ArrayRef<Axis> axes) {
  SmallVector<Axis> result(axes);
  for (Axis &info : result)
    info.dimension = outside(info.dimension);
  return result;
}

void ScanBatching::setResults(Batcher &inner) {
  for (auto [original, result, next, init] :
       llvm::zip_equal(scan.getFinals(), batched.getFinals(),
                       scan.getNextStates(), inits)) {
    SmallVector<Axis> axes = outside(inner.get(next).axes);
    for (auto [info, before] : llvm::zip_equal(axes, init.axes))
      info = mergeAxes(info, before);
    outer.set(original, result, axes);
  }
  for (auto [original, result, step] : llvm::zip_equal(
           scan.getOutputs(), batched.getOutputs(), scan.getStepOutputs())) {
    SmallVector<Axis> axes = outside(inner.get(step).axes);
    axes.insert(axes.begin() + axis, Axis{time, lengthsOfScan() != nullptr});
    outer.set(original, result, axes);
  }
}

LogicalResult ScanOp::batch(Batcher &batcher) {
  return ScanBatching(batcher, *this).run();
}
