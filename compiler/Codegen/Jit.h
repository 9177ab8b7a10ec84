//===- Jit.h - Machine code in memory -------------------------------------===//
// Links an object file into this process. The object is the one that
// `seqc build` would write, so both give the same bits.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CODEGEN_JIT_H
#define SEQC_COMPILER_CODEGEN_JIT_H

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace seqc {

/// Code that lives as long as this object.
class Jit {
public:
  /// Links `object`, made for this machine. What it may call: the two
  /// functions of the runtime's core, and the C library.
  static llvm::Expected<std::unique_ptr<Jit>>
  link(std::unique_ptr<llvm::MemoryBuffer> object);

  /// The address of a function.
  llvm::Expected<void *> lookup(llvm::StringRef name);

  template <typename Function>
  llvm::Error lookup(llvm::StringRef name, Function &function) {
    llvm::Expected<void *> address = lookup(name);
    if (!address)
      return address.takeError();
    function = reinterpret_cast<Function>(*address);
    return llvm::Error::success();
  }

private:
  explicit Jit(std::unique_ptr<llvm::orc::LLJIT> engine)
      : engine(std::move(engine)) {}

  std::unique_ptr<llvm::orc::LLJIT> engine;
};

} // namespace seqc

#endif // SEQC_COMPILER_CODEGEN_JIT_H
