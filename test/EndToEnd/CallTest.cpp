//===- CallTest.cpp - The bare call, as real-time code makes it -----------===//
// Tensors with strides of the caller's own, states left out, and no allocation
// while a call runs.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"
#include "runtime/core/team.h"

#include "gtest/gtest.h"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

//===----------------------------------------------------------------------===//
// Counting allocations
//===----------------------------------------------------------------------===//

[[maybe_unused]] static std::atomic<bool> isCounting{false};
[[maybe_unused]] static std::atomic<int> allocations{0};

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEQC_MALLOC_IS_TAKEN
#endif
#endif

#ifndef SEQC_MALLOC_IS_TAKEN
extern "C" void *__libc_malloc(size_t size);
extern "C" void *malloc(size_t size) {
  allocations += isCounting;
  return __libc_malloc(size);
}
#endif

namespace seqc::endtoend {
namespace {

constexpr int64_t kBatch = 37, kLength = 6, kIn = 3, kHidden = 5;

const char *const kModel = R"(
model M[I = 3, H = 5](x: f32[T, I]) -> (y: f32[T, H], sum: f32[T], last: f32) {
  use r = recurrent(LSTM[I, H])

  let y, _ = r(x)
  return y, y[:, 0] + sum(y, over = H), y[-1][2]
}
)";

/// Owns what a bare call needs beside its tensors.
struct Bare {
  explicit Bare(const Model &model, seqc_team *team = nullptr)
      : session(model.session()) {
    size_t bytes = session.workspaceBytes(dims, seqc_team_size(team));
    workspace.reset(std::aligned_alloc(
        SEQC_ALIGNMENT, (bytes / SEQC_ALIGNMENT + 1) * SEQC_ALIGNMENT));
    call.dims = dims;
    call.workspace = workspace.get();
    call.team = team;
    call.error = &error;
  }

  const runtime::Session &session;
  int64_t dims[2] = {kBatch, kLength};
  std::unique_ptr<void, void (*)(void *)> workspace{nullptr, std::free};
  seqc_error error = {};
  seqc_call call = {};
};

class Call : public testing::Test {
protected:
  Call() : model(Model::fromText(kModel)), x(kBatch * kLength * kIn) {
    model.initializeWeights(7);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<float>(i % 17) / 8 - 1;
    expected = model.run({{"x", TensorView(x.data(), {kBatch, kLength, kIn})}});
  }

  void expectRow(const char *name, int64_t row, const float *have,
                 int64_t count) {
    const float *want = expected.outputs.at(name).data<float>() + row * count;
    EXPECT_EQ(std::memcmp(have, want, count * sizeof(float)), 0)
        << name << " of row " << row;
  }

  Model model;
  std::vector<float> x;
  RunResult expected;
};

TEST_F(Call, TakesTheCallersStrides) {
  // Rows from the last to the first, steps with a gap between them.
  constexpr int64_t inStep = kIn + 2, inRow = kLength * inStep + 3;
  constexpr int64_t outStep = kHidden + 4, outRow = kLength * outStep + 1;
  std::vector<float> in(kBatch * inRow, NAN), out(kBatch * outRow, -99);
  float *lastRow = in.data() + (kBatch - 1) * inRow;
  for (int64_t row = 0; row < kBatch; ++row)
    for (int64_t t = 0; t < kLength; ++t)
      std::memcpy(lastRow - row * inRow + t * inStep,
                  x.data() + (row * kLength + t) * kIn, kIn * sizeof(float));
  std::vector<float> sums(kBatch * kLength), lasts(3 * kBatch, -99);

  Bare bare(model);
  int64_t inStrides[] = {-inRow, inStep, 1};
  int64_t outStrides[] = {outRow, outStep, 1}, sumStrides[] = {kLength, 1};
  int64_t lastStrides[] = {3};
  seqc_tensor inputs[] = {{lastRow, inStrides}};
  seqc_tensor outputs[] = {{out.data(), outStrides},
                           {sums.data(), sumStrides},
                           {lasts.data(), lastStrides}};
  bare.call.inputs = inputs;
  bare.call.outputs = outputs;
  ASSERT_EQ(bare.session.call(bare.call), SEQC_OK);

  for (int64_t row = 0; row < kBatch; ++row) {
    for (int64_t t = 0; t < kLength; ++t) {
      const float *step = out.data() + row * outRow + t * outStep;
      expectRow("y", row * kLength + t, step, kHidden);
      EXPECT_EQ(step[kHidden], -99) << "wrote between two steps";
    }
    expectRow("sum", row, sums.data() + row * kLength, kLength);
    expectRow("last", row, lasts.data() + 3 * row, 1);
    EXPECT_EQ(lasts[3 * row + 1], -99) << "wrote between two rows";
  }
}

TEST_F(Call, GoesOnFromTheStatesItWasGiven) {
  // Two halves of the sequence, the state updated in place.
  std::vector<float> h(kBatch * kHidden), c(kBatch * kHidden);
  std::vector<float> y(kBatch * kLength * kHidden), sums(kBatch * kLength),
      lasts(kBatch);
  Bare bare(model);
  bare.dims[1] = kLength / 2;
  int64_t inStrides[] = {kLength * kIn, kIn, 1}, stateStrides[] = {kHidden, 1};
  int64_t outStrides[] = {kLength * kHidden, kHidden, 1};
  int64_t sumStrides[] = {kLength, 1}, lastStrides[] = {1};
  seqc_tensor states[] = {{h.data(), stateStrides}, {c.data(), stateStrides}};
  for (int64_t half = 0; half < 2; ++half) {
    int64_t from = half * (kLength / 2);
    seqc_tensor inputs[] = {{x.data() + from * kIn, inStrides}};
    seqc_tensor outputs[] = {{y.data() + from * kHidden, outStrides},
                             {sums.data() + from, sumStrides},
                             {lasts.data(), lastStrides}};
    bare.call.inputs = inputs;
    bare.call.outputs = outputs;
    bare.call.states_in = half ? states : nullptr;
    bare.call.states_out = states;
    ASSERT_EQ(bare.session.call(bare.call), SEQC_OK);
  }
  for (int64_t row = 0; row < kBatch; ++row)
    expectRow("y", row, y.data() + row * kLength * kHidden, kLength * kHidden);
}

TEST(RaggedCall, TakesRowsInAnyOrder) {
  // A session sorts rows by length; who calls by himself need not.
  Model model = Model::fromText(R"(
model B[I = 3, H = 5](x: f32[T, I]) -> (y: f32[T, 2 * H]) {
  use r = recurrent(LSTM[I, H], layers = 2, bidirectional)
  let y, _ = r(x)
  return y
}
)");
  model.initializeWeights(7);
  std::vector<float> x(kBatch * kLength * kIn, NAN);
  std::vector<int64_t> lengths(kBatch);
  for (int64_t row = 0; row < kBatch; ++row) {
    lengths[row] = row * 5 % (kLength + 1);
    for (int64_t i = 0; i < lengths[row] * kIn; ++i)
      x[row * kLength * kIn + i] = static_cast<float>((row + i) % 17) / 8 - 1;
  }
  const RunResult expected =
      model.run({{"x", TensorView(x.data(), {kBatch, kLength, kIn})},
                 {"x.lengths", TensorView(lengths.data(), {kBatch})}});

  std::vector<float> y(kBatch * kLength * 2 * kHidden, -99);
  Bare bare(model);
  int64_t inStrides[] = {kLength * kIn, kIn, 1};
  int64_t outStrides[] = {kLength * 2 * kHidden, 2 * kHidden, 1};
  seqc_tensor inputs[] = {{x.data(), inStrides}};
  seqc_tensor outputs[] = {{y.data(), outStrides}};
  const int64_t *arrays[] = {lengths.data()};
  bare.call.lengths = arrays;
  bare.call.inputs = inputs;
  bare.call.outputs = outputs;
  ASSERT_EQ(bare.session.call(bare.call), SEQC_OK);
  EXPECT_EQ(std::memcmp(y.data(), expected.outputs.at("y").data(),
                        y.size() * sizeof(float)),
            0);
}

#ifndef SEQC_MALLOC_IS_TAKEN
TEST_F(Call, AllocatesNothing) {
  std::unique_ptr<seqc_team, void (*)(seqc_team *)> team(seqc_team_create(2),
                                                         seqc_team_destroy);
  std::vector<float> y(kBatch * kLength * kHidden), sums(kBatch * kLength),
      lasts(kBatch);
  Bare bare(model, team.get());
  int64_t inStrides[] = {kLength * kIn, kIn, 1};
  int64_t outStrides[] = {kLength * kHidden, kHidden, 1};
  int64_t sumStrides[] = {kLength, 1}, lastStrides[] = {1};
  seqc_tensor inputs[] = {{x.data(), inStrides}};
  seqc_tensor outputs[] = {{y.data(), outStrides},
                           {sums.data(), sumStrides},
                           {lasts.data(), lastStrides}};
  bare.call.inputs = inputs;
  bare.call.outputs = outputs;

  isCounting = true;
  std::free(std::malloc(1));
  int counted = allocations;
  int32_t status = bare.session.call(bare.call);
  isCounting = false;

  ASSERT_EQ(counted, 1) << "allocations are not counted";
  EXPECT_EQ(status, SEQC_OK);
  EXPECT_EQ(allocations, 1);
  expectRow("y", kBatch - 1, y.data() + (kBatch - 1) * kLength * kHidden,
            kLength * kHidden);
}
#endif

} // namespace
} // namespace seqc::endtoend
