//===- RandomTest.cpp - Philox and the streams over it --------------------===//

#include "runtime/core/random.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace seqc::runtime;

namespace {

using Words = std::array<uint32_t, 4>;

// The known answers that the authors of Philox publish.
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t all = 0xffffffff;
  EXPECT_EQ(philox({all, all, all, all}, {all, all}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                   {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Stream, FollowsItsDefinition) {
  constexpr uint64_t seed = 0x123456789abcdef0, step = 7;
  Words words = philox({7, 0, 3, 1}, {0x9abcdef0, 0x12345678});
  Stream stream(seed, step, 3, Purpose::Dropout);
  Words draw = philox({2, 5, 11, 1}, {words[0], words[1]});
  uint64_t sample = (uint64_t{1} << 32) + 11;
  EXPECT_EQ(stream.bits(9, 5, sample), draw[1]);
  EXPECT_EQ(stream.uniform(10, 5, sample),
            static_cast<float>(draw[2] >> 8) * 0x1p-24f);
}

TEST(Stream, DependsOnEveryCoordinate) {
  Stream stream(1, 2, 3, Purpose::Initialiser);
  uint32_t first = stream.bits(0);
  EXPECT_NE(first, Stream(2, 2, 3, Purpose::Initialiser).bits(0));
  EXPECT_NE(first, Stream(1, 3, 3, Purpose::Initialiser).bits(0));
  EXPECT_NE(first, Stream(1, 2, 4, Purpose::Initialiser).bits(0));
  EXPECT_NE(first, Stream(1, 2, 3, Purpose::Dropout).bits(0));
  EXPECT_NE(first, stream.bits(1));
  EXPECT_NE(first, stream.bits(0, 1));
  EXPECT_NE(first, stream.bits(0, 0, 1));
}

// In the words of the definition, so that a script in another language that
// follows it draws the same.
TEST(Stream, NormalFollowsItsDefinition) {
  Stream stream(5, 0, 2, Purpose::Initialiser);
  for (uint64_t index : {0, 1, 2, 1001}) {
    double u = (stream.bits(2 * index) + 1.0) / 4294967296.0;
    double v = stream.bits(2 * index + 1) / 4294967296.0;
    double expected =
        std::sqrt(-2 * std::log(u)) * std::cos(2 * std::acos(-1.0) * v);
    EXPECT_NEAR(stream.normal(index), expected, 1e-12);
  }
}

TEST(Stream, NormalHasItsMoments) {
  Stream stream(42, 0, 0, Purpose::Initialiser);
  constexpr int count = 20000;
  double sum = 0, squares = 0;
  for (int index = 0; index < count; ++index) {
    double x = stream.normal(index);
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / count, 0, 0.03);
  EXPECT_NEAR(squares / count, 1, 0.05);
}

} // namespace
