//===- Evaluate.h - What evaluations of single ops share ------------------===//
// Private to the interpreter: the values of a running region, and the table
// from an op's name to its evaluation. To add an op, write its evaluation in
// the file of its family and name it in that file's table.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_REFERENCE_EVALUATE_H
#define SEQC_COMPILER_DIALECT_SEQ_REFERENCE_EVALUATE_H

#include "compiler/Dialect/Seq/Reference/Interpreter.h"

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <functional>
#include <memory>

namespace seqc::reference {

/// What is the same all through a run.
struct Run {
  RunError &error;
  ProgramOf program;
  const Draws &draws;
  /// A body is run for the sizes of what it gives and nothing else: it stands
  /// for no position at all, so that no input of it can be wrong.
  bool forSizes = false;
};

/// Values are shared, not copied: a weight is handed into each step of a loop.
using SharedTensor = std::shared_ptr<const Tensor>;

/// The values of one region while it runs.
class Frame {
public:
  Frame(Run &run, int64_t position) : run(run), position(position) {}

  const Tensor &get(mlir::Value value) const { return *values.at(value); }
  SharedTensor share(mlir::Value value) const { return values.at(value); }
  void set(mlir::Value value, SharedTensor tensor) {
    values[value] = std::move(tensor);
  }
  void set(mlir::Value value, Tensor tensor) {
    set(value, std::make_shared<const Tensor>(std::move(tensor)));
  }

  /// Ends the run with a fault of the program at `op`.
  mlir::LogicalResult fail(mlir::Operation *op, const llvm::Twine &message);

  /// Ends the run with an error of the model's input, found at `row` of `rows`
  /// of what `op` looks at: whose sample and position that is.
  mlir::LogicalResult fail(mlir::Operation *op, seqc_status kind, int64_t row,
                           llvm::ArrayRef<int64_t> rows, int64_t value,
                           int64_t bound, const llvm::Twine &message);

  /// Where a loop's body at `index` of `size` stands in all loops around it,
  /// row by row.
  int64_t positionInside(int64_t index, int64_t size) const {
    return (position < 0 ? 0 : position) * size + index;
  }

  Run &run;
  /// Where in the enclosing loops this is; -1: in none.
  const int64_t position;

private:
  llvm::DenseMap<mlir::Value, SharedTensor> values;
};

/// Sets the results of an op from its operands.
using Evaluation =
    std::function<mlir::LogicalResult(mlir::Operation *, Frame &)>;
using Evaluations = llvm::StringMap<Evaluation>;

void addElementwiseEvaluations(Evaluations &table);
void addShapeEvaluations(Evaluations &table);
void addProductEvaluations(Evaluations &table);
void addLengthEvaluations(Evaluations &table);
void addLoopEvaluations(Evaluations &table);
void addRandomEvaluations(Evaluations &table);

/// Enters `evaluate`, which takes the op by its own type.
template <typename OpTy>
void addEvaluation(Evaluations &table,
                   mlir::LogicalResult (*evaluate)(OpTy, Frame &)) {
  table[OpTy::getOperationName()] = [evaluate](mlir::Operation *op,
                                               Frame &frame) {
    return evaluate(mlir::cast<OpTy>(op), frame);
  };
}

/// Runs all of `block` but its terminator.
mlir::LogicalResult runBlock(mlir::Block &block, Frame &frame);

/// The scalar that a number or integer attribute holds.
Tensor scalarOf(mlir::TypedAttr value);

/// The elements of `input` at `base` and multiples of `strides`.
Tensor view(const Tensor &input, llvm::ArrayRef<int64_t> shape,
            llvm::ArrayRef<int64_t> strides, int64_t base = 0);

/// What stands at `index` of `axis`, without that axis.
Tensor elementAt(const Tensor &input, int64_t axis, int64_t index);

/// A tensor as three nested loops: what is before an axis, the axis itself,
/// and what is inside it.
struct AxisSplit {
  int64_t outer = 1;
  int64_t size = 1;
  int64_t inner = 1;
};
AxisSplit splitAt(llvm::ArrayRef<int64_t> shape, int64_t axis);

} // namespace seqc::reference

#endif // SEQC_COMPILER_DIALECT_SEQ_REFERENCE_EVALUATE_H
