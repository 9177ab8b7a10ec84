//===- SchedToVector.cpp - Scheduled work on the vectors of a CPU ---------===//
// The pass.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/SchedToVector/MatrixTiles.h"
#include "compiler/Conversion/SchedToVector/ProductKernel.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace seqc {
#define GEN_PASS_DEF_CONVERTSCHEDTOVECTORPASS
#include "compiler/Conversion/Passes.h.inc"

/// The runtime's meeting of the members of a team (runtime/core/abi.h).
static func::FuncOp meeting(sched::BarrierOp op) {
  constexpr StringLiteral kName = "seqc_meet";
  auto around = op->getParentOfType<func::FuncOp>();
  Operation *module = around->getParentOp();
  if (auto existing = SymbolTable::lookupSymbolIn(module, kName))
    return cast<func::FuncOp>(existing);
  OpBuilder b(around);
  auto function = func::FuncOp::create(
      b, op.getLoc(), kName,
      b.getFunctionType({op.getCall().getType(), b.getI32Type()}, {}));
  function.setPrivate();
  return function;
}

/// A call of the runtime where there is somebody to wait for.
static void lowerToCall(sched::BarrierOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  func::FuncOp meet = meeting(op);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value isTeam =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ugt, op.getMembers(), one);
  auto branch = scf::IfOp::create(b, isTeam, /*withElseRegion=*/false);
  b.setInsertionPointToStart(branch.thenBlock());
  Value members =
      arith::IndexCastOp::create(b, b.getI32Type(), op.getMembers());
  func::CallOp::create(b, meet, ValueRange{op.getCall(), members});
  op.erase();
}

namespace {

struct ConvertSchedToVectorPass
    : impl::ConvertSchedToVectorPassBase<ConvertSchedToVectorPass> {
  using ConvertSchedToVectorPassBase::ConvertSchedToVectorPassBase;

  void runOnOperation() override {
    SmallVector<sched::ProductOp> products;
    SmallVector<sched::BarrierOp> barriers;
    getOperation()->walk([&](Operation *op) {
      if (auto product = dyn_cast<sched::ProductOp>(op))
        products.push_back(product);
      else if (auto barrier = dyn_cast<sched::BarrierOp>(op))
        barriers.push_back(barrier);
    });
    for (sched::BarrierOp op : barriers)
      lowerToCall(op);
    VectorUnit unit = {vectorBits / 32, vectorRegisters, dotBf16, dotInt8};
    if (tileBf16)
      unit.tileK = longestTiledRow(products);
    for (sched::ProductOp op : products)
      lowerToVectors(op, unit);
  }
};

} // namespace
} // namespace seqc
