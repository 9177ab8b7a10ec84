//===- SegmentTime.cpp - The time loop in segments ------------------------===//
// A loop over segments around a loop over the steps of one, so that a gradient
// can keep the states between segments and run a segment once more.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_SEGMENTTIMEPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct SegmentTimePass : impl::SegmentTimePassBase<SegmentTimePass> {
  using SegmentTimePassBase::SegmentTimePassBase;
  void runOnOperation() override;
};

/// The cutting of one scan.
class Segmenting {
public:
  Segmenting(ScanOp scan, int64_t every)
      : scan(scan), every(every), axis(scan.getAxis()),
        b(scan.getLoc(), scan) {}

  void run();

private:
  RankedTensorType typeOf(Value value) {
    return cast<RankedTensorType>(value.getType());
  }
  OpFoldResult sizeOf(Value value, int64_t axis) {
    const int64_t size = typeOf(value).getDimSize(axis);
    return ShapedType::isDynamic(size)
               ? OpFoldResult(traceSize(b, value, axis))
               : OpFoldResult(b.getIndexAttr(size));
  }
  Value number(Type type, int64_t value) {
    auto tensor = RankedTensorType::get({}, b.getI64Type());
    Value scalar = arith::ConstantOp::create(
        b, SplatElementsAttr::get(tensor, b.getI64IntegerAttr(value)));
    return BroadcastOp::create(b, type, scalar, dynamicSizes,
                               b.getDenseI64ArrayAttr({}));
  }
  Value lengthsOfSegments(Value segments);
  ScanOp makeOuter(ValueRange sequences);

  ScanOp scan;
  const int64_t every, axis;
  ImplicitLocOpBuilder b;
  /// Of the lengths of segments.
  SmallVector<Value> dynamicSizes;
};

} // namespace

/// How many steps each segment has: what is left of the axis, at most `every`.
Value Segmenting::lengthsOfSegments(Value segments) {
  Value whole = scan.getSequences().front();
  auto shape = typeOf(segments).getShape().take_front(axis + 1);
  auto type = RankedTensorType::get(shape, b.getI64Type());
  SmallVector<OpFoldResult> sizes;
  for (int64_t i = 0; i <= axis; ++i) {
    sizes.push_back(sizeOf(segments, i));
    if (auto size = dyn_cast<Value>(sizes.back()))
      dynamicSizes.push_back(size);
  }
  auto one = RankedTensorType::get({shape.back()}, b.getI64Type());
  Value count = dyn_cast<Value>(sizes.back());
  Value ordinals = IotaOp::create(b, one, count);
  Value ordinal = BroadcastOp::create(b, ordinals, ArrayRef<int64_t>(axis),
                                      ArrayRef(sizes).drop_back());
  Value total = LengthOp::create(
      b, RankedTensorType::get(shape.drop_back(), b.getI64Type()), whole, axis);
  SmallVector<int64_t> leading = llvm::to_vector(llvm::seq<int64_t>(axis));
  Value length = BroadcastOp::create(b, total, leading, sizes.back());
  Value steps = number(type, every), zero = number(type, 0);
  Value left = arith::AddIOp::create(
      b, length,
      arith::MulIOp::create(b, ordinal, number(type, -every)));
  auto choose = [&](arith::CmpIPredicate predicate, Value x, Value y) -> Value {
    Value isFirst = arith::CmpIOp::create(b, predicate, x, y);
    return arith::SelectOp::create(b, isFirst, x, y);
  };
  left = choose(arith::CmpIPredicate::slt, left, steps);
  return choose(arith::CmpIPredicate::sgt, left, zero);
}

/// The loop over segments, whose step is the original loop over one of them.
ScanOp Segmenting::makeOuter(ValueRange sequences) {
  return ScanOp::create(
      b, sequences, scan.getInits(), scan.getInvariants(), /*lengths=*/Value(),
      axis, scan.getReverse(),
      [&](OpBuilder &builder, Location loc, ValueRange elements,
          ValueRange states, ValueRange invariants) {
        ValueRange outputs = scan.getStepOutputs();
        auto inner = ScanOp::create(builder, loc, elements.drop_back(), states,
                                    invariants, elements.back(), axis,
                                    scan.getReverse(), outputs.getTypes());
        inner.getBody().takeBody(scan.getBody());
        return SmallVector<Value>(inner.getResults());
      });
}

void Segmenting::run() {
  SmallVector<Value> sequences;
  for (Value sequence : scan.getSequences())
    sequences.push_back(WindowsOp::create(b, sequence, axis, every, every,
                                          /*before=*/0, /*after=*/every - 1));
  sequences.push_back(lengthsOfSegments(sequences.front()));
  OpFoldResult size = sizeOf(scan.getSequences().front(), axis);
  ScanOp outer = makeOuter(sequences);
  outer->setAttr(kSegmentsAttr, b.getUnitAttr());
  SmallVector<Value> results(outer.getFinals());
  for (Value output : outer.getOutputs())
    results.push_back(
        OverlapAddOp::create(b, output, axis, every, /*before=*/0, size));
  scan.replaceAllUsesWith(results);
  scan.erase();
}

/// Whether it is worth it, and its outputs can be put together again. A scan
/// over rows of its own (in a map) is as short as they are.
static bool canSegment(ScanOp scan, int64_t every) {
  auto type = cast<RankedTensorType>(scan.getSequences().front().getType());
  const int64_t steps = type.getDimSize(scan.getAxis());
  return isa<func::FuncOp>(scan->getParentOp()) && !scan.getLengths() &&
         scan.getAxis() == 0 &&
         (ShapedType::isDynamic(steps) || steps > every) &&
         llvm::all_of(scan.getOutputs(), [](Value output) {
           return getElementTypeOrSelf(output.getType()).isF32();
         });
}

void SegmentTimePass::runOnOperation() {
  for (auto scan : llvm::make_early_inc_range(
           getOperation().getBody().front().getOps<ScanOp>()))
    if (canSegment(scan, every))
      Segmenting(scan, every).run();
}

} // namespace seqc::seq
