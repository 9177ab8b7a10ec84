//===- token_source.h - Which input a wrong token came from ---------------===//
// Owns the search for it: compiled code reports the number alone.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_TOKEN_SOURCE_H
#define SEQC_RUNTIME_SERVICES_TOKEN_SOURCE_H

#include "runtime/core/abi.h"
#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// Writes ` of input `text``: the inputs whose sample holds the token, where
/// several do those that hold it at the error's position. Empty for other
/// errors, or if none does. `inputs` are in the order of the signature.
std::string sourceOfToken(const Signature &signature, const seqc_error &error,
                          const std::vector<TensorView> &inputs);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_TOKEN_SOURCE_H
