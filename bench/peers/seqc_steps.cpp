// What `seqc build` makes as a side of bench/run: one layer, one step a call,
// its state kept in between.
//
// Compiled for one object: -DMODEL=NAME, -DHEADER="NAME.h", and -DGATES,
// -DINPUTS, -DHIDDEN for its sizes.

#include "rounds.h"

#include HEADER

#include <cstdlib>
#include <random>

#define JOINED(a, b) a##b
#define JOIN(a, b) JOINED(a, b)

namespace {

float *drawn(size_t count) {
  static std::mt19937 random(1);
  std::uniform_real_distribution<float> draw(-0.1f, 0.1f);
  auto *values = static_cast<float *>(std::aligned_alloc(
      SEQC_ALIGNMENT,
      (count * sizeof(float) / SEQC_ALIGNMENT + 1) * size_t{SEQC_ALIGNMENT}));
  for (size_t i = 0; i < count; ++i)
    values[i] = draw(random);
  return values;
}

float *memoryOf(size_t bytes) { return drawn(bytes / sizeof(float) + 1); }

class Steps : public rounds::Runnable {
public:
  Steps() {
    const seqc_tensor params[] = {{drawn(GATES * HIDDEN * INPUTS), ofInput + 1},
                                  {drawn(GATES * HIDDEN * HIDDEN), ofHidden},
                                  {drawn(GATES * HIDDEN), ofBias},
                                  {drawn(GATES * HIDDEN), ofBias}};
    for (float *&input : inputs)
      input = drawn(INPUTS);
    for (seqc_tensor &state : states)
      state = {drawn(HIDDEN), ofHidden};
    void *packed = memoryOf(JOIN(MODEL, _packed)());
    if (JOIN(MODEL, _pack)(params, packed) != SEQC_OK)
      throw rounds::Skip("packing failed");
    call.abi_version = SEQC_ABI_VERSION;
    call.dims = dims;
    call.inputs = &x;
    call.outputs = &y;
    call.packed = packed;
    call.states_in = call.states_out = states;
    call.workspace = memoryOf(JOIN(MODEL, _workspace)(dims, 1));
  }

  void run() override {
    for (int step = 0; step < kCalls; ++step) {
      x.data = inputs[step % kInputs];
      MODEL(&call);
    }
  }

  int calls() const override { return kCalls; }

private:
  static constexpr int kCalls = 256, kInputs = 8;
  const int64_t dims[2] = {1, 1};
  const int64_t ofInput[3] = {INPUTS, INPUTS, 1}, ofBias[1] = {1};
  const int64_t ofHidden[2] = {HIDDEN, 1}, ofResult[3] = {HIDDEN, HIDDEN, 1};
  float *inputs[kInputs];
  seqc_tensor x = {nullptr, ofInput}, y = {drawn(HIDDEN), ofResult}, states[2];
  seqc_call call = {};
};

} // namespace

int main() {
  rounds::answerLines(
      "built", [](const rounds::Words &) { return std::make_unique<Steps>(); });
}
