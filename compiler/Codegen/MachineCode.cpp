//===- MachineCode.cpp - From the LLVM dialect to machine code ------------===//
// Translation, LLVM's optimiser, LLVM's code generator.
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MachineCode.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Passes/PassBuilder.h"

namespace seqc {
namespace {

/// What is left to do after our own phases. The whole of O2 takes five times as
/// long and finds no more: vectors, tiles and unrolling are made on purpose
/// before, and LLVM's vectorisers might order a sum differently.
constexpr llvm::StringLiteral kOptimizations =
    "deadargelim,function(sroa,early-cse<memssa>,simplifycfg,"
    "instcombine<no-verify-fixpoint>,loop-mssa(loop-rotate,licm),gvn,dse,"
    "simplifycfg)";

bool hasFusedMultiplyAdd(const llvm::TargetMachine &machine) {
  const llvm::Triple &triple = machine.getTargetTriple();
  return !triple.isX86() ||
         machine.getMCSubtargetInfo()->checkFeatures("+fma") ||
         machine.getMCSubtargetInfo()->checkFeatures("+avx512f");
}

/// Where the machine cannot fuse, `llvm.fma` would be a call for each lane;
/// `llvm.fmuladd` is a product and a sum.
void allowUnfused(llvm::Module &module) {
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function)) {
      auto *fma = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
      if (fma && fma->getIntrinsicID() == llvm::Intrinsic::fma)
        fma->setCalledFunction(llvm::Intrinsic::getOrInsertDeclaration(
            &module, llvm::Intrinsic::fmuladd, {fma->getType()}));
    }
}

/// Instructions of a program for which rewriting the addresses of its loops is
/// worth its time: all that infer, and steps of training of one layer. In a
/// larger one it takes a third of the time to compile. Without it, kernels of
/// one row are 5 to 10 % slower, those of a batch 0 to 1 %.
constexpr unsigned kInstructionsOfSmall = 6000;

/// Leaves out one pass of the code generator, for which there is no switch.
class LeavingOut : public llvm::legacy::PassManager {
public:
  explicit LeavingOut(llvm::StringRef name) : name(name) {}

  void add(llvm::Pass *pass) override {
    if (!name.empty() && pass->getPassName() == name)
      delete pass;
    else
      PassManager::add(pass);
  }

private:
  llvm::StringRef name;
};

} // namespace

std::unique_ptr<llvm::Module> translateToLLVMIR(mlir::Operation *module,
                                                llvm::LLVMContext &context,
                                                llvm::TargetMachine &machine) {
  std::unique_ptr<llvm::Module> translated =
      mlir::translateModuleToLLVMIR(module, context, "model");
  if (!translated)
    return nullptr;
  translated->setTargetTriple(machine.getTargetTriple());
  translated->setDataLayout(machine.createDataLayout());
  if (!hasFusedMultiplyAdd(machine))
    allowUnfused(*translated);
  return translated;
}

void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PassBuilder builder(&machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager callGraph;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  llvm::ModulePassManager passes;
  llvm::cantFail(builder.parsePassPipeline(passes, kOptimizations));
  passes.run(module, modules);
}

bool emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                     llvm::CodeGenFileType type,
                     llvm::raw_pwrite_stream &output) {
  // The code generator still lives under the old pass manager.
  const bool isSmall = module.getInstructionCount() < kInstructionsOfSmall;
  LeavingOut passes(isSmall ? "" : "Loop Strength Reduction");
  if (machine.addPassesToEmitFile(passes, output, nullptr, type))
    return false;
  passes.run(module);
  return true;
}

void registerTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerGPUDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  mlir::registerNVVMDialectTranslation(registry);
}

} // namespace seqc
