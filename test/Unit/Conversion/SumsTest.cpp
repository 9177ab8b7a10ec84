//===- SumsTest.cpp - What sums over the batch ----------------------------===//
// Gradients of parameters, written by hand: the program of a sample for the
// interpreter, which adds those of all samples, and that of a batch for the
// compiler, where the sums are over the batch.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "test/Unit/Conversion/CompiledPrograms.h"

#include "mlir/Parser/Parser.h"

using namespace seqc;
using namespace seqc::compiled;

namespace {

/// Every kind of sum: of outer products (whose result fills several blocks and
/// whose operands do not stand in the kernel's order), of rows, at tokens, of
/// all that there is; two that are added, and one that nothing adds to.
constexpr llvm::StringLiteral kSample = R"(
module attributes {seq.model = "Sums", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x300xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %d: tensor<?x200xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>},
                %t: tensor<?xi64> {seq.input = "t", seq.axes = array<i64: 0>},
                %w: tensor<200x300xf32> {seq.param = "w"}, %v: tensor<300x200xf32> {seq.param = "v"},
                %b: tensor<200xf32> {seq.param = "b"}, %e: tensor<7x200xf32> {seq.param = "e"},
                %s: tensor<f32> {seq.param = "s"}, %u: tensor<3xf32> {seq.param = "u"})
    -> (tensor<f32> {seq.output = "y", seq.axes = array<i64>},
        tensor<200x300xf32> {seq.gradient = "w", seq.of = "param"},
        tensor<300x200xf32> {seq.gradient = "v", seq.of = "param"},
        tensor<?x300xf32> {seq.gradient = "x", seq.of = "input", seq.axes = array<i64: 0, -1>},
        tensor<200xf32> {seq.gradient = "b", seq.of = "param"},
        tensor<7x200xf32> {seq.gradient = "e", seq.of = "param"},
        tensor<f32> {seq.gradient = "s", seq.of = "param"},
        tensor<3xf32> {seq.gradient = "u", seq.of = "param"}) {
  %dx = seq.contract %d [1], %w [0] : tensor<?x200xf32>, tensor<200x300xf32> -> tensor<?x300xf32>
  %dd = arith.mulf %d, %d : tensor<?x200xf32>
  %dw = seq.contract %dd [0], %x [0] : tensor<?x200xf32>, tensor<?x300xf32> -> tensor<200x300xf32>
  %dv1 = seq.contract %x [0], %dd [0] : tensor<?x300xf32>, tensor<?x200xf32> -> tensor<300x200xf32>
  %dv2 = seq.contract %x [0], %d [0] : tensor<?x300xf32>, tensor<?x200xf32> -> tensor<300x200xf32>
  %dv = arith.subf %dv1, %dv2 : tensor<300x200xf32>
  %db = seq.reduce sum %dd axis 0 : tensor<?x200xf32> -> tensor<200xf32>
  %hot = seq.one_hot %t : tensor<?xi64> -> tensor<?x7xf32>
  %de = seq.contract %hot [0], %dd [0] : tensor<?x7xf32>, tensor<?x200xf32> -> tensor<7x200xf32>
  %ds = seq.reduce sum %db axis 0 : tensor<200xf32> -> tensor<f32>
  %du = arith.constant dense<0.0> : tensor<3xf32>
  return %ds, %dw, %dv, %dx, %db, %de, %ds, %du
      : tensor<f32>, tensor<200x300xf32>, tensor<300x200xf32>, tensor<?x300xf32>, tensor<200xf32>, tensor<7x200xf32>, tensor<f32>, tensor<3xf32>
}
})";

constexpr llvm::StringLiteral kBatch = R"(
module attributes {seq.model = "Sums", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x?x300xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %d0: tensor<?x?x200xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>},
                %t: tensor<?x?xi64> {seq.input = "t", seq.axes = array<i64: 0>},
                %w: tensor<200x300xf32> {seq.param = "w"}, %v: tensor<300x200xf32> {seq.param = "v"},
                %b: tensor<200xf32> {seq.param = "b"}, %e: tensor<7x200xf32> {seq.param = "e"},
                %s: tensor<f32> {seq.param = "s"}, %u: tensor<3xf32> {seq.param = "u"},
                %n: tensor<?xi64> {seq.lengths = 0})
    -> (tensor<?xf32> {seq.output = "y", seq.axes = array<i64>},
        tensor<200x300xf32> {seq.gradient = "w", seq.of = "param"},
        tensor<300x200xf32> {seq.gradient = "v", seq.of = "param"},
        tensor<?x?x300xf32> {seq.gradient = "x", seq.of = "input", seq.axes = array<i64: 0, -1>},
        tensor<200xf32> {seq.gradient = "b", seq.of = "param"},
        tensor<7x200xf32> {seq.gradient = "e", seq.of = "param"},
        tensor<f32> {seq.gradient = "s", seq.of = "param"},
        tensor<3xf32> {seq.gradient = "u", seq.of = "param"}) {
  %xm = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x300xf32>
  %d = seq.mask %d0 axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x200xf32>
  %tm = seq.mask %t axis 1 lengths(%n : tensor<?xi64>) fill 0 : i64 : tensor<?x?xi64>
  %dx = seq.contract %d [2], %w [0] : tensor<?x?x200xf32>, tensor<200x300xf32> -> tensor<?x?x300xf32>
  %dd = arith.mulf %d, %d : tensor<?x?x200xf32>
  %dw = seq.contract %dd [1, 0], %xm [1, 0] : tensor<?x?x200xf32>, tensor<?x?x300xf32> -> tensor<200x300xf32>
  %turned = seq.transpose %dd [2, 1, 0] : tensor<?x?x200xf32> -> tensor<200x?x?xf32>
  %dv1 = seq.contract %xm [0, 1], %turned [2, 1] : tensor<?x?x300xf32>, tensor<200x?x?xf32> -> tensor<300x200xf32>
  %dv2 = seq.contract %d [0, 1], %xm [0, 1] : tensor<?x?x200xf32>, tensor<?x?x300xf32> -> tensor<200x300xf32>
  %dv2t = seq.transpose %dv2 [1, 0] : tensor<200x300xf32> -> tensor<300x200xf32>
  %dv = arith.subf %dv1, %dv2t : tensor<300x200xf32>
  %dbt = seq.reduce sum %dd axis 1 : tensor<?x?x200xf32> -> tensor<?x200xf32>
  %db = seq.reduce sum %dbt axis 0 : tensor<?x200xf32> -> tensor<200xf32>
  %hot = seq.one_hot %tm : tensor<?x?xi64> -> tensor<?x?x7xf32>
  %hotm = seq.mask %hot axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x7xf32>
  %de = seq.contract %hotm [0, 1], %dd [0, 1] : tensor<?x?x7xf32>, tensor<?x?x200xf32> -> tensor<7x200xf32>
  %y = seq.reduce sum %dbt axis 1 : tensor<?x200xf32> -> tensor<?xf32>
  %ds = seq.reduce sum %y axis 0 : tensor<?xf32> -> tensor<f32>
  %du = arith.constant dense<0.0> : tensor<3xf32>
  return %y, %dw, %dv, %dx, %db, %de, %ds, %du
      : tensor<?xf32>, tensor<200x300xf32>, tensor<300x200xf32>, tensor<?x?x300xf32>, tensor<200xf32>, tensor<7x200xf32>, tensor<f32>, tensor<3xf32>
}
})";

TEST(Sums, Compiled) {
  for (Form form : {Form::AsWritten, Form::Fused}) {
    Model model(kSample, form, hostTarget(), kBatch);
    runCases(model);
  }
}

TEST(Sums, Narrow) {
  Model model(kSample, Form::Fused, targetOf(128, 16), kBatch);
  runCases(model);
}

/// What seq-batch alone makes of the sample's program: gradients of each sample
/// are made before they are added.
TEST(Sums, OfEachSample) {
  Model model(kSample, Form::Fused, hostTarget());
  runCases(model);
}

/// @sums behind @main is the same program.
TEST(Sums, OutlinedMeansTheSame) {
  Model model(kSample, Form::Fused, hostTarget(), kBatch);
  auto outlined =
      mlir::parseSourceString<mlir::ModuleOp>(kBatch, &model.context);
  ASSERT_TRUE(bool(model) && outlined);
  mlir::PassManager passes(&model.context);
  passes.addPass(seq::createOutlinePackPass());
  passes.addPass(createOutlineSumsPass());
  ASSERT_TRUE(mlir::succeeded(passes.run(*outlined)));
  Batch batch = randomBatch(model.signature, {5, 4, true, false}, 0);
  reference::RunError error;
  auto expected =
      reference::runSamples(*model.sample, model.signature, batch, error);
  auto found =
      reference::runBatched(*outlined, model.signature, batch, error);
  ASSERT_TRUE(mlir::succeeded(expected) && mlir::succeeded(found))
      << error.message;
  for (auto [gradient, sum] :
       llvm::zip_equal(found->gradients, expected->gradients))
    for (int64_t i = 0; i < sum.size(); ++i)
      ASSERT_NEAR(gradient.numbers[i], sum.numbers[i], 1e-9);
}

TEST(Sums, WorkersChangeNoBit) {
  Model model(kSample, Form::Fused, hostTarget(), kBatch);
  ASSERT_TRUE(bool(model));
  expectSameBits(model, {50, 6, true, false});
}

/// All rows' part of the workspace comes once, the tiles' once for a worker.
TEST(Sums, WorkspaceSaturates) {
  Model model(kSample, Form::Fused, hostTarget(), kBatch);
  ASSERT_TRUE(bool(model));
  int64_t large[] = {int64_t(1) << 40, int64_t(1) << 60};
  EXPECT_EQ(model.entry.workspace(large, 1), SIZE_MAX);
  int64_t dims[] = {40, 4};
  const size_t one = model.entry.workspace(dims, 1);
  const size_t more = model.entry.workspace(dims, 2) - one;
  EXPECT_EQ(model.entry.workspace(dims, 5), one + 4 * more);
  EXPECT_GT(one, more);
}

} // namespace
