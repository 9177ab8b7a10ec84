//===- ReferenceRun.cpp - The interpreter behind the session's face -------===//
// Copies tensors into double precision and back.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/ReferenceRun.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"
#include "compiler/Driver/Diagnostics.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"

using namespace mlir;

namespace seqc {
namespace {

using runtime::ElementType;

reference::ElementKind kindOf(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return reference::ElementKind::F32;
  case ElementType::Token:
    return reference::ElementKind::Token;
  case ElementType::Bool:
    return reference::ElementKind::Bool;
  }
  return reference::ElementKind::F32;
}

reference::Tensor copyIn(const runtime::TensorView &view) {
  runtime::Tensor dense = runtime::Tensor::copyOf(view);
  reference::Tensor tensor =
      reference::Tensor::zeros(kindOf(view.type), dense.shape());
  for (int64_t i = 0; i < dense.size(); ++i) {
    if (view.type == ElementType::F32)
      tensor.numbers[i] = dense.data<float>()[i];
    else if (view.type == ElementType::Token)
      tensor.integers[i] = dense.data<int64_t>()[i];
    else
      tensor.integers[i] = dense.data<bool>()[i];
  }
  return tensor;
}

std::vector<reference::Tensor>
copyIn(const std::vector<runtime::TensorView> &views) {
  std::vector<reference::Tensor> tensors;
  for (const runtime::TensorView &view : views)
    tensors.push_back(copyIn(view));
  return tensors;
}

runtime::Tensor copyOut(const reference::Tensor &from,
                        const runtime::TensorSpec &spec) {
  runtime::Tensor tensor(spec.type, {from.shape.begin(), from.shape.end()},
                         "`" + spec.name + "`");
  for (int64_t i = 0; i < tensor.size(); ++i) {
    if (spec.type == ElementType::F32)
      tensor.data<float>()[i] = static_cast<float>(from.numbers[i]);
    else if (spec.type == ElementType::Token)
      tensor.data<int64_t>()[i] = from.integers[i];
    else
      tensor.data<bool>()[i] = from.integers[i] != 0;
  }
  return tensor;
}

runtime::TensorMap copyOut(const std::vector<reference::Tensor> &tensors,
                           const std::vector<runtime::TensorSpec> &specs) {
  runtime::TensorMap named;
  for (auto [tensor, spec] : llvm::zip_equal(tensors, specs))
    named.emplace(spec.name, copyOut(tensor, spec));
  return named;
}

[[noreturn]] void fail(const runtime::Signature &signature,
                       const reference::RunError &error,
                       const std::vector<runtime::TensorView> &inputs) {
  if (error.record.kind != SEQC_OK)
    throw runtime::Error(
        runtime::describeError(signature, error.record, inputs));
  throw runtime::Error("internal error in the reference interpreter: " +
                       error.message);
}

} // namespace

runtime::RunResult runReference(ModuleOp module,
                                const runtime::Signature &signature,
                                const std::vector<runtime::TensorView> &params,
                                const runtime::ViewMap &inputs,
                                const runtime::ViewMap &states) {
  runtime::CheckedInputs checked =
      runtime::checkInputs(signature, inputs, states);
  reference::Batch batch;
  batch.size = checked.batch();
  batch.inputs = copyIn(checked.inputs);
  batch.params = copyIn(params);
  batch.states = copyIn(checked.states);
  batch.lengths = checked.lengths;
  reference::RunError error;
  FailureOr<reference::BatchResults> results =
      reference::runSamples(module, signature, batch, error);
  if (failed(results))
    fail(signature, error, checked.inputs);
  std::vector<runtime::TensorSpec> gradients;
  for (const runtime::GradientSpec &gradient : signature.gradients)
    gradients.push_back(gradient.tensor);
  return {copyOut(results->outputs, signature.outputs),
          copyOut(results->states, signature.states),
          copyOut(results->gradients, gradients)};
}

} // namespace seqc
