//===- FakeTraining.h - The programs of a `train` block, by hand ----------===//
// Owns programs that keep the calling convention, so that the trainer is
// tested without the compiler. The model, with its loss and a metric, is
//
//   error = weight . x + bias + previous - y     state previous: f32 (= x[0])
//   loss  = error^2                              at each step
//   mae   = |error|
//
// and the optimizer divides its momentum by the number of the update:
//
//   t = t + 1;  m = m / 2 + scale * g;  w = w - lr * m / t
//
// Tests of the compiled step are in test/EndToEnd.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_RUNTIME_FAKETRAINING_H
#define SEQC_TEST_UNIT_RUNTIME_FAKETRAINING_H

#include "runtime/services/trainer.h"

#include <cmath>
#include <cstring>

namespace seqc::runtime::fake {

inline float *floats(const seqc_tensor &tensor) {
  return static_cast<float *>(tensor.data);
}

//===----------------------------------------------------------------------===//
// The step
//===----------------------------------------------------------------------===//

/// Inputs of this number make a loss, or a gradient alone, that is infinite.
constexpr float kBadLoss = 1e30f;
constexpr float kBadGradient = 123456;

inline Signature stepSignature() {
  Signature signature;
  signature.model = "Line";
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"x", ElementType::F32, {-1, 2}, {0, -1}},
                      {"y", ElementType::F32, {-1}, {0}}};
  for (const char *name : {"loss.sum", "loss.weight", "mae.sum", "mae.weight"})
    signature.outputs.push_back({name, ElementType::F32, {}, {}});
  ParamSpec weight, bias;
  weight.tensor = {"line.weight", ElementType::F32, {2}, {-1}};
  bias.tensor = {"line.bias", ElementType::F32, {}, {}};
  weight.initValue = bias.initValue = 0.5;
  signature.params = {weight, bias};
  signature.states = {{"line.previous", ElementType::F32, {}, {}}};
  for (const ParamSpec &param : signature.params)
    signature.gradients.push_back({param.tensor, GradientSpec::Of::Param});
  return signature;
}

inline size_t stepPacked() { return 3 * sizeof(float); }

inline int32_t packStep(const seqc_tensor *params, void *packed) {
  std::memcpy(packed, params[0].data, 2 * sizeof(float));
  std::memcpy(static_cast<float *>(packed) + 2, params[1].data, sizeof(float));
  return SEQC_OK;
}

inline size_t noWorkspace(const int64_t *, int32_t) { return 0; }

inline void runSample(const seqc_call *call, int64_t sample, float *gradients) {
  const float *packed = static_cast<const float *>(call->packed);
  const int64_t *lengths = call->lengths ? call->lengths[0] : nullptr;
  const int64_t steps = lengths ? lengths[sample] : call->dims[1];
  const int64_t *xs = call->inputs[0].strides, *ys = call->inputs[1].strides;
  float previous = call->states_in ? floats(call->states_in[0])[sample] : 0;
  float sums[2] = {};
  for (int64_t t = 0; t < steps; ++t) {
    const float *x = floats(call->inputs[0]) + sample * xs[0] + t * xs[1];
    const float y = floats(call->inputs[1])[sample * ys[0] + t * ys[1]];
    const float error =
        packed[0] * x[0] + packed[1] * x[1] + packed[2] + previous - y;
    sums[0] += error * error;
    sums[1] += std::fabs(error);
    gradients[0] += 2 * error * x[0];
    gradients[1] += 2 * error * x[1];
    gradients[2] += 2 * error;
    if (x[0] == kBadGradient)
      gradients[2] = INFINITY;
    previous = x[0];
  }
  for (int measure = 0; measure < 2; ++measure) {
    floats(call->outputs[2 * measure])[sample] = sums[measure];
    floats(call->outputs[2 * measure + 1])[sample] = static_cast<float>(steps);
  }
  if (call->states_out)
    floats(call->states_out[0])[sample] = previous;
}

inline int32_t runStep(const seqc_call *call) {
  float gradients[3] = {};
  for (int64_t sample = 0; sample < call->dims[0]; ++sample)
    runSample(call, sample, gradients);
  std::memcpy(call->outputs[4].data, gradients, 2 * sizeof(float));
  std::memcpy(call->outputs[5].data, gradients + 2, sizeof(float));
  return SEQC_OK;
}

//===----------------------------------------------------------------------===//
// The optimizer
//===----------------------------------------------------------------------===//

inline Signature optimizerSignature() {
  Signature signature;
  signature.model = "Momentum";
  signature.dims = {"P"};
  signature.enclosing = {-1};
  signature.inputs = {{"g", ElementType::F32, {-1}, {0}},
                      {"scale", ElementType::F32, {}, {}},
                      {"lr", ElementType::F32, {}, {}}};
  signature.states = {{"w", ElementType::F32, {-1}, {0}},
                      {"m", ElementType::F32, {-1}, {0}},
                      {"t", ElementType::F32, {}, {}}};
  signature.stateInit = {0, 0, 0};
  return signature;
}

//===----------------------------------------------------------------------===//
// The step and its update
//===----------------------------------------------------------------------===//

/// The sizes of the gradients, the first of which are `outputs[4]` and [5].
constexpr int64_t kSizes[] = {2, 1};

inline void update(const seqc_step *step, float *const *gradients,
                   float scale) {
  for (int k = 0; k < 2; ++k) {
    float *w = floats(step->params[k]);
    float *m = step->states[2 * k], *t = step->states[2 * k + 1];
    *t += 1;
    for (int64_t i = 0; i < kSizes[k]; ++i) {
      m[i] = m[i] / 2 + scale * gradients[k][i];
      w[i] -= step->scalars[0] * m[i] / *t;
    }
  }
  packStep(step->params, step->packed);
}

inline int32_t trainStep(const seqc_step *step) {
  const seqc_call &call = *step->call;
  if (call.dims[0] > 0)
    runStep(&call);
  double loss = 0, weight = 0, squares = 0;
  for (int64_t sample = 0; sample < call.dims[0]; ++sample) {
    loss += floats(call.outputs[0])[sample];
    weight += floats(call.outputs[1])[sample];
  }
  float *gradients[2];
  for (int k = 0; k < 2; ++k) {
    gradients[k] = floats(call.outputs[4 + k]);
    if (step->sums)
      for (int64_t i = 0; i < kSizes[k]; ++i)
        step->sums[k][i] += gradients[k][i];
    if (step->sums)
      gradients[k] = step->sums[k];
    for (int64_t i = 0; i < kSizes[k]; ++i)
      squares += static_cast<double>(gradients[k][i]) * gradients[k][i];
  }
  if (!std::isfinite(loss) || !std::isfinite(squares))
    return SEQC_ERROR_NOT_FINITE;
  weight += step->weight;
  if (!step->update || weight == 0)
    return SEQC_OK;
  *step->norm = std::sqrt(squares) / weight;
  double scale = 1 / weight;
  if (step->clip_norm > 0)
    scale *= std::fmin(1.0, step->clip_norm / (*step->norm + 1e-6));
  update(step, gradients, static_cast<float>(scale));
  return SEQC_OK;
}

//===----------------------------------------------------------------------===//
// The schedule: lr = 1 / (step + 1) / worse, where `worse` counts the steps
// before which the loss was above 100, the first one included; the metric
// `rmse` is the root of the loss
//===----------------------------------------------------------------------===//

inline size_t nothingPacked() { return 0; }
inline int32_t packNothing(const seqc_tensor *, void *) { return SEQC_OK; }

inline int32_t runSchedule(const seqc_call *call) {
  const float step = floats(call->inputs[0])[0];
  const float loss = floats(call->inputs[1])[0];
  const float worse = floats(call->states_in[0])[0] + (loss > 100 ? 1 : 0);
  floats(call->states_out[0])[0] = worse;
  floats(call->outputs[0])[0] = 1 / (step + 1) / worse;
  floats(call->outputs[1])[0] = std::sqrt(loss);
  return SEQC_OK;
}

inline Program schedule() {
  Signature signature;
  signature.model = "Schedule";
  signature.inputs = {{"step", ElementType::F32, {}, {}},
                      {"loss", ElementType::F32, {}, {}}};
  signature.outputs = {{"lr", ElementType::F32, {}, {}},
                       {"rmse", ElementType::F32, {}, {}}};
  signature.states = {{"worse", ElementType::F32, {}, {}}};
  signature.stateInit = {0};
  return {signature,
          {nothingPacked, packNothing, noWorkspace, runSchedule},
          nullptr};
}

/// The step's program, which has nowhere to write gradients to.
inline Program evaluation() {
  Signature signature = stepSignature();
  signature.gradients.clear();
  const auto run = [](const seqc_call *call) -> int32_t {
    float gradients[3] = {};
    for (int64_t sample = 0; sample < call->dims[0]; ++sample)
      runSample(call, sample, gradients);
    return SEQC_OK;
  };
  return {signature, {stepPacked, packStep, noWorkspace, run}, nullptr};
}

inline TrainingPrograms programs() {
  TrainingPrograms programs;
  programs.spec.measures = {"loss", "mae"};
  programs.spec.metrics = {"mae"};
  programs.spec.scalars = {{"lr", 0.125}};
  programs.step = {
      stepSignature(),
      {stepPacked, packStep, noWorkspace, runStep, trainStep, noWorkspace},
      nullptr};
  programs.optimizer = optimizerSignature();
  return programs;
}

} // namespace seqc::runtime::fake

#endif // SEQC_TEST_UNIT_RUNTIME_FAKETRAINING_H
