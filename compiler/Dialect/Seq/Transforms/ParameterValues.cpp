//===- ParameterValues.cpp - What depends on parameters alone -------------===//
// One walk in program order, into the bodies of scans.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/ParameterValues.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace seqc::seq;

ParameterValues::ParameterValues(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    if (function.getArgAttr(argument.getArgNumber(), kParamAttr))
      values.insert(argument);
  for (Block &block : function.getBody())
    visit(block);
}

void ParameterValues::visit(Block &block) {
  auto isConstant = [](Value value) {
    Operation *op = value.getDefiningOp();
    return op && op->hasTrait<OpTrait::ConstantLike>();
  };
  for (Operation &op : block) {
    auto operands = op.getOperands();
    if (llvm::any_of(operands, [&](Value v) { return contains(v); }) &&
        llvm::all_of(operands,
                     [&](Value v) { return contains(v) || isConstant(v); }) &&
        isMemoryEffectFree(&op))
      values.insert(op.result_begin(), op.result_end());
    if (auto scan = dyn_cast<ScanOp>(op)) {
      for (auto [argument, invariant] :
           llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
        if (contains(invariant))
          values.insert(argument);
      visit(scan.getBody().front());
    }
  }
}
