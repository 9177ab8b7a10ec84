//===- Programs.h - What the tests of the reference interpreter share -----===//
// Parsing, and tensors and signatures in a line.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_REFERENCE_PROGRAMS_H
#define SEQC_TEST_UNIT_REFERENCE_PROGRAMS_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

namespace seqc::reference {

/// A module, and the context that it lives in.
struct Program {
  explicit Program(llvm::StringRef text) {
    context.loadDialect<seq::SeqDialect, mlir::func::FuncDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  }
  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

inline Tensor numbers(llvm::ArrayRef<int64_t> shape,
                      std::vector<double> values) {
  Tensor tensor = Tensor::zeros(ElementKind::F32, shape);
  tensor.numbers = std::move(values);
  return tensor;
}

inline Tensor tokens(llvm::ArrayRef<int64_t> shape,
                     std::vector<int64_t> values) {
  Tensor tensor = Tensor::zeros(ElementKind::Token, shape);
  tensor.integers = std::move(values);
  return tensor;
}

inline runtime::ParamSpec param(runtime::TensorSpec tensor) {
  runtime::ParamSpec spec;
  spec.tensor = std::move(tensor);
  return spec;
}

} // namespace seqc::reference

#endif // SEQC_TEST_UNIT_REFERENCE_PROGRAMS_H
