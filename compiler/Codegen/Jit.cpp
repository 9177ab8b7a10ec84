//===- Jit.cpp - Machine code in memory -----------------------------------===//
// ORC with one library: the model's object and what it calls.
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/Jit.h"
#include "runtime/core/abi.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/Support/TargetSelect.h"

namespace seqc {
namespace {

llvm::orc::SymbolMap runtimeSymbols(llvm::orc::LLJIT &engine) {
  auto exported = [](auto *function) {
    return llvm::orc::ExecutorSymbolDef(
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
  };
  return {{engine.mangleAndIntern("seqc_run_tiles"), exported(&seqc_run_tiles)},
          {engine.mangleAndIntern("seqc_workers"), exported(&seqc_workers)},
          {engine.mangleAndIntern("seqc_meet"), exported(&seqc_meet)},
          {engine.mangleAndIntern("seqc_report"), exported(&seqc_report)}};
}

} // namespace

llvm::Expected<std::unique_ptr<Jit>>
Jit::link(std::unique_ptr<llvm::MemoryBuffer> object) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto engine = llvm::orc::LLJITBuilder().create();
  if (!engine)
    return engine.takeError();
  llvm::orc::JITDylib &library = (*engine)->getMainJITDylib();
  if (llvm::Error error = library.define(
          llvm::orc::absoluteSymbols(runtimeSymbols(**engine))))
    return std::move(error);
  // memset, memcpy, and the mathematics that has no short approximation.
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*engine)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));
  if (llvm::Error error = (*engine)->addObjectFile(std::move(object)))
    return std::move(error);
  return std::unique_ptr<Jit>(new Jit(std::move(*engine)));
}

llvm::Expected<void *> Jit::lookup(llvm::StringRef name) {
  auto address = engine->lookup(name);
  if (!address)
    return address.takeError();
  return address->toPtr<void *>();
}

} // namespace seqc
