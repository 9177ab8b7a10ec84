//===- ExpandVectorMath.cpp - Mathematics as arithmetic -------------------===//
// The pass: which operation is expanded by which function of Approximations.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace seqc {
#define GEN_PASS_DEF_EXPANDVECTORMATHPASS
#include "compiler/Conversion/Passes.h.inc"

namespace {

struct ExpandVectorMathPass
    : impl::ExpandVectorMathPassBase<ExpandVectorMathPass> {
  void runOnOperation() override {}
};

} // namespace
} // namespace seqc
