//===- Calls.h - Calling a golden model -----------------------------------===//
// Owns the inputs of a case, and the two ways to results: compiled code and
// the reference interpreter.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_ENDTOEND_CALLS_H
#define SEQC_TEST_ENDTOEND_CALLS_H

#include "compiler/Seqc.h"
#include "test/EndToEnd/Models.h"

#include <map>

namespace seqc::endtoend {

/// The arguments of one call.
struct Inputs {
  /// In the order of the model's inputs.
  std::vector<runtime::Tensor> values;
  /// The dimension of each; "" for none.
  std::vector<std::string> dims;
  /// How long each dimension is, padding included.
  std::map<char, int64_t> longest;
  /// Lengths of a ragged batch, or none.
  std::map<char, runtime::Tensor> lengths;
  /// For each of the model's states [layers * directions, B, ...], or none.
  std::vector<runtime::Tensor> initial;

  int64_t batch() const { return values[0].shape()[0]; }
  int64_t lengthOf(char dim, int64_t sample) const;
  /// One sample, without its padding.
  Inputs alone(int64_t sample) const;
  /// The same with other things in the padding: NaN, or tokens that no
  /// vocabulary holds.
  Inputs withGarbage() const;
};

Inputs drawInputs(const GoldenModel &model, const Case &call);

/// The block of `tensor` that begins at `begin`, of the given shape.
runtime::Tensor blockOf(const runtime::Tensor &tensor,
                        const runtime::Shape &begin, runtime::Shape shape);

/// `output`, `logit`, ..., and final states `h`, `c` as PyTorch has them:
/// [layers * directions, B, hidden].
using Results = runtime::TensorMap;

/// A golden model, compiled once, with its parameters.
class Program {
public:
  /// With `initialAsInputs`, made of the model's other text.
  Program(const GoldenModel &model, bool initialAsInputs,
          const CompileOptions &options = {});

  Results run(const Inputs &inputs, seqc_team *team = nullptr) const;
  /// By the names of parameters and inputs, where `outputGradients` are those
  /// of the results; of a program with the goal Gradient.
  Results grad(const Inputs &inputs, const runtime::ViewMap &outputGradients,
               seqc_team *team = nullptr) const;
  /// The reference interpreter, on the program of one sample.
  Results interpret(const Inputs &inputs) const;

private:
  struct Arguments;
  Arguments argumentsOf(const Inputs &inputs) const;
  Results join(runtime::RunResult result) const;

  GoldenModel model;
  bool initialAsInputs;
  seqc::Model compiled;
  seqc::ReferenceModel reference;
};

} // namespace seqc::endtoend

#endif // SEQC_TEST_ENDTOEND_CALLS_H
