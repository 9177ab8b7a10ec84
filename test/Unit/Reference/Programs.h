//===- Programs.h - What the tests of the reference interpreter share -----===//
// Parsing, tensors and signatures in a line, and their comparison.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_REFERENCE_PROGRAMS_H
#define SEQC_TEST_UNIT_REFERENCE_PROGRAMS_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

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

/// Holds the numbers of several tensors against those that they should be.
inline void expectNear(llvm::ArrayRef<Tensor> found,
                       llvm::ArrayRef<Tensor> expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t which = 0; which < found.size(); ++which) {
    ASSERT_EQ(found[which].shape, expected[which].shape);
    for (size_t at = 0; at < found[which].numbers.size(); ++at)
      EXPECT_NEAR(found[which].numbers[at], expected[which].numbers[at], 1e-12)
          << "tensor " << which << ", element " << at;
  }
}

} // namespace seqc::reference

#endif // SEQC_TEST_UNIT_REFERENCE_PROGRAMS_H
