//===- Call.h - A call of a program, checked against its signature --------===//
// Private to Samples.cpp and Batched.cpp: finds sizes, checks what the caller
// gave, and binds arguments by their `seq.*` attributes.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_REFERENCE_CALL_H
#define SEQC_COMPILER_DIALECT_SEQ_REFERENCE_CALL_H

#include "compiler/Dialect/Seq/Reference/Samples.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <optional>

namespace seqc::reference {

using runtime::TensorSpec;

/// Sizes of the dynamic dimensions by ordinal, then of the derived ones: of a
/// sample, or padded.
using Sizes = std::vector<int64_t>;

/// Fills in the derived ones of `sizes`.
void setDerived(const runtime::Signature &signature, Sizes &sizes);

/// The shape of `spec` where dynamic dimensions have `sizes`.
llvm::SmallVector<int64_t> shapeOf(const TensorSpec &spec, const Sizes &sizes);

/// `shape` with the batch in front.
llvm::SmallVector<int64_t> withBatch(int64_t batch,
                                     llvm::ArrayRef<int64_t> shape);

/// Where `name` is among `specs`.
std::optional<size_t> indexOf(llvm::ArrayRef<TensorSpec> specs,
                              llvm::StringRef name);

class Call {
public:
  Call(mlir::ModuleOp module, const runtime::Signature &signature,
       const Batch &batch, RunError &error);

  /// Checks all that the caller gave, and finds the sizes. Comes first.
  mlir::LogicalResult check();

  /// The tensor for an argument with attribute `role` (without `seq.`); null:
  /// none.
  using Binding = llvm::function_ref<const Tensor *(llvm::StringRef role,
                                                    mlir::Attribute value)>;

  /// Runs the function `name` on what `bind` gives for its arguments.
  mlir::FailureOr<std::vector<Tensor>> run(llvm::StringRef name, Binding bind,
                                           ProgramOf program,
                                           const Draws &draws = {});

  /// The states' values before the first call, of one sample.
  mlir::FailureOr<std::vector<Tensor>> initialStates();

  /// The parameter of a name; null: none.
  const Tensor *param(mlir::Attribute name) const;

  /// Hands each result of the function `name` that is an output, a state or a
  /// gradient to `keep`, with its description and its place in `results`.
  using Keep = llvm::function_ref<mlir::LogicalResult(
      const TensorSpec &spec, bool hasBatch, Tensor &place,
      const Tensor &value)>;
  mlir::LogicalResult keepResults(llvm::StringRef name,
                                  llvm::ArrayRef<Tensor> values,
                                  BatchResults &results, Keep keep);

  /// Zeros for all outputs, states and gradients.
  BatchResults emptyResults() const;

  /// Checks that `tensor` is what `spec` says at these sizes.
  mlir::LogicalResult checkShape(const TensorSpec &spec, const Tensor &tensor,
                                 llvm::ArrayRef<int64_t> shape);

  mlir::LogicalResult fail(const llvm::Twine &message);

  bool isNested(size_t dimension) const {
    return signature.enclosing[dimension] >= 0;
  }

  mlir::ModuleOp module;
  const runtime::Signature &signature;
  const Batch &batch;
  RunError &error;
  /// Padded sizes of the dynamic dimensions.
  Sizes padded;

private:
  mlir::LogicalResult checkCounts();
  mlir::LogicalResult findSizes();
  mlir::LogicalResult checkLengths();
  mlir::LogicalResult keepGradient(mlir::func::FuncOp function, unsigned index,
                                   const Tensor &value, BatchResults &results,
                                   Keep keep);

  std::vector<TensorSpec> params;
};

} // namespace seqc::reference

#endif // SEQC_COMPILER_DIALECT_SEQ_REFERENCE_CALL_H
