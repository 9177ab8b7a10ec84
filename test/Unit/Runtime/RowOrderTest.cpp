//===- RowOrderTest.cpp - The order in which a call takes its samples -----===//

#include "runtime/services/row_order.h"

#include "test/Unit/Runtime/FakeModel.h"

#include "runtime/services/session.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

TEST(RowOrder, LongestFirstAndEqualOnesInTheirOrder) {
  EXPECT_THAT(orderByLength({2, 5, 0, 5, 3}), ElementsAre(1, 3, 4, 0, 2));
  EXPECT_THAT(orderByLength({}), IsEmpty());
}

TEST(RowOrder, DealsToTilesAlike) {
  // Thirty-three rows make three tiles of eleven.
  std::vector<int64_t> lengths(33);
  std::iota(lengths.begin(), lengths.end(), 0);
  const std::vector<int64_t> order = orderByLength(lengths);
  std::vector<int64_t> all = order;
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, lengths);
  for (int64_t tile = 0; tile < 3; ++tile) {
    const auto begin = order.begin() + tile * 11;
    EXPECT_TRUE(std::is_sorted(begin, begin + 11, std::greater<>()));
    EXPECT_EQ(*begin, 32 - tile);
  }
}

TEST(RowOrder, IsLeftAloneWhereItIsGood) {
  const Signature signature = fake::signature();
  CheckedInputs inputs;
  inputs.dims = {3, 4};
  inputs.lengths = {{}};
  EXPECT_THAT(orderOf(signature, inputs), IsEmpty());
  inputs.lengths = {{4, 2, 2}};
  EXPECT_THAT(orderOf(signature, inputs), IsEmpty());
  inputs.lengths = {{2, 4, 2}};
  EXPECT_THAT(orderOf(signature, inputs), ElementsAre(1, 0, 2));
}

TEST(RowOrder, WhatComesOutIsInTheCallersOrder) {
  const Tensor scale = Tensor::of<float>({1, 2}, {1, 10});
  const Session session(fake::signature(), fake::entryPoints(), {scale});
  const Tensor x = Tensor::of<float>(
      {3, 2, 2}, {1, 1, 100, 100, 2, 2, 3, 3, 4, 4, 100, 100});
  const Tensor lengths = Tensor::of<int64_t>({3}, {1, 2, 0});
  const Tensor total = Tensor::of<float>({3, 2}, {10, 0, 20, 0, 30, 0});
  RunOptions options;
  options.states = {{"sum.total", total}};
  const RunResult result =
      session.run({{"x", x}, {"x.lengths", lengths}}, options);
  auto floatsOf = [](const Tensor &tensor) {
    return std::vector<float>(tensor.data<float>(),
                              tensor.data<float>() + tensor.size());
  };
  EXPECT_THAT(floatsOf(result.outputs.at("steps")),
              ElementsAre(11, 10, 0, 0, 22, 20, 25, 50, 0, 0, 0, 0));
  EXPECT_THAT(floatsOf(result.states.at("sum.total")),
              ElementsAre(11, 10, 25, 50, 30, 0));
}

TEST(RowOrder, TheFirstSampleThatFailsIsTheCallers) {
  const Tensor scale = Tensor::of<float>({1, 2}, {1, 10});
  const Session session(fake::signature(), fake::entryPoints(), {scale});
  Tensor x(ElementType::F32, {3, 4, 2});
  x.data<float>()[(1 * 4 + 0) * 2] = fake::kBadToken;
  x.data<float>()[(2 * 4 + 3) * 2] = fake::kBadToken;
  const Tensor lengths = Tensor::of<int64_t>({3}, {1, 2, 4});
  EXPECT_THAT(
      [&] {
        session.run({{"x", x}, {"x.lengths", lengths}});
      },
      testing::ThrowsMessage<Error>(
          testing::HasSubstr("of sample 1 at position 0")));
}

} // namespace
