//===- Interpreter.h - The meaning of the seq dialect, executable ---------===//
// Runs a function of the seq dialect in double precision: slow, plain, and
// what every compiled result is held against. It shares nothing with passes
// and lowerings.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_REFERENCE_INTERPRETER_H
#define SEQC_COMPILER_DIALECT_SEQ_REFERENCE_INTERPRETER_H

#include "compiler/Dialect/Seq/Reference/Tensor.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace seqc::reference {

/// Why a run ended early.
struct RunError {
  /// As a compiled model reports it. `kind` is SEQC_OK where the program was
  /// at fault and no model's input (an op without an evaluation, sizes that
  /// differ where they must agree): `message` then says it all.
  seqc_error record = {};
  std::string message;
};

/// What leads a token or a length back to its sample.
enum class ProgramOf : uint8_t {
  /// One sample: errors name sample 0, the caller knows better.
  Sample,
  /// A batch: the first axis of what has an error is the sample.
  Batch
};

/// What random numbers depend on besides the program: see `seqc_runtime`.
struct Draws {
  int64_t seed = 0;
  int64_t step = 0;
  /// Logical numbers of the samples, of the one sample where the program is of
  /// one. Empty: 0, 1, 2 ...
  std::vector<int64_t> sampleIds;
};

/// Runs `function` on `arguments`, which match its type but may have any size
/// on dynamic axes. On failure `error` holds the reason.
mlir::FailureOr<std::vector<Tensor>>
interpret(mlir::func::FuncOp function, llvm::ArrayRef<const Tensor *> arguments,
          RunError &error, ProgramOf program = ProgramOf::Sample,
          const Draws &draws = {});

/// The same, for arguments that stand in one array.
mlir::FailureOr<std::vector<Tensor>>
interpret(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> arguments,
          RunError &error, ProgramOf program = ProgramOf::Sample,
          const Draws &draws = {});

} // namespace seqc::reference

#endif // SEQC_COMPILER_DIALECT_SEQ_REFERENCE_INTERPRETER_H
