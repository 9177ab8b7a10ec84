//===- program.h - A compiled program as one value ------------------------===//
// What it takes and gives, its functions, and whoever owns their code.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_PROGRAM_H
#define SEQC_RUNTIME_SERVICES_PROGRAM_H

#include "runtime/core/signature.h"

#include <memory>

namespace seqc::runtime {

struct Program {
  Signature signature;
  EntryPoints functions;
  /// Kept alive as long as the functions are used.
  std::shared_ptr<const void> code;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_PROGRAM_H
