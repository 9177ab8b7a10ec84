//===- dlpack.h - Tensors of other libraries, in and out ------------------===//
// Owns the exchange with whoever speaks DLPack (PyTorch, NumPy, JAX, ...).
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_DLPACK_H
#define SEQC_RUNTIME_SERVICES_DLPACK_H

#include "runtime/services/tensor.h"

#include <dlpack/dlpack.h>

namespace seqc::runtime {

/// Borrows the elements of a tensor in host memory: f32, i64 or bool (a byte,
/// 0 or 1, as DLPack's boolean or as u8), with any strides. Throws Error, which
/// calls the tensor `name`, for everything else. An i32 tensor has to be
/// widened: copyDLPack.
TensorView viewDLPack(const DLTensor &tensor, const std::string &name);

/// Copies the elements; i32 is widened to tokens.
Tensor copyDLPack(const DLTensor &tensor, const std::string &name);

/// Gives a tensor away. Whoever receives it calls its `deleter` once; the
/// memory that the tensor was allocated from must live until then.
DLManagedTensor *toDLPack(Tensor tensor);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_DLPACK_H
