//===- TeamCode.cpp - What a team can share -------------------------------===//
// Functions that are shared by way of what they call; effects on memory.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Sched/Transforms/TeamCode.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace seqc::sched {

TeamCode::TeamCode(ModuleOp module) : symbols(module) {
  module.walk([&](TeamOp op) { roots.push_back(op); });
  if (roots.empty())
    return;
  // What calls team code is team code.
  bool grows = true;
  while (grows) {
    grows = false;
    for (auto function : module.getOps<func::FuncOp>())
      grows |= isShared(function) && functions.insert(function);
  }
}

/// Leaves out what is in the regions of `op`.
bool TeamCode::writesItself(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op)) {
    func::FuncOp callee = calleeOf(call);
    return callee.isDeclaration() || writes(callee);
  }
  if (isa<ProductOp>(op))
    return false; // Its epilogue is asked for itself.
  if (auto effects = dyn_cast<MemoryEffectOpInterface>(op))
    return effects.hasEffect<MemoryEffects::Write>();
  const bool isTransparent =
      op->hasTrait<OpTrait::HasRecursiveMemoryEffects>() ||
      isa<func::FuncOp, func::ReturnOp, LLVM::AllocaOp>(op);
  return !isTransparent;
}

} // namespace seqc::sched
