//===- MachineCode.cpp - From the LLVM dialect to machine code ------------===//
// Translation, LLVM's optimiser, LLVM's code generator.
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MachineCode.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Passes/PassBuilder.h"

namespace seqc {
namespace {

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

} // namespace

std::unique_ptr<llvm::Module> translateToLLVMIR(mlir::ModuleOp module,
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
  llvm::PipelineTuningOptions tuning;
  // Vectors are made on purpose, and long before: what LLVM finds besides
  // costs more compile time than it saves, and may order a sum differently.
  tuning.LoopVectorization = false;
  tuning.LoopInterleaving = false;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager callGraph;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(module, modules);
}

bool emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                     llvm::CodeGenFileType type,
                     llvm::raw_pwrite_stream &output) {
  // The code generator still lives under the old pass manager.
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, output, nullptr, type))
    return false;
  passes.run(module);
  return true;
}

void registerTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

} // namespace seqc
