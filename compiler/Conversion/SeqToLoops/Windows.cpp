//===- Windows.cpp - Windows as a view of a padded copy -------------------===//
// The positions of an axis are copied once, with zeros before and after them;
// windows, which overlap, are a view of that. So a convolution is a product
// with rows that lie inside each other, and nothing is copied for it. Back, a
// position walks the windows that hold it.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

Value paddedBuffer(Lowering &l, WindowsOp op) {
  Value &buffer = l.workspace[{op.getResult(), 0}];
  if (!buffer)
    buffer =
        l.plan->allocate(l.sizes.padded(op), op.getType().getElementType());
  return buffer;
}

/// How far apart the positions of each axis of a dense buffer are.
static SmallVector<OpFoldResult> denseStrides(Lowering &l,
                                              ArrayRef<Size> sizes) {
  SmallVector<OpFoldResult> strides(sizes.size());
  int64_t fixed = 1;
  Value dynamic;
  for (size_t axis = sizes.size(); axis-- > 0;) {
    if (dynamic)
      strides[axis] =
          arith::MulIOp::create(l.b, dynamic, l.constant(fixed)).getResult();
    else
      strides[axis] = l.b.getIndexAttr(fixed);
    if (!sizes[axis].isSymbol)
      fixed *= sizes[axis].value;
    else
      dynamic =
          dynamic
              ? Value(arith::MulIOp::create(l.b, dynamic, l.size(sizes[axis])))
              : l.size(sizes[axis]);
  }
  return strides;
}

static OpFoldResult times(Lowering &l, OpFoldResult x, int64_t factor) {
  if (auto fixed = dyn_cast<Attribute>(x))
    return l.b.getIndexAttr(cast<IntegerAttr>(fixed).getInt() * factor);
  return arith::MulIOp::create(l.b, cast<Value>(x), l.constant(factor))
      .getResult();
}

static int64_t staticOr(OpFoldResult x, int64_t dynamic) {
  auto fixed = dyn_cast<Attribute>(x);
  return fixed ? cast<IntegerAttr>(fixed).getInt() : dynamic;
}

Value windowsView(Lowering &l, WindowsOp op) {
  const auto axis = static_cast<int64_t>(op.getAxis());
  SmallVector<OpFoldResult> sizes,
      strides = denseStrides(l, l.sizes.padded(op));
  strides.insert(strides.begin() + axis,
                 times(l, strides[axis], op.getStride()));
  SmallVector<int64_t> shape, fixedStrides;
  for (Size size : l.sizes.of(op)) {
    sizes.push_back(size.isSymbol ? OpFoldResult(l.size(size))
                                  : l.b.getIndexAttr(size.value));
    shape.push_back(staticOr(sizes.back(), ShapedType::kDynamic));
  }
  for (OpFoldResult stride : strides)
    fixedStrides.push_back(staticOr(stride, ShapedType::kDynamic));
  Value padded = paddedBuffer(l, op);
  auto type = MemRefType::get(
      shape, cast<MemRefType>(padded.getType()).getElementType(),
      StridedLayoutAttr::get(l.b.getContext(), 0, fixedStrides));
  return memref::ReinterpretCastOp::create(l.b, type, padded,
                                           l.b.getIndexAttr(0), sizes, strides);
}

Value windowsInput(Lowering &l, WindowsOp op) {
  const auto axis = static_cast<int64_t>(op.getAxis());
  Size walked = l.sizes.of(op.getInput())[axis];
  OpFoldResult size = walked.isSymbol ? OpFoldResult(l.size(walked))
                                      : l.b.getIndexAttr(walked.value);
  return l.slice(paddedBuffer(l, op), axis, l.b.getIndexAttr(op.getBefore()),
                 size);
}

void emitWindows(Lowering &l, WindowsOp op) {
  const auto axis = static_cast<int64_t>(op.getAxis());
  Value padded = paddedBuffer(l, op);
  Type element = cast<MemRefType>(padded.getType()).getElementType();
  SmallVector<Range> ranges = rangesOf(l, l.sizes.of(op.getInput()));
  Value walked = ranges[axis].end;
  Value zero =
      arith::ConstantOp::create(l.b, cast<TypedAttr>(l.b.getZeroAttr(element)));
  auto clear = [&](Value begin, int64_t count) {
    if (count == 0)
      return;
    ranges[axis] = {begin,
                    arith::AddIOp::create(l.b, begin, l.constant(count))};
    forAll(l, ranges, [&](ArrayRef<Value> place) {
      memref::StoreOp::create(l.b, zero, padded, place);
    });
  };
  const auto before = static_cast<int64_t>(op.getBefore());
  clear(l.constant(0), before);
  clear(arith::AddIOp::create(l.b, walked, l.constant(before)), op.getAfter());
}

//===----------------------------------------------------------------------===//
// Back from windows to positions
//===----------------------------------------------------------------------===//

/// The first window that holds position `t`, and the one behind the last.
static std::pair<Value, Value> windowsAt(Lowering &l, OverlapAddOp op,
                                         Value t) {
  const Sizes windows = l.sizes.of(op.getInput());
  const auto stride = static_cast<int64_t>(op.getStride());
  const auto before = static_cast<int64_t>(op.getBefore());
  const int64_t size = windows[op.getAxis() + 1].value;
  ImplicitLocOpBuilder &b = l.b;
  Value end = arith::AddIOp::create(b, t, l.constant(before));
  Value begin = arith::AddIOp::create(b, end, l.constant(stride - size));
  begin = arith::MaxSIOp::create(b, begin, l.constant(0));
  begin = arith::DivUIOp::create(b, begin, l.constant(stride));
  end = arith::DivUIOp::create(b, end, l.constant(stride));
  end = arith::AddIOp::create(b, end, l.constant(1));
  end = arith::MinUIOp::create(b, end, l.size(windows[op.getAxis()]));
  return {begin, end};
}

/// The sum at `place` of the result.
static Value sumOfWindows(Lowering &l, OverlapAddOp op, const Position &place) {
  const auto axis = static_cast<int64_t>(op.getAxis());
  ImplicitLocOpBuilder &b = l.b;
  Value t = l.index(place.coords[axis]);
  auto [begin, end] = windowsAt(l, op, t);
  Value fromFirst = arith::AddIOp::create(
      b, t, l.constant(static_cast<int64_t>(op.getBefore())));
  Value zero = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  return forCarried(l, begin, end, 1, zero, [&](Value n, ValueRange carried) {
    Value walked = arith::MulIOp::create(
        b, n, l.constant(static_cast<int64_t>(op.getStride())));
    Value within = arith::SubIOp::create(b, fromFirst, walked);
    Position from = place.with(axis + 1, {within, 0});
    from.coords[axis] = {n, 0};
    Value held = Puller(l).at(op.getInput(), from);
    return SmallVector<Value>{arith::AddFOp::create(b, carried[0], held)};
  })[0];
}

void emitOverlapAdd(Lowering &l, OverlapAddOp op) {
  Value result = l.buffers.lookup(op);
  forAll(l, l.sizes.of(op), [&](ArrayRef<Value> ivs) {
    Position place(ivs);
    Puller(l).store(sumOfWindows(l, op, place), result, place);
  });
}

} // namespace seqc::loops
