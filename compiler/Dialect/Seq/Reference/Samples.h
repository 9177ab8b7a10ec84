//===- Samples.h - What a compiled model does, by the interpreter ---------===//
// A batch, done the obvious way: cut each sample out of the padding, run the
// program of one sample on it, put what it gives back into zeros. And the same
// batch by the program that a pass made of it, to find a pass at fault.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_REFERENCE_SAMPLES_H
#define SEQC_COMPILER_DIALECT_SEQ_REFERENCE_SAMPLES_H

#include "compiler/Dialect/Seq/Reference/Interpreter.h"
#include "runtime/core/signature.h"

#include "mlir/IR/BuiltinOps.h"

#include <vector>

namespace seqc::reference {

/// The arguments of one call. Orders are those of the signature.
struct Batch {
  int64_t size = 0;
  /// Padded, [B, ...].
  std::vector<Tensor> inputs;
  std::vector<Tensor> params;
  /// For each dynamic dimension the samples' lengths; an empty array, or no
  /// array at all: all are full.
  std::vector<std::vector<int64_t>> lengths;
  /// Carried states [B, ...]; none: their first values, as @init gives them.
  std::vector<Tensor> states;
  Draws draws;
};

/// What a call gives, [B, ...], with zeros in the padding.
struct BatchResults {
  std::vector<Tensor> outputs;
  std::vector<Tensor> states;
  /// Those of parameters are whole tensors, summed over the samples.
  std::vector<Tensor> gradients;
};

/// Runs @main (and @init, where states are carried and none are given) of the
/// program of one sample on each sample of `batch`, in order. Arguments and
/// results are recognised by their `seq.*` attributes. `error.record.sample`
/// is the sample that failed.
///
/// A dimension inside another must be full: an unpadded sample of it would
/// not be a tensor.
mlir::FailureOr<BatchResults> runSamples(mlir::ModuleOp module,
                                         const runtime::Signature &signature,
                                         const Batch &batch, RunError &error);

/// Runs @main of the program of a batch (and @sums behind it, if there is): what `seq-batch` and the passes after
/// it leave, as long as it is still in `seq`. Packed parameters and the first
/// values of states come from @pack where there is one, else from @init.
mlir::FailureOr<BatchResults> runBatched(mlir::ModuleOp module,
                                         const runtime::Signature &signature,
                                         const Batch &batch, RunError &error);

} // namespace seqc::reference

#endif // SEQC_COMPILER_DIALECT_SEQ_REFERENCE_SAMPLES_H
