//===- VectorMathTest.cpp - Vectorised mathematics over all floats --------===//
// Compiles each function for vectors of several widths and holds it against
// the C library in double precision: every 512th float, and all of them where
// something changes (the ends of the range, zero, one, the clamps).
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/Jit.h"
#include "compiler/Codegen/MachineCode.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Pipelines/Phases.h"
#include "compiler/Target/TargetMachine.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace seqc;

namespace {

constexpr float kSmallestNormal = std::numeric_limits<float>::min();

float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

uint32_t bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// A multiple of 16 floats that cover the range.
const std::vector<float> &samples() {
  static const std::vector<float> all = [] {
    std::vector<float> values;
    for (uint64_t bits = 0; bits < (uint64_t(1) << 32); bits += 512)
      values.push_back(fromBits(static_cast<uint32_t>(bits)));
    constexpr uint32_t kAround = 1 << 14;
    for (float center : {0.0f, kSmallestNormal, 0.34657359f, 0.70710678f, 1.0f,
                         1.41421356f, 10.0f, 64.0f, 87.3365402f, 88.0f,
                         88.7228394f, 126.0f, 128.0f, fromBits(0x7f800000)})
      for (uint32_t sign : {0u, 0x80000000u})
        for (uint32_t bits = bitsOf(center) - std::min(kAround, bitsOf(center));
             bits < bitsOf(center) + kAround; ++bits)
          values.push_back(fromBits(bits | sign));
    values.resize(values.size() / 16 * 16);
    return values;
  }();
  return all;
}

/// The module of a loop that applies `op` to vectors of `width`; 0: scalars.
std::string programOf(const std::string &op, int width) {
  std::string type =
      width ? "vector<" + std::to_string(width) + "xf32>" : "f32";
  return "func.func @apply(%in: !llvm.ptr, %out: !llvm.ptr, %n: index) {\n"
         "  %zero = arith.constant 0 : index\n"
         "  %step = arith.constant " +
         std::to_string(std::max(width, 1)) +
         " : index\n"
         "  scf.for %i = %zero to %n step %step {\n"
         "    %at = arith.index_cast %i : index to i64\n"
         "    %p = llvm.getelementptr %in[%at] : (!llvm.ptr, i64) -> "
         "!llvm.ptr, f32\n"
         "    %q = llvm.getelementptr %out[%at] : (!llvm.ptr, i64) -> "
         "!llvm.ptr, f32\n"
         "    %x = llvm.load %p {alignment = 4 : i64} : !llvm.ptr -> " +
         type + "\n    %y = " + op + " %x : " + type +
         "\n    llvm.store %y, %q {alignment = 4 : i64} : " + type +
         ", !llvm.ptr\n"
         "  }\n"
         "  return\n"
         "}\n";
}

std::unique_ptr<Jit> compile(const std::string &program,
                             const TargetDescription &target) {
  mlir::DialectRegistry registry;
  registerPhaseDialects(registry);
  registerTranslations(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(program, &context);
  mlir::PassManager pm(&context);
  pm.addPass(createExpandVectorMathPass());
  addLLVMPhase(pm, target);
  if (!module || mlir::failed(pm.run(*module)))
    return nullptr;
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(target);
  llvm::LLVMContext llvmContext;
  auto translated = translateToLLVMIR(*module, llvmContext, *machine);
  optimize(*translated, *machine);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  emitMachineCode(*translated, *machine, llvm::CodeGenFileType::ObjectFile,
                  stream);
  auto jit = Jit::link(std::make_unique<llvm::SmallVectorMemoryBuffer>(
      std::move(object), /*RequiresNullTerminator=*/false));
  return jit ? std::move(*jit) : nullptr;
}

std::vector<float> apply(const std::string &op, int width,
                         const TargetDescription &target) {
  std::unique_ptr<Jit> jit = compile(programOf(op, width), target);
  void (*function)(const float *, float *, int64_t) = nullptr;
  EXPECT_TRUE(jit) << op;
  if (!jit || jit->lookup("apply", function))
    return {};
  std::vector<float> results(samples().size());
  function(samples().data(), results.data(), results.size());
  return results;
}

TargetDescription baseline() {
  TargetDescription target;
  std::string error;
  TargetRequest request;
  request.cpu = "generic";
  EXPECT_TRUE(resolveTarget(request, target, error)) << error;
  return target;
}

/// One function: its operation, its meaning, and how good it must be.
struct Function {
  const char *op;
  double (*reference)(double);
  /// 0: absolute and relative bounds instead.
  double ulps;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

const Function kFunctions[] = {
    {"math.exp", [](double x) { return std::exp(x); }, 4},
    {"math.exp2", [](double x) { return std::exp2(x); }, 4},
    {"math.expm1", [](double x) { return std::expm1(x); }, 4},
    {"math.log", [](double x) { return std::log(x); }, 4},
    {"math.log2", [](double x) { return std::log2(x); }, 4},
    {"math.log1p", [](double x) { return std::log1p(x); }, 4},
    {"math.tanh", [](double x) { return std::tanh(x); }, 0},
    {"seq.sigmoid", sigmoid, 0},
};

/// A denormal counts as zero, in arguments and in results.
double flushed(double value) {
  return std::fabs(value) < kSmallestNormal ? std::copysign(0.0, value) : value;
}

double ulpOf(double value) {
  return std::ldexp(1.0, std::max(std::ilogb(value), -126) - 23);
}

bool isWithin(const Function &function, double expected, float actual) {
  if (std::isnan(expected))
    return std::isnan(actual);
  if (std::isinf(static_cast<float>(expected)))
    return actual == static_cast<float>(expected);
  expected = flushed(expected);
  if (expected == 0)
    return std::fabs(actual) <= kSmallestNormal;
  double error = std::fabs(flushed(actual) - expected);
  if (function.ulps > 0)
    return error <= function.ulps * ulpOf(expected);
  return error <= 2.5e-7 && std::fabs(actual) <= 1 &&
         (error <= 1e-6 * std::fabs(expected) ||
          std::fabs(expected) < 1.1 * kSmallestNormal);
}

class VectorMath : public testing::TestWithParam<Function> {};

void expectAllWithin(const Function &function,
                     const std::vector<float> &results) {
  ASSERT_EQ(results.size(), samples().size());
  int64_t wrong = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    double x = flushed(samples()[i]);
    double expected = function.reference(x);
    if (!isWithin(function, expected, results[i]) && ++wrong <= 5)
      ADD_FAILURE() << function.op << "(" << testing::PrintToString(x)
                    << ") is " << testing::PrintToString(results[i])
                    << ", not " << testing::PrintToString(expected);
  }
  EXPECT_EQ(wrong, 0);
}

TEST_P(VectorMath, IsWithinItsBounds) {
  expectAllWithin(GetParam(), apply(GetParam().op, 16, hostTarget()));
}

TEST_P(VectorMath, IsWithinItsBoundsWithoutFusedOperations) {
  expectAllWithin(GetParam(), apply(GetParam().op, 4, baseline()));
}

TEST_P(VectorMath, DoesNotDependOnTheWidth) {
  TargetDescription host = hostTarget();
  std::vector<float> wide = apply(GetParam().op, 16, host);
  for (int width : {8, 4, 1, 0}) {
    std::vector<float> narrow = apply(GetParam().op, width, host);
    ASSERT_EQ(narrow.size(), wide.size());
    int64_t different = 0;
    for (size_t i = 0; i < wide.size(); ++i)
      different += bitsOf(wide[i]) != bitsOf(narrow[i]) &&
                   !(std::isnan(wide[i]) && std::isnan(narrow[i]));
    EXPECT_EQ(different, 0) << GetParam().op << " at width " << width;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Functions, VectorMath, testing::ValuesIn(kFunctions),
    [](const testing::TestParamInfo<Function> &info) {
      std::string name = info.param.op;
      return name.substr(name.find('.') + 1);
    });

} // namespace
