//===- EvaluateLoops.cpp - The time loop and the map ----------------------===//
// Runs a body once for each position and puts its results in their places.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::reference {

using Tensors = std::vector<SharedTensor>;

static Tensors shareAll(ValueRange values, const Frame &frame) {
  Tensors tensors;
  for (Value value : values)
    tensors.push_back(frame.share(value));
  return tensors;
}

/// The size along `axis` that all sequences have; none if they differ.
static std::optional<int64_t> commonSize(const Tensors &sequences,
                                         int64_t axis) {
  const int64_t size = sequences.front()->shape[axis];
  for (const SharedTensor &sequence : sequences)
    if (sequence->shape[axis] != size)
      return std::nullopt;
  return size;
}

/// Runs `body` on `arguments` at a position and gives what it yields.
static FailureOr<Tensors> runBody(Region &body, const Tensors &arguments,
                                  Run &run, int64_t position) {
  Frame frame(run, position);
  for (auto [argument, tensor] : llvm::zip(body.getArguments(), arguments))
    frame.set(argument, tensor);
  if (failed(runBlock(body.front(), frame)))
    return failure();
  return shareAll(body.front().getTerminator()->getOperands(), frame);
}

/// Elements of the sequences at `index` of `axis`.
static Tensors elementsAt(const Tensors &sequences, int64_t axis,
                          int64_t index) {
  Tensors elements;
  for (const SharedTensor &sequence : sequences)
    elements.push_back(
        std::make_shared<const Tensor>(elementAt(*sequence, axis, index)));
  return elements;
}

/// Zeros of the shapes that elements of the sequences would have.
static Tensors absentElements(const Tensors &sequences, int64_t axis) {
  Tensors elements;
  for (const SharedTensor &sequence : sequences) {
    SmallVector<int64_t> shape(sequence->shape);
    shape.erase(shape.begin() + axis);
    elements.push_back(
        std::make_shared<const Tensor>(Tensor::zeros(sequence->kind, shape)));
  }
  return elements;
}

/// Zeros of the types of `values`, if these say all sizes.
static std::optional<Tensors> zerosOf(ValueRange values) {
  Tensors tensors;
  for (Value value : values) {
    auto type = cast<RankedTensorType>(value.getType());
    if (!type.hasStaticShape())
      return std::nullopt;
    tensors.push_back(std::make_shared<const Tensor>(
        Tensor::zeros(kindOf(type), type.getShape())));
  }
  return tensors;
}

//===----------------------------------------------------------------------===//
// Stacking
//===----------------------------------------------------------------------===//

namespace {

/// Says whether a row takes part in a step.
using RowFilter = llvm::function_ref<bool(int64_t)>;

/// The outputs of all positions, put together along an axis.
class Stack {
public:
  Stack(int64_t axis, int64_t size) : axis(axis), size(size) {}

  /// Makes room, all zero, for outputs of the shapes of `step`.
  void allocate(ArrayRef<SharedTensor> step) {
    for (const SharedTensor &output : step) {
      SmallVector<int64_t> shape(output->shape);
      shape.insert(shape.begin() + axis, size);
      stacked.push_back(Tensor::zeros(output->kind, shape));
    }
    allocated = true;
  }

  /// Puts a step's outputs in their place, in the rows that take part. Fails
  /// if their sizes are not those of the other steps.
  LogicalResult put(ArrayRef<SharedTensor> step, int64_t index,
                    RowFilter takesPart) {
    if (!allocated)
      allocate(step);
    for (auto [to, from] : llvm::zip(stacked, step)) {
      const AxisSplit split = splitAt(to.shape, axis);
      if (from->size() != split.outer * split.inner)
        return failure();
      for (int64_t row = 0; row < split.outer; ++row)
        if (takesPart(row))
          to.copy((row * size + index) * split.inner, *from, row * split.inner,
                  split.inner);
    }
    return success();
  }

  /// Gives the outputs to the results of the loop.
  void setResults(ResultRange results, Frame &frame) {
    for (auto [result, output] : llvm::zip(results, stacked))
      frame.set(result, std::move(output));
  }

private:
  const int64_t axis, size;
  bool allocated = false;
  std::vector<Tensor> stacked;
};

} // namespace

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

/// Whether each tensor has one row for each length.
static bool coverRows(const Tensor &lengths, ArrayRef<SharedTensor> tensors) {
  return llvm::all_of(tensors, [&](const SharedTensor &tensor) {
    return ArrayRef<int64_t>(tensor->shape).take_front(lengths.rank()) ==
           ArrayRef<int64_t>(lengths.shape);
  });
}

static bool sameShapes(ArrayRef<SharedTensor> a, ArrayRef<SharedTensor> b) {
  return llvm::all_of(llvm::zip(a, b), [](auto pair) {
    return std::get<0>(pair)->shape == std::get<1>(pair)->shape;
  });
}

/// The new state in the rows that take part, the old one in all others.
static SharedTensor selectRows(const SharedTensor &before,
                               const SharedTensor &after, int64_t rows,
                               RowFilter takesPart) {
  Tensor state = *before;
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t inner = state.size() / rows;
    if (takesPart(row))
      state.copy(row * inner, *after, row * inner, inner);
  }
  return std::make_shared<const Tensor>(std::move(state));
}

namespace {

/// What a scan has while it runs.
struct ScanState {
  Tensors sequences, invariants, states;
  const Tensor *lengths;
  int64_t size;
};

} // namespace

static FailureOr<Tensors> runStep(ScanOp op, Tensors elements,
                                  const ScanState &scan, Run &run,
                                  int64_t position) {
  llvm::append_range(elements, scan.states);
  llvm::append_range(elements, scan.invariants);
  return runBody(op.getBody(), elements, run, position);
}

/// One step: carries the states on and stacks the outputs.
static LogicalResult advance(ScanOp op, int64_t index, ScanState &scan,
                             Stack &outputs, Frame &frame) {
  auto yielded =
      runStep(op, elementsAt(scan.sequences, op.getAxis(), index), scan,
              frame.run, frame.positionInside(index, scan.size));
  if (failed(yielded))
    return failure();
  if (!sameShapes(scan.states, *yielded) ||
      (scan.lengths && !coverRows(*scan.lengths, *yielded)))
    return frame.fail(op, "a step changes the size of what it carries");
  auto takesPart = [&](int64_t row) {
    return !scan.lengths || index < scan.lengths->integers[row];
  };
  for (auto [before, after] : llvm::zip(scan.states, *yielded))
    before = scan.lengths
                 ? selectRows(before, after, scan.lengths->size(), takesPart)
                 : after;
  if (failed(outputs.put(ArrayRef(*yielded).drop_front(scan.states.size()),
                         index, takesPart)))
    return frame.fail(op, "the outputs of the steps have different sizes");
  return success();
}

/// Makes the outputs of no step at all: where their type leaves sizes open,
/// these are what a step makes of zeros.
static LogicalResult stackNothing(ScanOp op, const ScanState &scan,
                                  Stack &outputs, Run &run) {
  if (auto zeros = zerosOf(op.getStepOutputs())) {
    outputs.allocate(*zeros);
    return success();
  }
  Run sizes{run.error, run.program, run.draws, /*forSizes=*/true};
  auto yielded =
      runStep(op, absentElements(scan.sequences, op.getAxis()), scan, sizes, 0);
  if (failed(yielded))
    return failure();
  outputs.allocate(ArrayRef(*yielded).drop_front(scan.states.size()));
  return success();
}

static LogicalResult evalScan(ScanOp op, Frame &frame) {
  ScanState scan;
  scan.sequences = shareAll(op.getSequences(), frame);
  scan.invariants = shareAll(op.getInvariants(), frame);
  scan.states = shareAll(op.getInits(), frame);
  scan.lengths = op.getLengths() ? &frame.get(op.getLengths()) : nullptr;
  const auto size = commonSize(scan.sequences, op.getAxis());
  if (!size)
    return frame.fail(op, "the sequences have different sizes");
  scan.size = *size;
  if (scan.lengths && (!coverRows(*scan.lengths, scan.sequences) ||
                       !coverRows(*scan.lengths, scan.states)))
    return frame.fail(op, "there is not one length for each row");

  Stack outputs(op.getAxis(), *size);
  if (*size == 0 && failed(stackNothing(op, scan, outputs, frame.run)))
    return failure();
  for (int64_t step = 0; step < *size; ++step) {
    const int64_t index = op.getReverse() ? *size - 1 - step : step;
    if (failed(advance(op, index, scan, outputs, frame)))
      return failure();
  }
  for (auto [result, state] : llvm::zip(op.getFinals(), scan.states))
    frame.set(result, state);
  outputs.setResults(op.getOutputs(), frame);
  return success();
}

//===----------------------------------------------------------------------===//
// Map
//===----------------------------------------------------------------------===//

static LogicalResult evalMap(MapOp op, Frame &frame) {
  const Tensors sequences = shareAll(op.getSequences(), frame);
  const Tensors invariants = shareAll(op.getInvariants(), frame);
  const auto size = commonSize(sequences, 0);
  if (!size)
    return frame.fail(op, "the sequences have different sizes");
  auto runAt = [&](Tensors elements, int64_t index, Run &run) {
    llvm::append_range(elements, invariants);
    return runBody(op.getBody(), elements, run,
                   frame.positionInside(index, *size));
  };
  Stack outputs(0, *size);
  for (int64_t index = 0; index < *size; ++index) {
    auto yielded = runAt(elementsAt(sequences, 0, index), index, frame.run);
    if (failed(yielded))
      return failure();
    if (failed(outputs.put(*yielded, index, [](int64_t) { return true; })))
      return frame.fail(op, "the results of the positions differ in size");
  }
  if (*size == 0) {
    auto zeros = zerosOf(op.getYield().getValues());
    Run sizes{frame.run.error, frame.run.program, frame.run.draws,
              /*forSizes=*/true};
    auto yielded = zeros ? FailureOr<Tensors>(*zeros)
                         : runAt(absentElements(sequences, 0), 0, sizes);
    if (failed(yielded))
      return failure();
    outputs.allocate(*yielded);
  }
  outputs.setResults(op.getResults(), frame);
  return success();
}

void addLoopEvaluations(Evaluations &table) {
  addEvaluation<ScanOp>(table, evalScan);
  addEvaluation<MapOp>(table, evalMap);
}

} // namespace seqc::reference
