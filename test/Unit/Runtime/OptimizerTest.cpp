//===- OptimizerTest.cpp - The states of an optimizer ---------------------===//
// What an optimizer is told of, and what it keeps.
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

TEST(Optimizer, EachParameterHasStatesOfItsOwn) {
  Optimizer optimizer(fake::optimizerSignature(),
                      {{"a", ElementType::F32, {1, 2}, {-1, -1}},
                       {"b", ElementType::F32, {}, {}}});
  const ViewMap states = optimizer.states();
  EXPECT_EQ(states.size(), 4u);
  EXPECT_THAT(states.at("m.a").shape, ElementsAre(1, 2));
  EXPECT_THAT(states.at("t.a").shape, ElementsAre());
  EXPECT_THAT(states.at("m.b").shape, ElementsAre());
  EXPECT_THAT(optimizer.scalars(), ElementsAre("lr"));
}

TEST(Optimizer, AStepIsGivenStatesByParameter) {
  Signature signature = fake::optimizerSignature();
  signature.stateInit = {0, 0.5, 0.25};
  Optimizer optimizer(signature, {{"a", ElementType::F32, {2}, {-1}},
                                  {"b", ElementType::F32, {1}, {-1}}});
  const std::vector<float *> pointers = optimizer.pointers();
  ASSERT_EQ(pointers.size(), 4u);
  EXPECT_EQ(pointers[0][1], 0.5f);
  EXPECT_EQ(pointers[1][0], 0.25f);
  pointers[2][0] = 3;
  EXPECT_EQ(Tensor::copyOf(optimizer.states().at("m.b")).data<float>()[0], 3);
  optimizer.reset();
  EXPECT_EQ(pointers[2][0], 0.5f);
}

TEST(Optimizer, AnotherProgramIsRejected) {
  Signature signature = fake::optimizerSignature();
  signature.inputs.push_back({"h", ElementType::F32, {-1}, {0}});
  EXPECT_THAT(
      [&] { Optimizer(signature, {}); },
      ThrowsMessage<Error>(HasSubstr("`Momentum` is not an optimizer")));
}

} // namespace
