//===- error.cpp - The one exception of runtime/services ------------------===//
// Owns the type's identity.
//===----------------------------------------------------------------------===//

#include "runtime/services/error.h"

namespace seqc::runtime {

Error::~Error() = default;
NotFiniteError::~NotFiniteError() = default;

} // namespace seqc::runtime
