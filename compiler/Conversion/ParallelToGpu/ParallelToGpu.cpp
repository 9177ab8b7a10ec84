//===- ParallelToGpu.cpp - Kernels of the tasks of a call -----------------===//
// The pass: what moves to the device, and what is left on the host.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/ParallelToGpu/TeamCode.h"
#include "compiler/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace seqc {
#define GEN_PASS_DEF_CONVERTPARALLELTOGPUPASS
#include "compiler/Conversion/Passes.h.inc"

namespace {

/// Of the function that packs a model's parameters (runtime/core/abi.h).
constexpr StringLiteral kPackSuffix = "_pack";

/// What below `op` is handed on as a task.
llvm::SetVector<func::FuncOp> tasksIn(ModuleOp module, Operation *op) {
  llvm::SetVector<func::FuncOp> tasks;
  op->walk([&](func::ConstantOp handed) {
    tasks.insert(module.lookupSymbol<func::FuncOp>(handed.getValueAttr()));
  });
  return tasks;
}

//===----------------------------------------------------------------------===//
// What is on the device
//===----------------------------------------------------------------------===//

class KernelModule {
public:
  KernelModule(ModuleOp host, int64_t threads)
      : host(host), threads(threads), b(host.getLoc(), host.getContext()) {
    SymbolTable symbols(host);
    b.setInsertionPointToEnd(host.getBody());
    module = gpu::GPUModuleOp::create(b, "kernels");
    symbols.insert(module);
    b.setInsertionPointToStart(module.getBody());
  }

  void addTask(func::FuncOp task);
  void addPacking(func::FuncOp pack);
  LogicalResult shareOut() { return seqc::shareOut(module, threads); }

private:
  void addCallees(Operation *caller);
  gpu::GPUFuncOp startKernel(func::FuncOp of, TypeRange arguments);
  void finishKernel(func::FuncOp of, IRMapping &mapping);

  ModuleOp host;
  int64_t threads;
  ImplicitLocOpBuilder b;
  gpu::GPUModuleOp module;
};

} // namespace

/// Copies of whatever `user` names, and of what that names in turn.
void KernelModule::addCallees(Operation *user) {
  auto uses = SymbolTable::getSymbolUses(user);
  for (const SymbolTable::SymbolUse &use : *uses) {
    Operation *used = SymbolTable::lookupSymbolIn(host, use.getSymbolRef());
    if (SymbolTable::lookupSymbolIn(module, use.getSymbolRef()))
      continue;
    Operation *copy = b.clone(*used);
    SymbolTable::setSymbolVisibility(copy, SymbolTable::Visibility::Private);
    auto function = dyn_cast<func::FuncOp>(copy);
    if (!function || function.isDeclaration())
      continue;
    function->setAttr(
        "llvm.linkage",
        LLVM::LinkageAttr::get(b.getContext(), LLVM::Linkage::Internal));
    addCallees(copy);
  }
}

/// An empty kernel under the name of `of`, with all that this calls.
gpu::GPUFuncOp KernelModule::startKernel(func::FuncOp of, TypeRange arguments) {
  addCallees(of);
  b.setLoc(of.getLoc());
  auto type = b.getFunctionType(arguments, {});
  auto kernel = gpu::GPUFuncOp::create(b, of.getName(), type);
  kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), b.getUnitAttr());
  kernel.setKnownBlockSizeAttr(
      b.getDenseI32ArrayAttr({static_cast<int32_t>(threads), 1, 1}));
  return kernel;
}

/// What `of` does, but for what it returns.
void KernelModule::finishKernel(func::FuncOp of, IRMapping &mapping) {
  for (Operation &op : of.front().without_terminator())
    b.clone(op, mapping);
  gpu::ReturnOp::create(b);
}

/// A kernel whose blocks each do one task, with a workspace of its own.
void KernelModule::addTask(func::FuncOp task) {
  OpBuilder::InsertionGuard guard(b);
  auto kernel = startKernel(task, task.getArgumentTypes().take_front());
  Block &body = kernel.getBody().front();
  b.setInsertionPointToStart(&body);
  Value block = gpu::BlockIdOp::create(b, gpu::Dimension::x);
  IRMapping mapping;
  mapping.map(task.getArgument(0), body.getArgument(0));
  for (BlockArgument number : task.getArguments().drop_front())
    mapping.map(number, arith::IndexCastOp::create(b, number.getType(), block));
  finishKernel(task, mapping);
}

/// A kernel of one block. It returns nothing, for packing does not fail.
void KernelModule::addPacking(func::FuncOp pack) {
  OpBuilder::InsertionGuard guard(b);
  auto kernel = startKernel(pack, pack.getArgumentTypes());
  Block &body = kernel.getBody().front();
  b.setInsertionPointToStart(&body);
  IRMapping mapping;
  mapping.map(pack.getArguments(), body.getArguments());
  finishKernel(pack, mapping);
}

//===----------------------------------------------------------------------===//
// What is left on the host
//===----------------------------------------------------------------------===//

/// Erases the functions that hand tasks to the runtime's workers, and then
/// whatever private function nothing asks for.
static void eraseHostPart(ModuleOp module) {
  for (auto function :
       llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (!tasksIn(module, function).empty())
      function.erase();
  bool isLeft = true;
  while (isLeft) {
    isLeft = false;
    for (Operation &op : llvm::make_early_inc_range(*module.getBody())) {
      auto symbol = dyn_cast<SymbolOpInterface>(op);
      if (!symbol || !symbol.isPrivate() || !symbol.symbolKnownUseEmpty(module))
        continue;
      op.erase();
      isLeft = true;
    }
  }
}

namespace {

struct ConvertParallelToGpuPass
    : impl::ConvertParallelToGpuPassBase<ConvertParallelToGpuPass> {
  using ConvertParallelToGpuPassBase::ConvertParallelToGpuPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto tasks = tasksIn(module, module);
    if (tasks.empty())
      return;
    KernelModule kernels(module, threads);
    for (func::FuncOp task : tasks)
      kernels.addTask(task);
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPublic() && function.getNumArguments() == 2 &&
          function.getName().ends_with(kPackSuffix))
        kernels.addPacking(function);
    if (failed(kernels.shareOut()))
      return signalPassFailure();
    eraseHostPart(module);
    module->setAttr(gpu::GPUDialect::getContainerModuleAttrName(),
                    UnitAttr::get(&getContext()));
  }
};

} // namespace
} // namespace seqc
