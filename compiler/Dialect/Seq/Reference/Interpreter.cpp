//===- Interpreter.cpp - The meaning of the seq dialect, executable -------===//
// Runs blocks op by op, and says where and why a run ended early.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Reference/Evaluate.h"

#include "compiler/Dialect/Seq/IR/Program.h"

using namespace mlir;

namespace seqc::reference {

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

LogicalResult Frame::fail(Operation *op, const Twine &message) {
  run.error.record = {};
  run.error.message = message.str();
  auto module = op->getParentOfType<ModuleOp>();
  if (auto place = seq::getPlaceInModel(op->getLoc(), module)) {
    run.error.record.line = static_cast<int32_t>(place.getLine());
    run.error.record.column = static_cast<int32_t>(place.getColumn());
  }
  return failure();
}

LogicalResult Frame::fail(Operation *op, seqc_status kind, int64_t row,
                          ArrayRef<int64_t> rows, int64_t value, int64_t bound,
                          const Twine &message) {
  (void)fail(op, message);
  seqc_error &record = run.error.record;
  record.kind = kind;
  record.value = value;
  record.bound = bound;
  if (run.program == ProgramOf::Batch && !rows.empty()) {
    rows = rows.drop_front();
    record.sample = row / sizeOf(rows);
    row %= sizeOf(rows);
  }
  const bool hasPosition = position >= 0 || !rows.empty();
  record.position = hasPosition ? positionInside(row, sizeOf(rows)) : -1;
  return failure();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static const Evaluations &evaluations() {
  static const Evaluations table = [] {
    Evaluations made;
    addElementwiseEvaluations(made);
    addShapeEvaluations(made);
    addProductEvaluations(made);
    addLengthEvaluations(made);
    addLoopEvaluations(made);
    addRandomEvaluations(made);
    return made;
  }();
  return table;
}

LogicalResult runBlock(Block &block, Frame &frame) {
  for (Operation &op : block.without_terminator()) {
    auto found = evaluations().find(op.getName().getStringRef());
    if (found == evaluations().end())
      return frame.fail(&op, "the reference interpreter has no evaluation of " +
                                 op.getName().getStringRef());
    if (failed(found->second(&op, frame)))
      return failure();
  }
  return success();
}

/// Whether `tensor` is a value of `type`.
static bool matches(const Tensor &tensor, Type type) {
  ArrayRef<int64_t> shape;
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    if (!shaped.hasRank())
      return false;
    shape = shaped.getShape();
  }
  auto fits = [](auto sizes) {
    auto [found, expected] = sizes;
    return found >= 0 && (ShapedType::isDynamic(expected) || found == expected);
  };
  return tensor.kind == kindOf(type) && tensor.shape.size() == shape.size() &&
         llvm::all_of(llvm::zip(tensor.shape, shape), fits) &&
         static_cast<int64_t>(tensor.isNumber()
                                  ? tensor.numbers.size()
                                  : tensor.integers.size()) == tensor.size();
}

static LogicalResult bindArguments(func::FuncOp function,
                                   ArrayRef<const Tensor *> arguments,
                                   Frame &frame) {
  if (arguments.size() != function.getNumArguments())
    return frame.fail(function, "@" + function.getName() + " has " +
                                    Twine(function.getNumArguments()) +
                                    " arguments, but is given " +
                                    Twine(arguments.size()));
  for (auto [argument, tensor] :
       llvm::zip(function.getArguments(), arguments)) {
    if (!matches(*tensor, argument.getType()))
      return frame.fail(function, "argument " + Twine(argument.getArgNumber()) +
                                      " of @" + function.getName() +
                                      " has another type");
    // The caller's tensor outlives the run: shared, but never freed here.
    frame.set(argument, SharedTensor(SharedTensor(), tensor));
  }
  return success();
}

FailureOr<std::vector<Tensor>> interpret(func::FuncOp function,
                                         ArrayRef<const Tensor *> arguments,
                                         RunError &error, ProgramOf program,
                                         const Draws &draws) {
  Run run{error, program, draws};
  Frame frame(run, -1);
  if (!function.getBody().hasOneBlock())
    return frame.fail(function, "@" + function.getName() +
                                    " is not a function of one block");
  if (failed(bindArguments(function, arguments, frame)))
    return failure();
  Block &body = function.getBody().front();
  if (failed(runBlock(body, frame)))
    return failure();
  std::vector<Tensor> results;
  for (Value result : body.getTerminator()->getOperands())
    results.push_back(frame.get(result));
  return results;
}

FailureOr<std::vector<Tensor>> interpret(func::FuncOp function,
                                         ArrayRef<Tensor> arguments,
                                         RunError &error, ProgramOf program,
                                         const Draws &draws) {
  auto pointers = llvm::map_to_vector(
      arguments, [](const Tensor &tensor) { return &tensor; });
  return interpret(function, pointers, error, program, draws);
}

} // namespace seqc::reference
