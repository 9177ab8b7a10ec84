//===- FakeModel.h - A "compiled" model written by hand -------------------===//
// Owns a model that keeps the calling convention, so that sessions are tested
// without the compiler. It is the time loop
//
//   total = total + scale * x      state total: f32[2]
//
// with the totals of all steps and the last one as results.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_RUNTIME_FAKEMODEL_H
#define SEQC_TEST_UNIT_RUNTIME_FAKEMODEL_H

#include "runtime/core/signature.h"

#include <cstring>

namespace seqc::runtime::fake {

constexpr int64_t kWidth = 2;
/// Stands for a token that is out of range.
constexpr float kBadToken = 666;

inline Signature signature() {
  Signature signature;
  signature.model = "Sum";
  signature.source = "sum.seq";
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"x", ElementType::F32, {-1, kWidth}, {0, -1}}};
  signature.outputs = {{"steps", ElementType::F32, {-1, kWidth}, {0, -1}},
                       {"last", ElementType::F32, {kWidth}, {-1}}};
  signature.states = {{"sum.total", ElementType::F32, {kWidth}, {-1}}};
  ParamSpec scale;
  scale.tensor = {"sum.scale", ElementType::F32, {1, kWidth}, {-1, -1}};
  scale.aliases = {"sum.scale_l0"};
  signature.params = {scale};
  return signature;
}

inline size_t packed() { return kWidth * sizeof(float); }

inline int32_t pack(const seqc_tensor *params, void *packed) {
  std::memcpy(packed, params[0].data, kWidth * sizeof(float));
  return SEQC_OK;
}

/// A workspace that does not fit for a T that no test has memory for.
inline size_t workspace(const int64_t *dims, int32_t) {
  if (dims[1] > INT64_C(1) << 40)
    return SIZE_MAX;
  return static_cast<size_t>(dims[0] * kWidth) * sizeof(float);
}

inline float *row(const seqc_tensor &tensor, int64_t sample) {
  return static_cast<float *>(tensor.data) + sample * tensor.strides[0];
}

inline bool isRejected(const seqc_call *call, float x, int64_t sample,
                       int64_t position) {
  if (x != kBadToken)
    return false;
  seqc_error error = {};
  error.kind = SEQC_ERROR_TOKEN;
  error.line = 12;
  error.column = 7;
  error.sample = sample;
  error.position = position;
  error.value = 10007;
  error.bound = 10000;
  seqc_report(call, &error);
  return true;
}

/// One sample.
inline void tile(const seqc_call *call, int64_t sample, int32_t) {
  const float *scale = static_cast<const float *>(call->packed);
  const int64_t *lengths = call->lengths ? call->lengths[0] : nullptr;
  int64_t steps = lengths ? lengths[sample] : call->dims[1];
  float *total = static_cast<float *>(call->workspace) + sample * kWidth;
  for (int64_t i = 0; i < kWidth; ++i)
    total[i] = call->states_in ? row(call->states_in[0], sample)[i] : 0;

  for (int64_t t = 0; t < steps; ++t)
    for (int64_t i = 0; i < kWidth; ++i) {
      float x =
          row(call->inputs[0], sample)[t * call->inputs[0].strides[1] + i];
      if (isRejected(call, x, sample, t))
        return;
      total[i] += scale[i] * x;
      row(call->outputs[0], sample)[t * call->outputs[0].strides[1] + i] =
          total[i];
    }
  std::memcpy(row(call->outputs[1], sample), total, kWidth * sizeof(float));
  if (call->states_out)
    std::memcpy(row(call->states_out[0], sample), total,
                kWidth * sizeof(float));
}

inline int32_t model(const seqc_call *call) {
  if (call->abi_version != SEQC_ABI_VERSION)
    return SEQC_ERROR_VERSION;
  return seqc_run_tiles(call, call->dims[0], tile);
}

inline EntryPoints entryPoints() { return {packed, pack, workspace, model}; }

} // namespace seqc::runtime::fake

#endif // SEQC_TEST_UNIT_RUNTIME_FAKEMODEL_H
