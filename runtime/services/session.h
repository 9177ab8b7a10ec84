//===- session.h - A compiled model with its weights, ready to be called --===//
// Owns packed parameters and workspaces, and calls compiled code with tensors
// by name. Reading this header is enough to use a model:
//
//   auto file = readSafetensors("weights.safetensors");
//   Session session(signature, entryPoints,
//                   bindWeights(signature, viewsOf(file.tensors)));
//   auto result = session.run({{"x", TensorView(samples, {1, 50, 8})}});
//   use(result.outputs.at("output").data<float>());
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_SESSION_H
#define SEQC_RUNTIME_SERVICES_SESSION_H

#include "runtime/services/error.h"
#include "runtime/services/inputs.h"
#include "runtime/services/safetensors.h"
#include "runtime/services/tensor.h"
#include "runtime/services/weights.h"

#include <memory>

namespace seqc::runtime {

struct SessionOptions {
  /// Where packed parameters, workspaces and results are allocated; null: the
  /// heap. It must outlive the session and the results, and be thread-safe if
  /// calls are concurrent.
  std::pmr::memory_resource *memory = nullptr;
  /// Kept alive as long as the session: whoever owns the compiled code.
  std::shared_ptr<const void> code;
};

struct RunOptions {
  /// Carried states before the call, all of them or none (then the call
  /// begins with their initial values).
  ViewMap states;
  /// Works on the call (concurrent calls of one team wait for each other);
  /// null: the caller's thread does.
  seqc_team *team = nullptr;
  int64_t seed = 0;
  int64_t step = 0;
  /// Logical number of each sample; empty: 0 ... B-1.
  std::vector<int64_t> sampleIds;
};

struct RunResult {
  /// [B, ...] each, zero in the padding.
  TensorMap outputs;
  /// Carried states after the call: `states` of the next one.
  TensorMap states;
  /// Of a program that was differentiated: by the names of what they are the
  /// gradients of. Those of parameters are summed over the batch; the others
  /// are [B, ...], zero in the padding.
  TensorMap gradients;
};

/// Safe for calls from several threads at once. Can be moved while no call is
/// running.
class Session {
public:
  /// Packs the parameters (in the order of the signature: bindWeights,
  /// initWeights), which are not needed afterwards.
  Session(Signature signature, EntryPoints entryPoints,
          const std::vector<TensorView> &params, SessionOptions options = {});
  Session(Session &&) noexcept;
  Session &operator=(Session &&) noexcept;
  ~Session();

  const Signature &signature() const;

  /// Packs other values of the parameters, into the memory of the first ones.
  /// No call may be running.
  void setParams(const std::vector<TensorView> &params);

  /// Checks the inputs (checkInputs), allocates results, runs the model.
  /// Throws Error, where the model itself fails with describeError's message.
  RunResult run(const ViewMap &inputs, const RunOptions &options = {}) const;

  /// As `run`, of inputs that are checked, into tensors of the caller:
  /// `results` are the outputs, then the gradients; `states`, where there are
  /// any, the states after the call. Nothing is written for a batch of 0.
  void runInto(const CheckedInputs &inputs,
               const std::vector<TensorView> &results,
               const std::vector<TensorView> &states,
               const RunOptions &options = {}) const;

  /// As `runInto`, of a training program, followed by what `step` says: its
  /// `call` and `packed` are filled in here. Returns SEQC_OK, or
  /// SEQC_ERROR_NOT_FINITE, which is left to the caller to describe. No other
  /// call may be running.
  int32_t stepInto(const CheckedInputs &inputs,
                   const std::vector<TensorView> &results,
                   const std::vector<TensorView> &states,
                   const RunOptions &options, seqc_step step);

  /// For callers who must not wait: no allocation, no lock, no check. The
  /// caller fills in everything but `abi_version` and `packed`; the workspace
  /// holds workspaceBytes(call.dims, workers of call.team) bytes, aligned to
  /// SEQC_ALIGNMENT. Returns a seqc_status.
  int32_t call(seqc_call call) const noexcept;
  /// SIZE_MAX where that does not fit.
  size_t workspaceBytes(const int64_t *dims, int32_t workers) const noexcept;

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_SESSION_H
