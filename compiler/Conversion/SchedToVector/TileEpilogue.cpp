//===- TileEpilogue.cpp - What is made of a tile's sums -------------------===//
// Clones the epilogue into a parallel loop.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/TileEpilogue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace seqc {

/// The epilogue for the row and the unit at `at` of `sums`.
static void cloneEpilogue(ImplicitLocOpBuilder &b, sched::ProductOp op,
                          const TileSums &sums, ValueRange at) {
  IRMapping mapping;
  mapping.map(op.getRow(), arith::AddIOp::create(b, sums.firstRow, at[0]));
  mapping.map(op.getUnit(), arith::AddIOp::create(b, sums.firstUnit, at[1]));
  for (auto [group, sum] : llvm::enumerate(op.getSums())) {
    Value number = arith::ConstantIndexOp::create(b, group);
    mapping.map(sum, memref::LoadOp::create(b, sums.memory,
                                            ValueRange{at[0], number, at[1]}));
  }
  for (Operation &inner : *op.getBody())
    b.clone(inner, mapping);
}

Value allocateTile(sched::ProductOp op, ArrayRef<int64_t> shape, Type element) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  OpBuilder b = OpBuilder::atBlockBegin(&function.getFunctionBody().front());
  return memref::AllocaOp::create(
      b, op.getLoc(), MemRefType::get(shape, element), b.getI64IntegerAttr(64));
}

void makeOfSums(ImplicitLocOpBuilder &b, sched::ProductOp op,
                const TileSums &sums, Value rows, int64_t units) {
  Value none = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value count = arith::ConstantIndexOp::create(b, units);
  auto loop = scf::ParallelOp::create(
      b, ValueRange{none, none}, ValueRange{rows, count}, ValueRange{one, one},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPoint(inside.getInsertionBlock(),
                            inside.getInsertionPoint());
        cloneEpilogue(b, op, sums, at);
      });
  if (op->hasAttr("seq.independent"))
    loop->setAttr("seq.independent", b.getUnitAttr());
}

} // namespace seqc
