//===- WeightsTest.cpp - From named tensors to a model's parameters -------===//
// Binding by name and alias, all faults in one error, values from a seed.
//===----------------------------------------------------------------------===//

#include "runtime/services/weights.h"
#include "runtime/services/error.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::runtime;
using testing::Eq;
using testing::ThrowsMessage;

namespace {

Signature signature() {
  Signature signature;
  signature.model = "M";
  ParamSpec weight, bias;
  weight.tensor = {"rnn.weight_l0", ElementType::F32, {4, 2}, {-1, -1}};
  weight.aliases = {"rnn.weight"};
  weight.init = InitKind::Uniform;
  weight.initValue = 0.5;
  weight.site = 0;
  bias.tensor = {"fc.bias", ElementType::F32, {3}, {-1}};
  bias.init = InitKind::Constant;
  bias.initValue = 0.25;
  bias.site = 1;
  signature.params = {weight, bias};
  return signature;
}

TEST(Weights, AreFoundByNameOrAlias) {
  Tensor weight(ElementType::F32, {4, 2}), bias(ElementType::F32, {3});
  for (const char *name : {"rnn.weight_l0", "rnn.weight"}) {
    auto bound = bindWeights(signature(), {{"fc.bias", bias}, {name, weight}});
    ASSERT_EQ(bound.size(), 2u);
    EXPECT_EQ(bound[0].data, weight.data());
    EXPECT_EQ(bound[1].data, bias.data());
  }
}

Signature tiedSignature() {
  Signature tied = signature();
  tied.params[0].ties = {"out.weight"};
  return tied;
}

TEST(Weights, TiedOnesAreFoundUnderEitherNameOrUnderBothIfEqual) {
  Tensor weight = Tensor::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  Tensor same = weight, bias(ElementType::F32, {3});
  for (const ViewMap &given :
       {ViewMap{{"rnn.weight", weight}}, ViewMap{{"out.weight", weight}},
        ViewMap{{"rnn.weight_l0", weight}, {"out.weight", same}}}) {
    ViewMap tensors = given;
    tensors["fc.bias"] = bias;
    auto bound = bindWeights(tiedSignature(), tensors);
    EXPECT_EQ(bound[0].data, weight.data());
  }
}

TEST(Weights, TiedOnesThatDifferAreRefused) {
  Tensor weight(ElementType::F32, {4, 2}), bias(ElementType::F32, {3});
  Tensor other = Tensor::of<float>({4, 2}, {0, 0, 0, 0, 0, 0, 0, 1});
  EXPECT_THAT(
      [&] {
        bindWeights(tiedSignature(), {{"rnn.weight_l0", weight},
                                      {"out.weight", other},
                                      {"fc.bias", bias}});
      },
      ThrowsMessage<Error>(
          Eq("the weights do not fit the model `M`:\n"
             "  `rnn.weight_l0` and `out.weight` are one parameter, and "
             "differ")));
}

TEST(Weights, TiedOnesOfAnotherShapeAreRefused) {
  Tensor weight(ElementType::F32, {2, 4}), bias(ElementType::F32, {3});
  EXPECT_THAT(
      [&] {
        bindWeights(tiedSignature(),
                    {{"out.weight", weight}, {"fc.bias", bias}});
      },
      ThrowsMessage<Error>(
          Eq("the weights do not fit the model `M`:\n"
             "  `out.weight` is f32[2, 4], but the model's is f32[4, 2]")));
}

TEST(Weights, OneErrorNamesAllFaults) {
  Tensor weight(ElementType::F32, {4, 2}), bias(ElementType::Token, {3});
  ViewMap tensors = {{"rnn.weight", weight},
                     {"rnn.weight_l0", weight},
                     {"fc.bias", bias},
                     {"fc.bais", weight}};
  EXPECT_THAT(
      [&] { bindWeights(signature(), tensors); },
      ThrowsMessage<Error>(
          Eq("the weights do not fit the model `M`:\n"
             "  `rnn.weight_l0` and `rnn.weight` are the same parameter, and "
             "both are given\n"
             "  `fc.bias` is token[3], but the model's is f32[3]\n"
             "  `fc.bais` is surplus: f32[4, 2]")));
}

TEST(Weights, MissingAndWrongShape) {
  Tensor weight(ElementType::F32, {2, 4});
  EXPECT_THAT(
      [&] {
        bindWeights(signature(), {{"rnn.weight", weight}});
      },
      ThrowsMessage<Error>(
          Eq("the weights do not fit the model `M`:\n"
             "  `rnn.weight` is f32[2, 4], but the model's is f32[4, 2]\n"
             "  `fc.bias` is missing: f32[3]")));
}

TEST(Weights, TheFileIsNamedWhereThereIsOne) {
  Tensor weight(ElementType::F32, {4, 2});
  EXPECT_THAT(
      [&] {
        bindWeights(signature(), {{"rnn.weight", weight}}, Unused::Reject,
                    "w.safetensors");
      },
      ThrowsMessage<Error>(
          Eq("the weights in `w.safetensors` do not fit the model `M`:\n"
             "  `fc.bias` is missing: f32[3]")));
}

TEST(Weights, SurplusIsAllowedOnRequestAndReservedNamesAlways) {
  Tensor weight(ElementType::F32, {4, 2}), bias(ElementType::F32, {3});
  ViewMap tensors = {
      {"rnn.weight", weight}, {"fc.bias", bias}, {"seqc.state.h", bias}};
  EXPECT_NO_THROW(bindWeights(signature(), tensors));
  tensors.emplace("other", bias);
  EXPECT_THROW(bindWeights(signature(), tensors), Error);
  EXPECT_NO_THROW(bindWeights(signature(), tensors, Unused::Allow));
}

TEST(Weights, AGreatManyFaultsAreCounted) {
  ViewMap tensors;
  for (int i = 0; i < 1000; ++i)
    tensors.emplace("t" + std::to_string(i), TensorView());
  EXPECT_THAT([&] { bindWeights(signature(), tensors); },
              ThrowsMessage<Error>(testing::EndsWith("\n  and 902 more")));
}

TEST(Weights, FirstValuesComeFromTheSeed) {
  std::vector<Tensor> params = initWeights(signature(), 7);
  const float *weight = params[0].data<float>();
  for (int i = 0; i < 8; ++i)
    EXPECT_LE(std::abs(weight[i]), 0.5f);
  EXPECT_NE(weight[0], weight[1]);
  EXPECT_EQ(params[1].data<float>()[2], 0.25f);

  EXPECT_EQ(initWeights(signature(), 7)[0].data<float>()[5], weight[5]);
  EXPECT_NE(initWeights(signature(), 8)[0].data<float>()[5], weight[5]);
}

TEST(Weights, NormalHasItsStandardDeviation) {
  Signature one;
  one.params.resize(1);
  one.params[0].tensor = {"w", ElementType::F32, {100, 100}, {-1, -1}};
  one.params[0].init = InitKind::Normal;
  one.params[0].initValue = 3;
  std::vector<Tensor> params = initWeights(one, 1);
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < params[0].size(); ++i) {
    double value = params[0].data<float>()[i];
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / 10000, 0, 0.1);
  EXPECT_NEAR(std::sqrt(squares / 10000), 3, 0.1);
}

} // namespace
