//===- MachineCode.h - From the LLVM dialect to machine code --------------===//
// Phases `llvm` (its last step), `asm`, `obj` and `ptx`.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CODEGEN_MACHINECODE_H
#define SEQC_COMPILER_CODEGEN_MACHINECODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace seqc {

/// LLVM IR of a module (of the host, or a `gpu.module`) in the LLVM dialect,
/// for the machine's layout and not yet optimised. Null, with an error on the
/// module, if something has no translation.
std::unique_ptr<llvm::Module> translateToLLVMIR(mlir::Operation *module,
                                                llvm::LLVMContext &context,
                                                llvm::TargetMachine &machine);

/// The few of LLVM's optimisations that find something to do.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

/// Writes assembly or an object file; false if the target has no such writer.
bool emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                     llvm::CodeGenFileType type,
                     llvm::raw_pwrite_stream &output);

/// Interfaces that the translation needs in the module's context.
void registerTranslations(mlir::DialectRegistry &registry);

} // namespace seqc

#endif // SEQC_COMPILER_CODEGEN_MACHINECODE_H
