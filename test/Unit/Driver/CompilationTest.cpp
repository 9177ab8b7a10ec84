//===- CompilationTest.cpp - One model on its way through the phases ------===//
// Works on the text of phase `seq`: what is tested here needs no front end.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Compilation.h"
#include "compiler/Driver/Peak.h"

#include <gtest/gtest.h>

using namespace seqc;

namespace {

/// For each token a row of a table, then a recurrence with one product.
constexpr const char *kText = R"(
module attributes {seq.model = "Walk", seq.dims = ["T"]} {
  func.func @main(%x: tensor<?xi64> {seq.input = "x", seq.vocabulary = 10 : i64, seq.axes = array<i64: 0>},
                  %table: tensor<10x4xf32> {seq.param = "e.weight", seq.init = #seq.init<normal, 1.0>, seq.site = 2 : i64},
                  %w: tensor<4x4xf32> {seq.param = "r.w", seq.init = #seq.init<uniform, 0.5>, seq.site = 3 : i64})
      -> (tensor<4xf32> {seq.output = "y", seq.axes = array<i64: -1>}) {
    %zero = arith.constant dense<0.0> : tensor<4xf32>
    %e = seq.gather %table[%x] : tensor<10x4xf32>, tensor<?xi64> -> tensor<?x4xf32>
    %h = seq.scan sequences(%e : tensor<?x4xf32>) states(%zero : tensor<4xf32>) invariants(%w : tensor<4x4xf32>) -> tensor<4xf32> {
    ^bb0(%x_t: tensor<4xf32>, %h: tensor<4xf32>, %w1: tensor<4x4xf32>):
      %p = seq.contract %w1 [1], %h [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
      %n = arith.addf %p, %x_t : tensor<4xf32>
      seq.yield %n : tensor<4xf32>
    }
    return %h : tensor<4xf32>
  }
}
)";

Compilation start() {
  return Compilation(SourceText{"walk.mlir", kText});
}

TEST(Compilation, ReadsTheSignature) {
  Compilation compilation = start();
  compilation.advance(Phase::Seq);
  const runtime::Signature &signature = compilation.signature();
  EXPECT_EQ(signature.model, "Walk");
  EXPECT_EQ(signature.dims, std::vector<std::string>{"T"});
  EXPECT_EQ(signature.enclosing, std::vector<int64_t>{-1});
  ASSERT_EQ(signature.inputs.size(), 1u);
  EXPECT_EQ(signature.inputs[0].type, runtime::ElementType::Token);
  EXPECT_EQ(signature.inputs[0].axes, std::vector<int64_t>{0});
  EXPECT_EQ(signature.inputs[0].shape, std::vector<int64_t>{-1});
  ASSERT_EQ(signature.params.size(), 2u);
  EXPECT_EQ(signature.params[1].tensor.name, "r.w");
  EXPECT_EQ(signature.params[1].init, runtime::InitKind::Uniform);
  EXPECT_EQ(signature.params[1].initValue, 0.5);
  EXPECT_EQ(signature.params[1].site, 3);
  ASSERT_EQ(signature.outputs.size(), 1u);
  EXPECT_EQ(signature.outputs[0].name, "y");
}

TEST(Compilation, CountsContractionsForEachStep) {
  Compilation compilation = start();
  compilation.advance(Phase::Seq);
  EXPECT_EQ(compilation.countContractions(3, 7), 3.0 * 7 * 2 * 4 * 4);
  EXPECT_EQ(compilation.countTokens(), 10);
}

TEST(Compilation, ShowsEachPhaseInOrder) {
  Compilation compilation = start();
  std::vector<Phase> phases;
  compilation.advance(Phase::Obj, [&](Phase phase, const std::string &text) {
    phases.push_back(phase);
    EXPECT_FALSE(text.empty()) << nameOf(phase);
  });
  EXPECT_EQ(phases,
            (std::vector<Phase>{Phase::Seq, Phase::Batch, Phase::Fused,
                                Phase::Loops, Phase::LLVM, Phase::Asm,
                                Phase::Obj}));
}

TEST(Compilation, MachineCodeIsTheSameEveryTime) {
  Compilation first = start();
  Compilation second = start();
  first.advance(Phase::Obj);
  second.advance(Phase::Obj);
  EXPECT_EQ(first.print(), second.print());
}

TEST(Compilation, TextThatIsNoModuleIsAnError) {
  Compilation compilation(SourceText{"bad.mlir", "func.func"});
  EXPECT_THROW(compilation.advance(Phase::Seq), DiagnosedError);
}

TEST(Peak, IsMoreThanNothing) { EXPECT_GT(measurePeak(1), 0.1); }

} // namespace
