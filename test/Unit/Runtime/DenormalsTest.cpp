//===- DenormalsTest.cpp - Flushing denormal numbers ----------------------===//

#include "runtime/core/denormals.h"

#include "gtest/gtest.h"

using seqc::runtime::FlushDenormals;

namespace {

float half(float x) {
  volatile float value = x;
  return value * 0.5f;
}

TEST(FlushDenormals, FlushesWhileItLivesAndRestores) {
  constexpr float smallestNormal = 0x1p-126f;
  ASSERT_NE(half(smallestNormal), 0.0f);
  {
    FlushDenormals flush;
    EXPECT_EQ(half(smallestNormal), 0.0f);
    { FlushDenormals inner; }
    EXPECT_EQ(half(smallestNormal), 0.0f);
  }
  EXPECT_NE(half(smallestNormal), 0.0f);
}

} // namespace
