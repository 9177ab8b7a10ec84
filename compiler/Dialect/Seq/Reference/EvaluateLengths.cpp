//===- EvaluateLengths.cpp - Tokens, lengths, positions -------------------===//
// Ops that depend on where a row ends, and those that report bad input.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

#include <algorithm>
#include <limits>

using namespace mlir;
using namespace seqc::seq;

namespace seqc::reference {

/// The first token that is not below `bound` ends the run.
static LogicalResult checkTokens(Operation *op, const Tensor &tokens,
                                 int64_t bound, Frame &frame) {
  for (auto [at, token] : llvm::enumerate(tokens.integers))
    if (token < 0 || token >= bound)
      return frame.fail(op, SEQC_ERROR_TOKEN, at, tokens.shape, token, bound,
                        "token " + Twine(token) + " is not from 0 to " +
                            Twine(bound - 1));
  return success();
}

static LogicalResult evalOneHot(OneHotOp op, Frame &frame) {
  const Tensor &tokens = frame.get(op.getTokens());
  SmallVector<int64_t> shape(tokens.shape);
  shape.push_back(op.getType().getShape().back());
  Tensor result = Tensor::zeros(ElementKind::F32, shape);
  if (!frame.run.forSizes) {
    if (failed(checkTokens(op, tokens, shape.back(), frame)))
      return failure();
    for (auto [at, token] : llvm::enumerate(tokens.integers))
      result.numbers[at * shape.back() + token] = 1;
  }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalGather(GatherOp op, Frame &frame) {
  const Tensor &table = frame.get(op.getTable());
  const Tensor &tokens = frame.get(op.getTokens());
  const auto row = ArrayRef<int64_t>(table.shape).drop_front();
  SmallVector<int64_t> shape(tokens.shape);
  shape.append(row.begin(), row.end());
  Tensor result = Tensor::zeros(ElementKind::F32, shape);
  if (frame.run.forSizes) {
    frame.set(op, std::move(result));
    return success();
  }
  const int64_t width = sizeOf(row);
  if (failed(checkTokens(op, tokens, table.shape[0], frame)))
    return failure();
  for (auto [at, token] : llvm::enumerate(tokens.integers))
    result.copy(at * width, table, token * width, width);
  frame.set(op, std::move(result));
  return success();
}

/// A token that no row has adds nothing: its look-up is what fails.
static LogicalResult evalScatterAdd(ScatterAddOp op, Frame &frame) {
  const Tensor &updates = frame.get(op.getUpdates());
  const Tensor &tokens = frame.get(op.getTokens());
  const int64_t rows = op.getType().getDimSize(0);
  const auto row = ArrayRef<int64_t>(updates.shape).drop_front(tokens.rank());
  if (ArrayRef<int64_t>(updates.shape).take_front(tokens.rank()) !=
      ArrayRef<int64_t>(tokens.shape))
    return frame.fail(op, "there is not one update for each token");
  SmallVector<int64_t> shape = {rows};
  shape.append(row.begin(), row.end());
  Tensor result = Tensor::zeros(ElementKind::F32, shape);
  const int64_t width = sizeOf(row);
  for (auto [at, token] : llvm::enumerate(tokens.integers)) {
    if (token < 0 || token >= rows)
      continue;
    for (int64_t i = 0; i < width; ++i)
      result.numbers[token * width + i] += updates.numbers[at * width + i];
  }
  frame.set(op, std::move(result));
  return success();
}

/// Whether `lengths` has one entry for each row of `input` before `axis`.
static bool coversRows(const Tensor &lengths, const Tensor &input,
                       int64_t axis) {
  return ArrayRef<int64_t>(lengths.shape) ==
         ArrayRef<int64_t>(input.shape).take_front(axis);
}

static LogicalResult evalMask(MaskOp op, Frame &frame) {
  Tensor result = frame.get(op.getInput());
  const Tensor &lengths = frame.get(op.getLengths());
  if (!coversRows(lengths, result, op.getAxis()))
    return frame.fail(op, "there is not one length for each row");
  const Tensor fill = scalarOf(op.getFill());
  const AxisSplit split = splitAt(result.shape, op.getAxis());
  for (int64_t row = 0; row < split.outer; ++row)
    for (int64_t i = std::max<int64_t>(lengths.integers[row], 0);
         i < split.size; ++i)
      for (int64_t inner = 0; inner < split.inner; ++inner)
        result.copy((row * split.size + i) * split.inner + inner, fill, 0);
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalLength(LengthOp op, Frame &frame) {
  const Tensor &input = frame.get(op.getInput());
  Tensor result = Tensor::zeros(
      ElementKind::Token,
      ArrayRef<int64_t>(input.shape).take_front(op.getType().getRank()));
  llvm::fill(result.integers, input.shape[op.getAxis()]);
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalRequireLength(RequireLengthOp op, Frame &frame) {
  const Tensor &lengths = frame.get(op.getLengths());
  const int64_t minimum = op.getMinimum();
  if (frame.run.forSizes)
    return success();
  for (auto [row, length] : llvm::enumerate(lengths.integers))
    if (length < minimum)
      return frame.fail(op, SEQC_ERROR_LENGTH, row, lengths.shape, length,
                        minimum,
                        op.getWhat() + " needs a length of " + Twine(minimum) +
                            ", not " + Twine(length));
  return success();
}

//===----------------------------------------------------------------------===//
// At
//===----------------------------------------------------------------------===//

/// The element at each row's own position; zero where that is outside.
static Tensor elementOfRows(const Tensor &input, const Tensor &lengths,
                            int64_t axis, int64_t index) {
  SmallVector<int64_t> shape(input.shape);
  shape.erase(shape.begin() + axis);
  Tensor result = Tensor::zeros(input.kind, shape);
  const AxisSplit split = splitAt(input.shape, axis);
  for (int64_t row = 0; row < split.outer; ++row) {
    const int64_t length = std::min(lengths.integers[row], split.size);
    const int64_t at = index < 0 ? length + index : index;
    if (at >= 0 && at < length)
      result.copy(row * split.inner, input,
                  (row * split.size + at) * split.inner, split.inner);
  }
  return result;
}

static LogicalResult evalAt(AtOp op, Frame &frame) {
  constexpr int64_t largest = std::numeric_limits<int64_t>::max();
  const Tensor &input = frame.get(op.getInput());
  const int64_t axis = op.getAxis(), index = op.getIndex();
  if (op.getLengths()) {
    const Tensor &lengths = frame.get(op.getLengths());
    if (!coversRows(lengths, input, axis))
      return frame.fail(op, "there is not one length for each row");
    frame.set(op, elementOfRows(input, lengths, axis, index));
    return success();
  }
  const int64_t size = input.shape[axis];
  const int64_t at = index < 0 ? size + index : index;
  if (frame.run.forSizes && (at < 0 || at >= size)) {
    SmallVector<int64_t> shape(input.shape);
    shape.erase(shape.begin() + axis);
    frame.set(op, Tensor::zeros(input.kind, shape));
    return success();
  }
  if (at < 0 || at >= size) {
    // The ends of the range of indices have no neighbour to count to.
    const int64_t needed = index < 0 ? -std::max(index, -largest)
                                     : std::min(index, largest - 1) + 1;
    return frame.fail(op, SEQC_ERROR_LENGTH, 0, {}, size, needed,
                      "index " + Twine(index) + " needs a length of " +
                          Twine(needed) + ", not " + Twine(size));
  }
  frame.set(op, elementAt(input, axis, at));
  return success();
}

void addLengthEvaluations(Evaluations &table) {
  addEvaluation<GatherOp>(table, evalGather);
  addEvaluation<OneHotOp>(table, evalOneHot);
  addEvaluation<ScatterAddOp>(table, evalScatterAdd);
  addEvaluation<MaskOp>(table, evalMask);
  addEvaluation<LengthOp>(table, evalLength);
  addEvaluation<RequireLengthOp>(table, evalRequireLength);
  addEvaluation<AtOp>(table, evalAt);
}

} // namespace seqc::reference
