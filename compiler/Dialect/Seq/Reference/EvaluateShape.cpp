//===- EvaluateShape.cpp - Constants, sizes, and where elements go --------===//
// Ops that move elements and compute none.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::reference {

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

Tensor view(const Tensor &input, ArrayRef<int64_t> shape,
            ArrayRef<int64_t> strides, int64_t base) {
  Tensor result = Tensor::zeros(input.kind, shape);
  SmallVector<int64_t> index(shape.size());
  const int64_t size = result.size();
  for (int64_t at = 0, from = base; at < size; ++at) {
    result.copy(at, input, from);
    for (int64_t axis = result.rank() - 1; axis >= 0; --axis) {
      from += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      from -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return result;
}

Tensor elementAt(const Tensor &input, int64_t axis, int64_t index) {
  SmallVector<int64_t> shape(input.shape), strides = input.strides();
  const int64_t base = index * strides[axis];
  shape.erase(shape.begin() + axis);
  strides.erase(strides.begin() + axis);
  return view(input, shape, strides, base);
}

AxisSplit splitAt(ArrayRef<int64_t> shape, int64_t axis) {
  return {sizeOf(shape.take_front(axis)), shape[axis],
          sizeOf(shape.drop_front(axis + 1))};
}

//===----------------------------------------------------------------------===//
// Constants and sizes
//===----------------------------------------------------------------------===//

static void setElement(Tensor &tensor, int64_t at, Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    tensor.numbers[at] = number.getValueAsDouble();
  else if (tensor.kind == ElementKind::Bool)
    tensor.integers[at] = cast<IntegerAttr>(value).getValue().getBoolValue();
  else
    tensor.integers[at] = cast<IntegerAttr>(value).getValue().getSExtValue();
}

Tensor scalarOf(TypedAttr value) {
  Tensor scalar = Tensor::zeros(kindOf(value.getType()), {});
  setElement(scalar, 0, value);
  return scalar;
}

static LogicalResult evalConstant(arith::ConstantOp op, Frame &frame) {
  if (isa<FloatAttr, IntegerAttr>(op.getValue())) {
    frame.set(op, scalarOf(op.getValue()));
    return success();
  }
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!elements)
    return frame.fail(op, "the constant's elements are not in the program");
  Tensor result =
      Tensor::zeros(kindOf(op.getType()), elements.getType().getShape());
  for (auto [at, value] : llvm::enumerate(elements.getValues<Attribute>()))
    setElement(result, at, value);
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalDim(tensor::DimOp op, Frame &frame) {
  const Tensor &source = frame.get(op.getSource());
  const int64_t axis = frame.get(op.getIndex()).integers[0];
  if (axis < 0 || axis >= source.rank())
    return frame.fail(op, "the tensor has no axis " + Twine(axis));
  frame.set(op, Tensor::index(source.shape[axis]));
  return success();
}

static LogicalResult evalCast(tensor::CastOp op, Frame &frame) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  const Tensor &source = frame.get(op.getSource());
  if (!type || failed(verifyCompatibleShape(type.getShape(), source.shape)))
    return frame.fail(op, "the tensor does not have the sizes of the type");
  frame.set(op, frame.share(op.getSource()));
  return success();
}

//===----------------------------------------------------------------------===//
// Moving elements
//===----------------------------------------------------------------------===//

static LogicalResult evalBroadcast(BroadcastOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  SmallVector<int64_t> shape(op.getType().getShape());
  SmallVector<int64_t> strides(shape.size(), 0);
  for (auto [axis, dim] : llvm::enumerate(op.getDims())) {
    shape[dim] = input.shape[axis];
    strides[dim] = input.strides()[axis];
  }
  auto size = op.getSizes().begin();
  for (int64_t &extent : shape)
    if (ShapedType::isDynamic(extent))
      extent = frame.get(*size++).integers[0];
  if (llvm::any_of(shape, [](int64_t extent) { return extent < 0; }))
    return frame.fail(op, "a size is negative");
  frame.set(op, view(input, shape, strides));
  return success();
}

static LogicalResult evalConcat(ConcatOp op, Frame &frame) {
  const int64_t axis = op.getAxis();
  Tensor result = Tensor::zeros(kindOf(op.getType()),
                                frame.get(op.getInputs().front()).shape);
  result.shape[axis] = op.getType().getDimSize(axis);
  result = Tensor::zeros(result.kind, result.shape);
  const AxisSplit to = splitAt(result.shape, axis);
  int64_t offset = 0;
  for (Value operand : op.getInputs()) {
    const Tensor &input = frame.get(operand);
    const AxisSplit from = splitAt(input.shape, axis);
    if (from.outer != to.outer || from.inner != to.inner)
      return frame.fail(op, "sizes of the operands differ");
    const int64_t block = from.size * from.inner;
    for (int64_t row = 0; row < to.outer; ++row)
      result.copy((row * to.size + offset) * to.inner, input, row * block,
                  block);
    offset += from.size;
  }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalSlice(SliceOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  const int64_t axis = op.getAxis();
  SmallVector<int64_t> shape(input.shape);
  shape[axis] = op.getType().getDimSize(axis);
  const auto strides = input.strides();
  frame.set(op, view(input, shape, strides,
                     static_cast<int64_t>(op.getOffset()) * strides[axis]));
  return success();
}

static LogicalResult evalTranspose(TransposeOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  SmallVector<int64_t> shape, strides;
  for (int64_t axis : op.getPermutation()) {
    shape.push_back(input.shape[axis]);
    strides.push_back(input.strides()[axis]);
  }
  frame.set(op, view(input, shape, strides));
  return success();
}

static LogicalResult evalReshape(ReshapeOp op, Frame &frame) {
  Tensor result = frame.get(op.getInput());
  SmallVector<int64_t> shape(op.getType().getShape());
  for (const ReshapePart &part : op.getParts())
    if (part.isAxis())
      shape[part.firstTo] = result.shape[part.firstFrom];
  result.shape = shape;
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalShift(ShiftOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  const Tensor fill = scalarOf(op.getFill());
  const int64_t by = static_cast<int64_t>(op.getBy());
  Tensor result = Tensor::zeros(input.kind, input.shape);
  const AxisSplit split = splitAt(input.shape, op.getAxis());
  for (int64_t outer = 0; outer < split.outer; ++outer)
    for (int64_t i = 0; i < split.size; ++i)
      for (int64_t inner = 0; inner < split.inner; ++inner) {
        const int64_t row = outer * split.size;
        const bool isInside = i - by >= 0 && i - by < split.size;
        result.copy((row + i) * split.inner + inner, isInside ? input : fill,
                    isInside ? (row + i - by) * split.inner + inner : 0);
      }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalIota(IotaOp op, Frame &frame) {
  auto type = cast<RankedTensorType>(op.getType());
  const int64_t size = op.getSize() ? frame.get(op.getSize()).integers[0]
                                    : type.getDimSize(0);
  if (size < 0)
    return frame.fail(op, "a size is negative");
  Tensor result = Tensor::zeros(kindOf(type), size);
  for (int64_t at = 0; at < size; ++at)
    if (result.isNumber())
      result.numbers[at] = static_cast<double>(at);
    else
      result.integers[at] = at;
  frame.set(op, std::move(result));
  return success();
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// The windows that end within `length` positions and what is around them.
static int64_t countWindows(int64_t length, int64_t offset, int64_t stride) {
  int64_t count = 0;
  for (int64_t left = length + offset; left >= 0; left -= stride)
    ++count;
  return count;
}

static LogicalResult evalWindows(WindowsOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  const int64_t axis = op.getAxis(), size = op.getSize();
  const int64_t stride = op.getStride(), before = op.getBefore();
  const AxisSplit from = splitAt(input.shape, axis);
  SmallVector<int64_t> shape(input.shape);
  const int64_t around = before + static_cast<int64_t>(op.getAfter());
  shape[axis] = countWindows(from.size, around - size, stride);
  const int64_t windows = shape[axis];
  shape.insert(shape.begin() + axis + 1, size);
  Tensor result = Tensor::zeros(input.kind, shape);
  for (int64_t row = 0; row < from.outer; ++row)
    for (int64_t window = 0; window < windows; ++window)
      for (int64_t i = 0; i < size; ++i) {
        const int64_t at = window * stride - before + i;
        if (at >= 0 && at < from.size)
          result.copy(((row * windows + window) * size + i) * from.inner, input,
                      (row * from.size + at) * from.inner, from.inner);
      }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalOverlapAdd(OverlapAddOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  const int64_t axis = op.getAxis();
  const int64_t stride = op.getStride(), before = op.getBefore();
  const int64_t windows = input.shape[axis], within = input.shape[axis + 1];
  SmallVector<int64_t> shape(input.shape);
  shape.erase(shape.begin() + axis + 1);
  shape[axis] = op.getSize() ? frame.get(op.getSize()).integers[0]
                             : op.getType().getDimSize(axis);
  if (shape[axis] < 0)
    return frame.fail(op, "a size is negative");
  Tensor result = Tensor::zeros(input.kind, shape);
  const AxisSplit to = splitAt(shape, axis);
  for (int64_t row = 0; row < to.outer; ++row)
    for (int64_t window = 0; window < windows; ++window)
      for (int64_t i = 0; i < within; ++i) {
        const int64_t at = window * stride - before + i;
        const int64_t from = ((row * windows + window) * within + i) * to.inner;
        for (int64_t inner = 0; inner < to.inner; ++inner)
          if (at >= 0 && at < to.size)
            result.numbers[(row * to.size + at) * to.inner + inner] +=
                input.numbers[from + inner];
      }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalWindowCount(WindowCountOp op, Frame &frame) {
  Tensor result = frame.get(op.getInput());
  for (int64_t &length : result.integers)
    length = countWindows(length, op.getOffset(), op.getStride());
  frame.set(op, std::move(result));
  return success();
}

void addShapeEvaluations(Evaluations &table) {
  addEvaluation<arith::ConstantOp>(table, evalConstant);
  addEvaluation<tensor::DimOp>(table, evalDim);
  addEvaluation<tensor::CastOp>(table, evalCast);
  addEvaluation<BroadcastOp>(table, evalBroadcast);
  addEvaluation<ConcatOp>(table, evalConcat);
  addEvaluation<SliceOp>(table, evalSlice);
  addEvaluation<TransposeOp>(table, evalTranspose);
  addEvaluation<ReshapeOp>(table, evalReshape);
  addEvaluation<ShiftOp>(table, evalShift);
  addEvaluation<IotaOp>(table, evalIota);
  addEvaluation<WindowsOp>(table, evalWindows);
  addEvaluation<OverlapAddOp>(table, evalOverlapAdd);
  addEvaluation<WindowCountOp>(table, evalWindowCount);
}

} // namespace seqc::reference
