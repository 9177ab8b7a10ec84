//===- weights.h - From named tensors to a model's parameters -------------===//
// Owns how parameters get their values: by name from a file, or drawn from a
// seed.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_WEIGHTS_H
#define SEQC_RUNTIME_SERVICES_WEIGHTS_H

#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// What happens to tensors that no parameter asks for.
enum class Unused : uint8_t { Reject, Allow };

/// The model's parameters in the order of the signature, borrowed from
/// `tensors`. A parameter is found by its name or by one of its aliases. Names
/// that begin with `seqc.` are reserved and ignored. Throws one Error that
/// names every tensor that is missing, surplus, given under two names, or of
/// the wrong type or shape; and `file`, if the tensors are from one.
std::vector<TensorView> bindWeights(const Signature &signature,
                                    const ViewMap &tensors,
                                    Unused unused = Unused::Reject,
                                    const std::string &file = "");

/// First values of all parameters, in the order of the signature, drawn from
/// a seed: stream (seed, step 0, site, Initialiser) of random.h, element n of
/// the parameter's rows side by side being draw n. Uniform is
/// v * (2 * uniform - 1), normal v * normal, both in double precision, then
/// rounded to f32.
std::vector<Tensor> initWeights(const Signature &signature, int64_t seed);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_WEIGHTS_H
