//===- BenchCall.cpp - A call that is made over and over ------------------===//
// Inputs, results, workspace.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/BenchCall.h"

namespace seqc::tool {

BenchCall::BenchCall(const runtime::Session &session,
                     const BenchOptions &options, int64_t tokens,
                     seqc_team *team)
    : session(session), team(team) {
  const runtime::Signature &signature = session.signature();
  dims.assign(signature.dims.size() + 1, options.length);
  dims[0] = options.batch;
  lengths.assign(signature.dims.size(), nullptr);
  for (const runtime::TensorSpec &spec : signature.inputs) {
    tensors.emplace_back(spec.type, runtime::shapeOf(spec, dims),
                         "input `" + spec.name + "`");
    fillInput(tensors.back(), tokens);
  }
  for (runtime::Tensor &output : runtime::makeOutputs(signature, dims))
    tensors.push_back(std::move(output));
  for (const runtime::Tensor &tensor : tensors)
    strides.push_back(runtime::rowMajorStrides(tensor.shape()));
  for (size_t i = 0; i < tensors.size(); ++i)
    arguments.push_back({tensors[i].data(), strides[i].data()});
  const size_t bytes =
      session.workspaceBytes(dims.data(), seqc_team_size(team));
  workspace = runtime::Buffer(bytes, "the workspace");
  if (!options.lengths.empty())
    makeRagged(options.lengths);
}

void BenchCall::run() const {
  if (isRagged) {
    runtime::RunOptions run;
    run.team = team;
    return session.runInto(ragged, results, /*states=*/{}, run);
  }
  const size_t inputs = session.signature().inputs.size();
  seqc_call call = {};
  seqc_error error = {};
  call.dims = dims.data();
  call.lengths = lengths.data();
  call.inputs = arguments.data();
  call.outputs = arguments.data() + inputs;
  call.workspace = workspace.data();
  call.team = team;
  call.error = &error;
  if (session.call(call) != SEQC_OK)
    throw runtime::Error("the model failed on the benchmark's inputs");
}

std::vector<OutputError> BenchCall::errors(const BenchCall &exact) const {
  const runtime::Signature &signature = session.signature();
  const size_t inputs = signature.inputs.size();
  std::vector<OutputError> errors;
  for (size_t i = inputs; i < tensors.size(); ++i)
    if (tensors[i].type() == runtime::ElementType::F32)
      errors.push_back(errorOf(signature.outputs[i - inputs].name, tensors[i],
                               exact.tensors[i]));
  return errors;
}

/// A batch with lengths is a session's affair, which takes rows in another
/// order: what that costs is measured too.
void BenchCall::makeRagged(const std::vector<int64_t> &given) {
  const runtime::Signature &signature = session.signature();
  isRagged = true;
  ragged.dims = dims;
  for (const int64_t enclosing : signature.enclosing)
    ragged.lengths.push_back(enclosing < 0 ? given : std::vector<int64_t>());
  for (size_t i = 0; i < tensors.size(); ++i)
    (i < signature.inputs.size() ? ragged.inputs : results)
        .push_back(tensors[i].view());
}

} // namespace seqc::tool
