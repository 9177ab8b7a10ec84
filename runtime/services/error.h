//===- error.h - The one exception of runtime/services --------------------===//
// Everything in runtime/services that can fail throws this. (A machine so full
// that not even a short string fits ends in std::bad_alloc.)
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_ERROR_H
#define SEQC_RUNTIME_SERVICES_ERROR_H

#include <stdexcept>

namespace seqc::runtime {

/// A fault of a file, of a tensor that was handed in, or of the machine (no
/// memory, no space). `what()` is written for the user: it names the file, the
/// tensor or the sample, has one line for each fault, and no full stop.
class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
  Error(const Error &) = default;
  /// Out of line, so that the type's identity lives in one object file.
  ~Error() override;
};

/// A loss or gradients that are infinite or NaN: a fault of the training, which
/// other numbers may not have.
class NotFiniteError : public Error {
public:
  using Error::Error;
  NotFiniteError(const NotFiniteError &) = default;
  ~NotFiniteError() override;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_ERROR_H
