//===- TargetTest.cpp - What code is made for -----------------------------===//
// Registers follow from features, never from a name alone.
//===----------------------------------------------------------------------===//

#include "compiler/Target/TargetDescription.h"

#include <gtest/gtest.h>

using namespace seqc;

namespace {

TargetDescription resolve(const TargetRequest &request) {
  TargetDescription target;
  std::string error;
  EXPECT_TRUE(resolveTarget(request, target, error)) << error;
  return target;
}

TEST(Target, FollowsFeatures) {
  const std::string linux64 = "x86_64-linux-gnu";
  EXPECT_EQ(resolve({linux64, "", ""}).vectorBits, 128);
  EXPECT_EQ(resolve({linux64, "", ""}).vectorRegisters, 16);
  EXPECT_EQ(resolve({linux64, "", "+avx2"}).vectorBits, 256);
  EXPECT_EQ(resolve({linux64, "", "+avx512f"}).vectorBits, 512);
  EXPECT_EQ(resolve({linux64, "", "+avx512f"}).vectorRegisters, 32);
  EXPECT_EQ(resolve({linux64, "haswell", ""}).vectorBits, 256);
  EXPECT_EQ(resolve({"aarch64-linux-gnu", "", ""}).vectorBits, 128);
  EXPECT_EQ(resolve({"aarch64-linux-gnu", "", ""}).vectorRegisters, 32);
}

TEST(Target, UsesDotProductsThatAreFast) {
  const std::string linux64 = "x86_64-linux-gnu";
  EXPECT_FALSE(resolve({linux64, "haswell", ""}).dotBf16);
  EXPECT_TRUE(resolve({linux64, "znver4", ""}).dotBf16);
  EXPECT_FALSE(resolve({linux64, "znver4", "-avx512bf16"}).dotBf16);
  EXPECT_FALSE(resolve({linux64, "sapphirerapids", ""}).dotBf16);
  EXPECT_TRUE(resolve({linux64, "sapphirerapids", "-amx-bf16"}).dotBf16);
  EXPECT_FALSE(resolve({linux64, "haswell", ""}).dotInt8);
  EXPECT_FALSE(resolve({linux64, "skylake-avx512", ""}).dotInt8);
  EXPECT_TRUE(resolve({linux64, "cascadelake", ""}).dotInt8);
  EXPECT_TRUE(resolve({linux64, "alderlake", ""}).dotInt8);
}

/// Another process may not have what this one has asked its system for.
TEST(Target, UsesTilesInThisProcessAlone) {
  EXPECT_FALSE(resolve({"x86_64-linux-gnu", "sapphirerapids", ""}).tileBf16);
  TargetRequest shipped;
  shipped.isShipped = true;
  EXPECT_FALSE(resolve(shipped).tileBf16);
  EXPECT_FALSE(resolve({"", "", "-amx-bf16"}).tileBf16);
  EXPECT_FALSE(resolve({"", "", "-avx512bf16"}).tileBf16);
}

TEST(Target, HostIsNamedByFeatures) {
  const TargetDescription host = hostTarget();
  EXPECT_TRUE(host.cpu == "x86-64" || host.cpu == "generic") << host.cpu;
  EXPECT_FALSE(host.features.empty());
}

TEST(Target, FeaturesAddToTheHosts) {
  const TargetDescription without = resolve({"", "", "-avx512f,-avx"});
  EXPECT_NE(without.features.find("-avx512f"), std::string::npos);
  EXPECT_EQ(without.vectorBits, 128);
}

TEST(Target, UnknownNamesAreErrors) {
  TargetDescription target;
  std::string error;
  EXPECT_FALSE(resolveTarget({"nothing", "", ""}, target, error));
  EXPECT_EQ(error, "unknown target `nothing`");
  EXPECT_FALSE(resolveTarget({"", "nothing", ""}, target, error));
  EXPECT_EQ(error, "unknown CPU `nothing`");
  EXPECT_FALSE(resolveTarget({"", "", "+nothing"}, target, error));
  EXPECT_EQ(error, "unknown feature `nothing`");
}

} // namespace
