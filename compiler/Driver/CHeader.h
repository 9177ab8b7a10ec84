//===- CHeader.h - The C header of a model --------------------------------===//
// What `seqc build` writes beside an object: how to call it, in full.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_CHEADER_H
#define SEQC_COMPILER_DRIVER_CHEADER_H

#include "runtime/core/signature.h"

#include <string>

namespace seqc {

/// C and C++ text that declares the model's four functions, with the order and
/// shape of everything they take, and an example of a call.
std::string makeCHeader(const runtime::Signature &signature,
                        const std::string &products);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_CHEADER_H
