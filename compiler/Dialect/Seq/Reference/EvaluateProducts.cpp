//===- EvaluateProducts.cpp - Contractions and reductions -----------------===//
// Sums in the order of the elements.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace seqc::seq;

namespace seqc::reference {

/// Where the elements are that differ on `axes` only, row by row.
static std::vector<int64_t> offsetsOver(const Tensor &tensor,
                                        ArrayRef<int64_t> axes) {
  const auto strides = tensor.strides();
  std::vector<int64_t> offsets = {0};
  for (int64_t axis : axes) {
    std::vector<int64_t> next;
    next.reserve(offsets.size() * tensor.shape[axis]);
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < tensor.shape[axis]; ++i)
        next.push_back(offset + i * strides[axis]);
    offsets = std::move(next);
  }
  return offsets;
}

static SmallVector<int64_t> axesOutside(const Tensor &tensor,
                                        ArrayRef<int64_t> axes,
                                        ArrayRef<int64_t> batch) {
  SmallVector<int64_t> others;
  for (int64_t axis = 0; axis < tensor.rank(); ++axis)
    if (!llvm::is_contained(axes, axis) && !llvm::is_contained(batch, axis))
      others.push_back(axis);
  return others;
}

static void appendSizes(SmallVectorImpl<int64_t> &shape, const Tensor &tensor,
                        ArrayRef<int64_t> axes) {
  for (int64_t axis : axes)
    shape.push_back(tensor.shape[axis]);
}

static bool sameSizes(const Tensor &lhs, ArrayRef<int64_t> lhsAxes,
                      const Tensor &rhs, ArrayRef<int64_t> rhsAxes) {
  return llvm::all_of(llvm::zip(lhsAxes, rhsAxes), [&](auto pair) {
    return lhs.shape[std::get<0>(pair)] == rhs.shape[std::get<1>(pair)];
  });
}

static LogicalResult evalContract(ContractOp op, Frame &frame) {
  const Tensor &lhs = frame.get(op.getLhs()), &rhs = frame.get(op.getRhs());
  if (!sameSizes(lhs, op.getLhsAxes(), rhs, op.getRhsAxes()) ||
      !sameSizes(lhs, op.getLhsBatch(), rhs, op.getRhsBatch()))
    return frame.fail(op, "sizes of paired axes differ");
  const auto lhsFree = axesOutside(lhs, op.getLhsAxes(), op.getLhsBatch());
  const auto rhsFree = axesOutside(rhs, op.getRhsAxes(), op.getRhsBatch());
  SmallVector<int64_t> shape;
  appendSizes(shape, lhs, op.getLhsBatch());
  appendSizes(shape, lhs, lhsFree);
  appendSizes(shape, rhs, rhsFree);
  Tensor result = Tensor::zeros(ElementKind::F32, shape);

  const auto lhsBatch = offsetsOver(lhs, op.getLhsBatch());
  const auto rhsBatch = offsetsOver(rhs, op.getRhsBatch());
  const auto lhsRows = offsetsOver(lhs, lhsFree);
  const auto rhsRows = offsetsOver(rhs, rhsFree);
  const auto lhsSum = offsetsOver(lhs, op.getLhsAxes());
  const auto rhsSum = offsetsOver(rhs, op.getRhsAxes());
  auto out = result.numbers.begin();
  for (size_t batch = 0; batch < lhsBatch.size(); ++batch)
    for (int64_t lhsRow : lhsRows)
      for (int64_t rhsRow : rhsRows) {
        double sum = 0;
        for (size_t k = 0; k < lhsSum.size(); ++k)
          sum += lhs.numbers[lhsBatch[batch] + lhsRow + lhsSum[k]] *
                 rhs.numbers[rhsBatch[batch] + rhsRow + rhsSum[k]];
        *out++ = sum;
      }
  frame.set(op, std::move(result));
  return success();
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// A maximum or minimum of which one operand is NaN is NaN.
static double combine(ReductionKind kind, double a, double b) {
  if (kind == ReductionKind::Sum)
    return a + b;
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<double>::quiet_NaN();
  return kind == ReductionKind::Max ? std::max(a, b) : std::min(a, b);
}

static double identity(ReductionKind kind) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (kind) {
  case ReductionKind::Sum:
    return 0;
  case ReductionKind::Max:
    return -infinity;
  case ReductionKind::Min:
    return infinity;
  }
  llvm_unreachable("all kinds have an identity");
}

static LogicalResult evalReduce(ReduceOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  const int64_t axis = op.getAxis();
  SmallVector<int64_t> shape(input.shape);
  shape.erase(shape.begin() + axis);
  Tensor result = Tensor::zeros(ElementKind::F32, shape);
  const AxisSplit split = splitAt(input.shape, axis);
  // Of a batch, seq.require_length has asked for an element.
  if (!frame.run.forSizes && frame.run.program == ProgramOf::Sample &&
      split.size == 0 && op.getInput().getType().isDynamicDim(axis) &&
      op.getKind() != ReductionKind::Sum)
    return frame.fail(op, SEQC_ERROR_LENGTH, 0, {}, 0, 1,
                      stringifyReductionKind(op.getKind()) +
                          " needs a length of 1, not 0");
  for (int64_t outer = 0; outer < split.outer; ++outer)
    for (int64_t inner = 0; inner < split.inner; ++inner) {
      double value = identity(op.getKind());
      for (int64_t i = 0; i < split.size; ++i)
        value = combine(
            op.getKind(), value,
            input.numbers[(outer * split.size + i) * split.inner + inner]);
      result.numbers[outer * split.inner + inner] = value;
    }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalSoftmax(SoftmaxOp op, Frame &frame) {
  Tensor result = frame.get(op.getInput());
  const AxisSplit split = splitAt(result.shape, op.getAxis());
  for (int64_t outer = 0; outer < split.outer; ++outer)
    for (int64_t inner = 0; inner < split.inner; ++inner) {
      auto element = [&](int64_t i) -> double & {
        return result.numbers[(outer * split.size + i) * split.inner + inner];
      };
      double maximum = identity(ReductionKind::Max);
      for (int64_t i = 0; i < split.size; ++i)
        maximum = combine(ReductionKind::Max, maximum, element(i));
      double sum = 0;
      for (int64_t i = 0; i < split.size; ++i)
        sum += element(i) = std::exp(element(i) - maximum);
      for (int64_t i = 0; i < split.size; ++i)
        element(i) /= sum;
    }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalCumsum(CumsumOp op, Frame &frame) {
  Tensor result = frame.get(op.getInput());
  const AxisSplit split = splitAt(result.shape, op.getAxis());
  const int64_t last = split.size - 1;
  for (int64_t outer = 0; outer < split.outer; ++outer)
    for (int64_t i = 1; i < split.size; ++i)
      for (int64_t inner = 0; inner < split.inner; ++inner) {
        const int64_t position = op.getReverse() ? last - i : i;
        const int64_t before = op.getReverse() ? position + 1 : position - 1;
        const int64_t row = outer * split.size;
        result.numbers[(row + position) * split.inner + inner] +=
            result.numbers[(row + before) * split.inner + inner];
      }
  frame.set(op, std::move(result));
  return success();
}

void addProductEvaluations(Evaluations &table) {
  addEvaluation<ContractOp>(table, evalContract);
  addEvaluation<ReduceOp>(table, evalReduce);
  addEvaluation<CumsumOp>(table, evalCumsum);
  addEvaluation<SoftmaxOp>(table, evalSoftmax);
}

} // namespace seqc::reference
