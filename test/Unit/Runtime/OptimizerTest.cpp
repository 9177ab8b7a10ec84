//===- OptimizerTest.cpp - The update of all parameters -------------------===//
// An optimizer written by hand stands for compiled code.
//===----------------------------------------------------------------------===//

#include "runtime/services/optimizer.h"
#include "runtime/services/error.h"
#include "test/Unit/Runtime/FakeTraining.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::runtime;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

/// Bits of weights and states after three updates of two parameters, one of
/// which has more elements than a chunk.
std::vector<float> afterUpdates(Program program, int32_t threads) {
  const int64_t large = 2 * kChunkElements + 17;
  Optimizer optimizer(std::move(program),
                      {{"small", ElementType::F32, {3}, {-1}},
                       {"large", ElementType::F32, {large}, {-1}}});
  std::vector<Tensor> weights, gradients;
  for (int64_t size : {int64_t{3}, large}) {
    weights.emplace_back(ElementType::F32, Shape{size});
    gradients.emplace_back(ElementType::F32, Shape{size});
    for (int64_t i = 0; i < size; ++i)
      gradients.back().data<float>()[i] = static_cast<float>(i % 101) - 50;
  }
  seqc_team *team = seqc_team_create(threads);
  for (int step = 0; step < 3; ++step)
    optimizer.update({weights[0].data<float>(), weights[1].data<float>()},
                     gradients, 0.5f, {{"lr", 0.1}}, team);
  seqc_team_destroy(team);
  std::vector<float> all;
  for (const Tensor &weight : weights)
    all.insert(all.end(), weight.data<float>(),
               weight.data<float>() + weight.size());
  for (const auto &[name, view] : optimizer.states()) {
    const Tensor state = Tensor::copyOf(view);
    all.insert(all.end(), state.data<float>(),
               state.data<float>() + state.size());
  }
  return all;
}

TEST(Optimizer, PartsAndThreadsChangeNoBit) {
  Program whole = fake::optimizer();
  whole.signature.elementwise = false;
  const std::vector<float> expected = afterUpdates(whole, 1);
  EXPECT_EQ(afterUpdates(whole, 2), expected);
  for (int32_t threads : {1, 2, 3})
    EXPECT_EQ(afterUpdates(fake::optimizer(), threads), expected) << threads;
}

TEST(Optimizer, EachParameterHasStatesOfItsOwn) {
  Optimizer optimizer(fake::optimizer(),
                      {{"a", ElementType::F32, {1, 2}, {-1, -1}},
                       {"b", ElementType::F32, {}, {}}});
  const ViewMap states = optimizer.states();
  EXPECT_EQ(states.size(), 4u);
  EXPECT_THAT(states.at("m.a").shape, ElementsAre(1, 2));
  EXPECT_THAT(states.at("t.a").shape, ElementsAre());
  EXPECT_THAT(states.at("m.b").shape, ElementsAre());
  EXPECT_THAT(optimizer.scalars(), ElementsAre("lr"));
}

TEST(Optimizer, OneUpdateIsTheFormula) {
  Optimizer optimizer(fake::optimizer(), {{"a", ElementType::F32, {2}, {-1}}});
  float weight[] = {1, 2};
  const std::vector<Tensor> gradients = [] {
    std::vector<Tensor> made;
    made.push_back(Tensor::of<float>({2}, {4, -8}));
    return made;
  }();
  optimizer.update({weight}, gradients, 0.5f, {{"lr", 0.25}});
  EXPECT_THAT(weight, ElementsAre(0.5, 3));
  // m = 2 / 2 + 2 and t = 2.
  optimizer.update({weight}, gradients, 0.5f, {{"lr", 0.25}});
  EXPECT_THAT(weight, ElementsAre(0.125, 3.75));
  optimizer.reset();
  optimizer.update({weight}, gradients, 0.5f, {{"lr", 0.25}});
  EXPECT_THAT(weight, ElementsAre(-0.375, 4.75));
}

TEST(Optimizer, AnotherProgramIsRejected) {
  Program program = fake::optimizer();
  program.signature.inputs.push_back({"h", ElementType::F32, {-1}, {0}});
  EXPECT_THAT(
      [&] { Optimizer(program, {}); },
      ThrowsMessage<Error>(HasSubstr("`Momentum` is not an optimizer")));
}

} // namespace
