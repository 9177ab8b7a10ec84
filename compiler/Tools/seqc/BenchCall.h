//===- BenchCall.h - A call that is made over and over --------------------===//
// All that it needs is made once, so that calls alone are measured.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_BENCHCALL_H
#define SEQC_COMPILER_TOOLS_SEQC_BENCHCALL_H

#include "compiler/Tools/seqc/Bench.h"
#include "compiler/Tools/seqc/BenchErrors.h"
#include "runtime/services/inputs.h"
#include "runtime/services/session.h"

namespace seqc::tool {

/// A call of a session with made-up inputs; tables have `tokens` tokens.
class BenchCall {
public:
  BenchCall(const runtime::Session &session, const BenchOptions &options,
            int64_t tokens, seqc_team *team);

  void run() const;

  /// The errors of what is f32 in the last run's results, where `exact` has run
  /// on the same inputs.
  std::vector<OutputError> errors(const BenchCall &exact) const;

private:
  void makeRagged(const std::vector<int64_t> &given);

  const runtime::Session &session;
  seqc_team *team;
  std::vector<int64_t> dims;
  std::vector<const int64_t *> lengths;
  bool isRagged = false;
  runtime::CheckedInputs ragged;
  std::vector<runtime::TensorView> results;
  std::vector<runtime::Tensor> tensors;
  std::vector<runtime::Shape> strides;
  std::vector<seqc_tensor> arguments;
  runtime::Buffer workspace;
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_BENCHCALL_H
