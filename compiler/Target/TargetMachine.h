//===- TargetMachine.h - LLVM's view of a target --------------------------===//
// Apart from TargetDescription.h, which knows no LLVM header.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TARGET_TARGETMACHINE_H
#define SEQC_COMPILER_TARGET_TARGETMACHINE_H

#include "compiler/Target/TargetDescription.h"

#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace seqc {

/// The code generator of a target: position-independent code, so that the same
/// bytes serve in memory, in a program and in a shared library. Null if LLVM
/// has none for the triple.
std::unique_ptr<llvm::TargetMachine>
createTargetMachine(const TargetDescription &description);

} // namespace seqc

#endif // SEQC_COMPILER_TARGET_TARGETMACHINE_H
