//===- CompiledPrograms.h - Compiled programs against the interpreter -----===//
// Programs of one sample are compiled by the phases and called as a caller in C
// would; every element of every result is held against the interpreter, which
// runs the samples one by one. What lies in the padding of the inputs is NaN.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_CONVERSION_COMPILEDPROGRAMS_H
#define SEQC_TEST_UNIT_CONVERSION_COMPILEDPROGRAMS_H

#include "compiler/Codegen/Jit.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"
#include "compiler/Pipelines/Phases.h"
#include "runtime/core/abi.h"

#include <gtest/gtest.h>

#include <random>

namespace seqc::compiled {

using reference::Batch;
using reference::BatchResults;
using reference::ElementKind;
using reference::Tensor;
using runtime::ElementType;
using runtime::TensorSpec;

/// How far the program on tensors has been optimised.
enum class Form { AsWritten, Fused, Unrolled };

/// A program, its reference and its machine code.
class Model {
public:
  /// `batched`: the program of a batch, in place of what `seq-batch` makes.
  Model(llvm::StringRef text, Form form, const TargetDescription &target,
        llvm::StringRef batched = "");

  explicit operator bool() const { return jit != nullptr; }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> sample;
  runtime::Signature signature;
  runtime::EntryPoints entry;

private:
  void compile(mlir::ModuleOp module, const TargetDescription &target,
               Form form);

  std::unique_ptr<Jit> jit;
};

/// A tensor as the calling convention wants it.
struct Memory {
  /// Filled with what shows where nothing is written.
  Memory(const Tensor &tensor);
  static Memory of(const Tensor &tensor);

  double get(int64_t i) const;
  seqc_tensor tensor() { return {bytes.data(), strides.data()}; }

  llvm::SmallVector<int64_t> shape;
  std::vector<int64_t> strides;
  ElementKind kind;
  std::vector<uint8_t> bytes;

private:
  void set(int64_t i, const Tensor &from);
};

/// What a call returned and wrote.
struct Answer {
  int32_t status = -1;
  seqc_error error = {};
  std::vector<Memory> outputs, gradients, states;
};

/// Calls the model with as many workers; `shapes` are those of the results.
Answer call(Model &model, const Batch &batch, int64_t dimension,
            const BatchResults &shapes, int32_t workers = 1);

struct Case {
  int64_t batch, size;
  bool ragged, givesStates;
};

/// A batch whose rows are not shorter than `shortest`.
Batch randomBatch(const runtime::Signature &signature, const Case &c,
                  int64_t shortest);

void runCase(Model &model, const Case &c, int64_t shortest = 0);

/// Several batches; those that have rows shorter than `shortest` left out.
void runCases(Model &model, int64_t shortest = 0);

/// One call for each number of workers from 1 to 3.
void expectSameBits(Model &model, const Case &c);

/// The host with vectors of another width.
TargetDescription targetOf(int64_t vectorBits, int64_t registers);

} // namespace seqc::compiled

#endif // SEQC_TEST_UNIT_CONVERSION_COMPILEDPROGRAMS_H
