//===- Lowering.cpp - What the lowering of one function carries -----------===//
// Names, views of memory, and loops.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Lowering.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static bool isZero(Attribute fill) {
  if (auto number = dyn_cast<FloatAttr>(fill))
    return number.getValue().isPosZero();
  auto integer = dyn_cast<IntegerAttr>(fill);
  return integer && integer.getValue().isZero();
}

Value paddingLengths(Value value, int64_t axis) {
  Operation *op = value.getDefiningOp();
  if (auto scan = dyn_cast_or_null<ScanOp>(op)) {
    const bool isOutput =
        cast<OpResult>(value).getResultNumber() >= scan.getInits().size();
    return isOutput && scan.getAxis() == uint64_t(axis) ? scan.getLengths()
                                                        : Value();
  }
  if (auto mask = dyn_cast_or_null<MaskOp>(op))
    return isZero(mask.getFill()) && mask.getAxis() == uint64_t(axis)
               ? mask.getLengths()
               : Value();
  if (auto slice = dyn_cast_or_null<SliceOp>(op))
    return int64_t(slice.getAxis()) > axis
               ? paddingLengths(slice.getInput(), axis)
               : Value();
  auto concat = dyn_cast_or_null<ConcatOp>(op);
  if (!concat || int64_t(concat.getAxis()) <= axis)
    return {};
  Value lengths = paddingLengths(concat.getInputs().front(), axis);
  return llvm::all_of(concat.getInputs(),
                      [&](Value input) {
                        return paddingLengths(input, axis) == lengths;
                      })
             ? lengths
             : Value();
}

/// One cast or mask less; null where there is none.
static Value withoutVainMask(Value v) {
  if (auto cast = v.getDefiningOp<tensor::CastOp>())
    return cast.getSource();
  auto mask = v.getDefiningOp<MaskOp>();
  bool isVain =
      mask && isZero(mask.getFill()) &&
      paddingLengths(mask.getInput(), mask.getAxis()) == mask.getLengths();
  return isVain ? mask.getInput() : Value();
}

Value withoutVainMasks(Value v) {
  while (Value inner = withoutVainMask(v))
    v = inner;
  return v;
}

Value Lowering::resolve(Value v) const {
  while (true) {
    if (auto it = aliases.find(v); it != aliases.end())
      v = it->second;
    else if (Value inner = withoutVainMask(v))
      v = inner;
    else
      return v;
  }
}

Value Lowering::workspaceFor(Value v, int which) {
  Value &buffer = workspace[{v, which}];
  if (!buffer)
    buffer = plan->allocate(
        sizes.of(v), cast<RankedTensorType>(v.getType()).getElementType());
  return buffer;
}

Value Lowering::index(Coord coord) {
  if (!coord.base)
    return constant(coord.offset);
  if (coord.offset == 0)
    return coord.base;
  return arith::AddIOp::create(b, coord.base, constant(coord.offset));
}

Value Lowering::positionInside(Value outer, Value inner, Value size) {
  if (!outer)
    return inner;
  Value before = arith::MulIOp::create(b, outer, size);
  return arith::AddIOp::create(b, before, inner);
}

//===----------------------------------------------------------------------===//
// Views of memory
//===----------------------------------------------------------------------===//

bool hasUnitStride(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  return type.getRank() > 0 && strides.back() == 1;
}

/// The part of `memref` that `axis` is cut down to, with or without the axis.
static Value cut(Lowering &l, Value memref, int64_t axis, OpFoldResult offset,
                 OpFoldResult size, bool keepAxis) {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<OpFoldResult> offsets, sizes, strides;
  SmallVector<int64_t> shape;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    bool here = i == axis;
    offsets.push_back(here ? offset : OpFoldResult(l.b.getIndexAttr(0)));
    strides.push_back(l.b.getIndexAttr(1));
    if (here)
      sizes.push_back(size);
    else if (type.isDynamicDim(i))
      sizes.push_back(memref::DimOp::create(l.b, memref, i).getResult());
    else
      sizes.push_back(l.b.getIndexAttr(type.getDimSize(i)));
    if (!here || keepAxis)
      shape.push_back(
          here ? getConstantIntValue(size).value_or(ShapedType::kDynamic)
               : type.getDimSize(i));
  }
  auto result = memref::SubViewOp::inferRankReducedResultType(
      shape, type, offsets, sizes, strides);
  return memref::SubViewOp::create(l.b, result, memref, offsets, sizes,
                                   strides);
}

Value Lowering::at(Value memref, int64_t axis, OpFoldResult position) {
  return cut(*this, memref, axis, position, b.getIndexAttr(1),
             /*keepAxis=*/false);
}

Value Lowering::slice(Value memref, int64_t axis, OpFoldResult offset,
                      OpFoldResult size) {
  return cut(*this, memref, axis, offset, size, /*keepAxis=*/true);
}

bool canReshapeView(MemRefType type, ReshapeOp op) {
  auto [strides, offset] = type.getStridesAndOffset();
  for (const ReshapePart &part : op.getParts())
    for (int64_t axis = part.firstFrom; axis + 1 < part.firstFrom + part.from;
         ++axis)
      if (ShapedType::isDynamic(strides[axis]) ||
          ShapedType::isDynamic(strides[axis + 1]) ||
          strides[axis] != strides[axis + 1] * type.getDimSize(axis + 1))
        return false;
  return true;
}

/// The memory of the operand with its axes joined and cut.
static Value reshapeView(Lowering &l, Value memref, ReshapeOp op) {
  auto from = cast<MemRefType>(memref.getType());
  auto [fixed, fixedOffset] = from.getStridesAndOffset();
  auto metadata = memref::ExtractStridedMetadataOp::create(l.b, memref);
  SmallVector<OpFoldResult> sizes(op.getType().getRank()), strides(sizes);
  SmallVector<int64_t> shape(sizes.size()), fixedStrides(sizes.size());
  auto set = [&](int64_t axis, int64_t size, OpFoldResult dynamicSize,
                 int64_t stride, OpFoldResult dynamicStride) {
    shape[axis] = size;
    fixedStrides[axis] = stride;
    sizes[axis] = ShapedType::isDynamic(size)
                      ? dynamicSize
                      : OpFoldResult(l.b.getIndexAttr(size));
    strides[axis] = ShapedType::isDynamic(stride)
                        ? dynamicStride
                        : OpFoldResult(l.b.getIndexAttr(stride));
  };
  for (const ReshapePart &part : op.getParts()) {
    const int64_t last = part.firstFrom + part.from - 1;
    OpFoldResult step;
    if (part.from > 0)
      step = OpFoldResult(metadata.getStrides()[last]);
    if (part.isAxis()) {
      set(part.firstTo, from.getDimSize(last),
          OpFoldResult(metadata.getSizes()[last]), fixed[last], step);
      continue;
    }
    // Axes of one element alone may be any distance apart.
    int64_t inside = 1;
    const int64_t stride = part.from > 0 ? fixed[last] : 1;
    for (int64_t axis = part.firstTo + part.to; axis-- > part.firstTo;) {
      const bool isDynamic = ShapedType::isDynamic(stride);
      OpFoldResult scaled = step;
      if (isDynamic && inside != 1)
        scaled =
            arith::MulIOp::create(l.b, cast<Value>(step), l.constant(inside))
                .getResult();
      const int64_t size = op.getType().getDimSize(axis);
      set(axis, size, {}, isDynamic ? stride : stride * inside, scaled);
      inside *= size;
    }
  }
  auto type = MemRefType::get(shape, from.getElementType(),
                              StridedLayoutAttr::get(l.b.getContext(),
                                                     ShapedType::kDynamic,
                                                     fixedStrides));
  return memref::ReinterpretCastOp::create(l.b, type, metadata.getBaseBuffer(),
                                           OpFoldResult(metadata.getOffset()),
                                           sizes, strides);
}

Value Lowering::view(Value v) {
  v = resolve(v);
  if (Value buffer = buffers.lookup(v))
    return buffer;
  if (auto it = elements.find(v); it != elements.end()) {
    SequenceElement element = it->second;
    Value sequence = view(element.sequence);
    return sequence ? at(sequence, element.axis, element.position) : Value();
  }
  if (auto op = v.getDefiningOp<ReshapeOp>()) {
    Value input = view(op.getInput());
    bool isView =
        input && canReshapeView(cast<MemRefType>(input.getType()), op);
    return isView ? reshapeView(*this, input, op) : Value();
  }
  if (auto op = v.getDefiningOp<SliceOp>()) {
    Value input = view(op.getInput());
    auto type = cast<RankedTensorType>(v.getType());
    return input ? slice(input, op.getAxis(), op.getOffset(),
                         type.getDimSize(op.getAxis()))
                 : Value();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> forCarried(Lowering &l, Value begin, Value end, int64_t step,
                              ValueRange inits, const ReductionBody &body) {
  return forCarried(l, begin, end, l.constant(step), inits, body);
}

SmallVector<Value> forCarried(Lowering &l, Value begin, Value end, Value step,
                              ValueRange inits, const ReductionBody &body) {
  auto loop = scf::ForOp::create(l.b, begin, end, step, inits);
  OpBuilder::InsertionGuard guard(l.b);
  if (inits.empty())
    l.b.setInsertionPoint(loop.getBody()->getTerminator());
  else
    l.b.setInsertionPointToEnd(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty())
    scf::YieldOp::create(l.b, next);
  return SmallVector<Value>(loop.getResults());
}

void forEach(Lowering &l, ArrayRef<Size> sizes, const LoopBody &body) {
  SmallVector<Value> ivs;
  std::function<void()> nest = [&] {
    if (ivs.size() == sizes.size())
      return body(ivs);
    Size size = sizes[ivs.size()];
    Value zero = l.constant(0);
    if (size.is(1)) {
      ivs.push_back(zero);
      nest();
    } else {
      forCarried(l, zero, l.size(size), 1, {}, [&](Value iv, ValueRange) {
        ivs.push_back(iv);
        nest();
        return SmallVector<Value>();
      });
    }
    ivs.pop_back();
  };
  nest();
}

SmallVector<Range> rangesOf(Lowering &l, ArrayRef<Size> sizes) {
  return llvm::map_to_vector(sizes, [&](Size size) {
    return Range{l.constant(0), l.size(size)};
  });
}

/// A parallel loop over `ranges`, whose body the builder is in then.
static scf::ParallelOp beginParallel(Lowering &l, ArrayRef<Range> ranges,
                                     ValueRange inits) {
  SmallVector<Value> begins, ends;
  for (Range range : ranges) {
    begins.push_back(range.begin);
    ends.push_back(range.end);
  }
  SmallVector<Value> steps(ranges.size(), l.constant(1));
  auto loop = scf::ParallelOp::create(l.b, begins, ends, steps, inits);
  if (inits.empty())
    l.b.setInsertionPoint(loop.getBody()->getTerminator());
  else
    l.b.setInsertionPointToEnd(loop.getBody());
  return loop;
}

void forAll(Lowering &l, ArrayRef<Range> ranges, const LoopBody &body) {
  if (ranges.empty())
    return body({});
  OpBuilder::InsertionGuard guard(l.b);
  scf::ParallelOp loop = beginParallel(l, ranges, {});
  body(loop.getInductionVars());
}

Value reduceAll(Lowering &l, ArrayRef<Size> sizes, Value init,
                const std::function<Value(ArrayRef<Value>)> &value,
                function_ref<Value(Value, Value)> combine) {
  OpBuilder::InsertionGuard guard(l.b);
  scf::ParallelOp loop = beginParallel(l, rangesOf(l, sizes), init);
  auto reduce = scf::ReduceOp::create(l.b, value(loop.getInductionVars()));
  Block &region = reduce.getReductions().front().front();
  l.b.setInsertionPointToEnd(&region);
  scf::ReduceReturnOp::create(
      l.b, combine(region.getArgument(0), region.getArgument(1)));
  return loop.getResult(0);
}

} // namespace seqc::loops
