//===- SchedToVector.cpp - Scheduled work on the vectors of a CPU ---------===//
// The pass.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/SchedToVector/ProductKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace seqc {
#define GEN_PASS_DEF_CONVERTSCHEDTOVECTORPASS
#include "compiler/Conversion/Passes.h.inc"

namespace {

struct ConvertSchedToVectorPass
    : impl::ConvertSchedToVectorPassBase<ConvertSchedToVectorPass> {
  using ConvertSchedToVectorPassBase::ConvertSchedToVectorPassBase;

  void runOnOperation() override {
    SmallVector<sched::ProductOp> products;
    getOperation()->walk([&](sched::ProductOp op) { products.push_back(op); });
    for (sched::ProductOp op : products)
      lowerToVectors(op, {vectorBits / 32, vectorRegisters, dotBf16, dotInt8});
  }
};

} // namespace
} // namespace seqc
