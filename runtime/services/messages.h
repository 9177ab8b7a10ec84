//===- messages.h - Models and errors in the user's words -----------------===//
// Owns the wording that several services and the tools share.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_MESSAGES_H
#define SEQC_RUNTIME_SERVICES_MESSAGES_H

#include "runtime/services/tensor.h"

#include <exception>
#include <string_view>

namespace seqc::runtime {

/// Writes a name in backquotes, fit for a message whoever chose it: bytes that
/// would act on a terminal are escaped, and a very long name is cut.
std::string quoteName(std::string_view name);

/// Writes a parameter's type: `f32[512, 100]`.
std::string describeParam(const TensorSpec &spec);

/// Writes the type of an input, output or state of a batch, with the model's
/// dimension names: `f32[batch, T, 100]`.
std::string describeBatched(const Signature &signature, const TensorSpec &spec);

/// Writes how a derived dimension follows from the others: `(T - 3) / 2 + 1`.
std::string describeDerived(const Signature &signature, size_t derived);

/// What a failed call says: `model.seq:12:7: token 10007 of sample 3 at
/// position 17 of input `text` is not below the vocabulary size 10000`.
/// `inputs` are the call's, in the order of the signature, or none.
std::string describeError(const Signature &signature, const seqc_error &error,
                          const std::vector<TensorView> &inputs = {});

/// What an exception says, without the mark of the library that it comes from:
/// `[json.exception.out_of_range.403] key 'a' not found`.
std::string reasonOf(const std::exception &error);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_MESSAGES_H
