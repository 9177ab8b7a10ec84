//===- EvaluateElementwise.cpp - arith, math, and their kin ---------------===//
// One line for each op: a function of one element of each operand.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

using namespace mlir;
using namespace seqc::seq;

namespace seqc::reference {

//===----------------------------------------------------------------------===//
// Applying a function to all elements
//===----------------------------------------------------------------------===//

/// Sets element `at` of the result from the same element of the operands;
/// false: it has no value.
using Apply = llvm::function_ref<bool(ArrayRef<const Tensor *>, int64_t at,
                                      Tensor &result)>;

static LogicalResult applyToAll(Operation *op, Frame &frame, Apply apply) {
  auto operands = llvm::map_to_vector(
      op->getOperands(), [&](Value value) { return &frame.get(value); });
  const Tensor &first = *operands.front();
  for (const Tensor *operand : operands)
    if (operand->shape != first.shape)
      return frame.fail(op, "sizes of the operands differ");
  Tensor result =
      Tensor::zeros(kindOf(op->getResult(0).getType()), first.shape);
  for (int64_t at = 0, size = result.size(); at < size; ++at)
    if (!apply(operands, at, result))
      return frame.fail(op, "division by zero");
  frame.set(op->getResult(0), std::move(result));
  return success();
}

/// Integers of the width that `type` has: a boolean is 0 or 1, all others are
/// in two's complement.
static int64_t wrap(int64_t value, Type type) {
  Type element = getElementTypeOrSelf(type);
  const unsigned width =
      element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  if (width == 1)
    return value & 1;
  return width < 64 ? llvm::SignExtend64(value, width) : value;
}

/// An element as a number with a sign, where the one of a boolean is -1.
static int64_t asSigned(const Tensor &tensor, int64_t at) {
  const int64_t value = tensor.integers[at];
  return tensor.kind == ElementKind::Bool ? -value : value;
}

static uint64_t asUnsigned(const Tensor &tensor, int64_t at, Type type) {
  Type element = getElementTypeOrSelf(type);
  const unsigned width =
      element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  return static_cast<uint64_t>(tensor.integers[at]) &
         llvm::maskTrailingOnes<uint64_t>(width);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

template <typename OpTy>
static void unary(Evaluations &table, double (*function)(double)) {
  table[OpTy::getOperationName()] = [function](Operation *op, Frame &frame) {
    return applyToAll(op, frame,
                      [&](auto operands, int64_t at, Tensor &result) {
                        result.numbers[at] = function(operands[0]->numbers[at]);
                        return true;
                      });
  };
}

template <typename OpTy>
static void binary(Evaluations &table, double (*function)(double, double)) {
  table[OpTy::getOperationName()] = [function](Operation *op, Frame &frame) {
    return applyToAll(
        op, frame, [&](auto operands, int64_t at, Tensor &result) {
          result.numbers[at] =
              function(operands[0]->numbers[at], operands[1]->numbers[at]);
          return true;
        });
  };
}

static double nanOr(double a, double b, double value) {
  return std::isnan(a) || std::isnan(b)
             ? std::numeric_limits<double>::quiet_NaN()
             : value;
}

static void addArithmetic(Evaluations &table) {
  unary<arith::NegFOp>(table, [](double x) { return -x; });
  binary<arith::AddFOp>(table, [](double a, double b) { return a + b; });
  binary<arith::SubFOp>(table, [](double a, double b) { return a - b; });
  binary<arith::MulFOp>(table, [](double a, double b) { return a * b; });
  binary<arith::DivFOp>(table, [](double a, double b) { return a / b; });
  binary<arith::RemFOp>(table, std::fmod);
  binary<arith::MaxNumFOp>(table, std::fmax);
  binary<arith::MinNumFOp>(table, std::fmin);
  binary<arith::MaximumFOp>(
      table, [](double a, double b) { return nanOr(a, b, std::fmax(a, b)); });
  binary<arith::MinimumFOp>(
      table, [](double a, double b) { return nanOr(a, b, std::fmin(a, b)); });
}

static void addMathematics(Evaluations &table) {
  unary<math::AbsFOp>(table, std::fabs);
  unary<math::AcosOp>(table, std::acos);
  unary<math::AcoshOp>(table, std::acosh);
  unary<math::AsinOp>(table, std::asin);
  unary<math::AsinhOp>(table, std::asinh);
  unary<math::AtanOp>(table, std::atan);
  unary<math::AtanhOp>(table, std::atanh);
  unary<math::CbrtOp>(table, std::cbrt);
  unary<math::CeilOp>(table, std::ceil);
  unary<math::CosOp>(table, std::cos);
  unary<math::CoshOp>(table, std::cosh);
  unary<math::ErfOp>(table, std::erf);
  unary<math::ErfcOp>(table, std::erfc);
  unary<math::ExpOp>(table, std::exp);
  unary<math::Exp2Op>(table, std::exp2);
  unary<math::ExpM1Op>(table, std::expm1);
  unary<math::FloorOp>(table, std::floor);
  unary<math::LogOp>(table, std::log);
  unary<math::Log10Op>(table, std::log10);
  unary<math::Log1pOp>(table, std::log1p);
  unary<math::Log2Op>(table, std::log2);
  unary<math::RoundOp>(table, std::round);
  unary<math::RoundEvenOp>(table, std::nearbyint); // in the default mode
  unary<math::SinOp>(table, std::sin);
  unary<math::SinhOp>(table, std::sinh);
  unary<math::SqrtOp>(table, std::sqrt);
  unary<math::TanOp>(table, std::tan);
  unary<math::TanhOp>(table, std::tanh);
  unary<math::TruncOp>(table, std::trunc);
  unary<math::RsqrtOp>(table, [](double x) { return 1 / std::sqrt(x); });
  unary<SigmoidOp>(table, [](double x) { return 1 / (1 + std::exp(-x)); });
  unary<DropoutOp>(table, [](double x) { return x; });
  unary<StopGradientOp>(table, [](double x) { return x; });
  binary<math::Atan2Op>(table, std::atan2);
  binary<math::CopySignOp>(table, std::copysign);
  binary<math::PowFOp>(table, std::pow);
}

static LogicalResult evalFma(math::FmaOp op, Frame &frame) {
  return applyToAll(op, frame, [](auto operands, int64_t at, Tensor &result) {
    result.numbers[at] =
        std::fma(operands[0]->numbers[at], operands[1]->numbers[at],
                 operands[2]->numbers[at]);
    return true;
  });
}

static LogicalResult evalFPowI(math::FPowIOp op, Frame &frame) {
  return applyToAll(op, frame, [](auto operands, int64_t at, Tensor &result) {
    result.numbers[at] =
        std::pow(operands[0]->numbers[at],
                 static_cast<double>(asSigned(*operands[1], at)));
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

/// No value: a division by zero.
using Integer = std::optional<int64_t>;

template <typename OpTy>
static void integers(Evaluations &table,
                     Integer (*function)(int64_t, int64_t)) {
  table[OpTy::getOperationName()] = [function](Operation *op, Frame &frame) {
    Type type = op->getResult(0).getType();
    return applyToAll(
        op, frame, [&](auto operands, int64_t at, Tensor &result) {
          Integer value =
              function(asSigned(*operands[0], at), asSigned(*operands[1], at));
          if (value)
            result.integers[at] = wrap(*value, type);
          return value.has_value();
        });
  };
}

/// Sums and products wrap, as those of unsigned integers do.
static int64_t wrapped(uint64_t value) { return static_cast<int64_t>(value); }

/// Division toward zero; its one overflow wraps.
static Integer divide(int64_t a, int64_t b) {
  if (b == 0)
    return std::nullopt;
  return b == -1 ? wrapped(-static_cast<uint64_t>(a)) : a / b;
}

static Integer remainder(int64_t a, int64_t b) {
  if (b == 0)
    return std::nullopt;
  return b == -1 ? 0 : a % b;
}

static Integer divideDown(int64_t a, int64_t b) {
  const Integer quotient = divide(a, b);
  const bool inexact = quotient && *remainder(a, b) != 0;
  return inexact && (a < 0) != (b < 0) ? *quotient - 1 : quotient;
}

static Integer divideUp(int64_t a, int64_t b) {
  const Integer quotient = divide(a, b);
  const bool inexact = quotient && *remainder(a, b) != 0;
  return inexact && (a < 0) == (b < 0) ? *quotient + 1 : quotient;
}

static void addIntegers(Evaluations &table) {
  using I = int64_t;
  using U = uint64_t;
  integers<arith::AddIOp>(
      table, [](I a, I b) -> Integer { return wrapped(U(a) + U(b)); });
  integers<arith::SubIOp>(
      table, [](I a, I b) -> Integer { return wrapped(U(a) - U(b)); });
  integers<arith::MulIOp>(
      table, [](I a, I b) -> Integer { return wrapped(U(a) * U(b)); });
  integers<arith::DivSIOp>(table, divide);
  integers<arith::RemSIOp>(table, remainder);
  integers<arith::FloorDivSIOp>(table, divideDown);
  integers<arith::CeilDivSIOp>(table, divideUp);
  integers<arith::AndIOp>(table, [](I a, I b) -> Integer { return a & b; });
  integers<arith::OrIOp>(table, [](I a, I b) -> Integer { return a | b; });
  integers<arith::XOrIOp>(table, [](I a, I b) -> Integer { return a ^ b; });
  integers<arith::MaxSIOp>(table,
                           [](I a, I b) -> Integer { return std::max(a, b); });
  integers<arith::MinSIOp>(table,
                           [](I a, I b) -> Integer { return std::min(a, b); });
  integers<arith::MaxUIOp>(
      table, [](I a, I b) -> Integer { return U(a) > U(b) ? a : b; });
  integers<arith::MinUIOp>(
      table, [](I a, I b) -> Integer { return U(a) < U(b) ? a : b; });
}

//===----------------------------------------------------------------------===//
// Comparisons and selection
//===----------------------------------------------------------------------===//

static bool compare(arith::CmpFPredicate predicate, double a, double b) {
  using P = arith::CmpFPredicate;
  const bool unordered = std::isnan(a) || std::isnan(b);
  switch (predicate) {
  case P::AlwaysFalse:
    return false;
  case P::AlwaysTrue:
    return true;
  case P::ORD:
    return !unordered;
  case P::UNO:
    return unordered;
  case P::OEQ:
    return a == b;
  case P::OGT:
    return a > b;
  case P::OGE:
    return a >= b;
  case P::OLT:
    return a < b;
  case P::OLE:
    return a <= b;
  case P::ONE:
    return !unordered && a != b;
  case P::UEQ:
    return unordered || a == b;
  case P::UGT:
    return unordered || a > b;
  case P::UGE:
    return unordered || a >= b;
  case P::ULT:
    return unordered || a < b;
  case P::ULE:
    return unordered || a <= b;
  case P::UNE:
    return a != b;
  }
  llvm_unreachable("all predicates are compared");
}

static LogicalResult evalCmpF(arith::CmpFOp op, Frame &frame) {
  return applyToAll(op, frame, [&](auto operands, int64_t at, Tensor &result) {
    result.integers[at] = compare(op.getPredicate(), operands[0]->numbers[at],
                                  operands[1]->numbers[at]);
    return true;
  });
}

static LogicalResult evalCmpI(arith::CmpIOp op, Frame &frame) {
  return applyToAll(op, frame, [&](auto operands, int64_t at, Tensor &result) {
    result.integers[at] = arith::applyCmpPredicate(
        op.getPredicate(),
        llvm::APInt(64, asSigned(*operands[0], at), /*isSigned=*/true),
        llvm::APInt(64, asSigned(*operands[1], at), /*isSigned=*/true));
    return true;
  });
}

/// The condition is one boolean for all elements, or one for each.
static LogicalResult evalSelect(arith::SelectOp op, Frame &frame) {
  const Tensor &condition = frame.get(op.getCondition());
  const Tensor &other = frame.get(op.getFalseValue());
  Tensor result = frame.get(op.getTrueValue());
  const bool isOne = condition.rank() == 0;
  if (other.shape != result.shape ||
      (!isOne && condition.shape != result.shape))
    return frame.fail(op, "sizes of the operands differ");
  for (int64_t at = 0, size = result.size(); at < size; ++at)
    if (!condition.integers[isOne ? 0 : at])
      result.copy(at, other, at);
  frame.set(op, std::move(result));
  return success();
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// Toward zero; what does not fit is the nearest that does, and NaN zero.
static int64_t toInteger(double value) {
  constexpr double limit = 9223372036854775808.0; // 2^63
  if (std::isnan(value))
    return 0;
  if (value >= limit)
    return std::numeric_limits<int64_t>::max();
  return value < -limit ? std::numeric_limits<int64_t>::min()
                        : static_cast<int64_t>(value);
}

template <typename OpTy>
static LogicalResult evalSignedCast(OpTy op, Frame &frame) {
  return applyToAll(op, frame, [&](auto operands, int64_t at, Tensor &result) {
    result.integers[at] = wrap(asSigned(*operands[0], at), op.getType());
    return true;
  });
}

template <typename OpTy>
static LogicalResult evalUnsignedCast(OpTy op, Frame &frame) {
  return applyToAll(op, frame, [&](auto operands, int64_t at, Tensor &result) {
    result.integers[at] =
        wrap(asUnsigned(*operands[0], at, op.getIn().getType()), op.getType());
    return true;
  });
}

static LogicalResult evalSIToFP(arith::SIToFPOp op, Frame &frame) {
  return applyToAll(op, frame, [](auto operands, int64_t at, Tensor &result) {
    result.numbers[at] = static_cast<double>(asSigned(*operands[0], at));
    return true;
  });
}

static LogicalResult evalUIToFP(arith::UIToFPOp op, Frame &frame) {
  return applyToAll(op, frame, [&](auto operands, int64_t at, Tensor &result) {
    result.numbers[at] =
        static_cast<double>(asUnsigned(*operands[0], at, op.getIn().getType()));
    return true;
  });
}

static LogicalResult evalFPToSI(arith::FPToSIOp op, Frame &frame) {
  return applyToAll(op, frame, [&](auto operands, int64_t at, Tensor &result) {
    result.integers[at] =
        wrap(toInteger(operands[0]->numbers[at]), op.getType());
    return true;
  });
}

void addElementwiseEvaluations(Evaluations &table) {
  addArithmetic(table);
  addMathematics(table);
  addIntegers(table);
  addEvaluation<math::FmaOp>(table, evalFma);
  addEvaluation<math::FPowIOp>(table, evalFPowI);
  addEvaluation<arith::CmpFOp>(table, evalCmpF);
  addEvaluation<arith::CmpIOp>(table, evalCmpI);
  addEvaluation<arith::SelectOp>(table, evalSelect);
  addEvaluation<arith::ExtSIOp>(table, evalSignedCast);
  addEvaluation<arith::ExtUIOp>(table, evalUnsignedCast);
  addEvaluation<arith::TruncIOp>(table, evalSignedCast);
  addEvaluation<arith::IndexCastOp>(table, evalSignedCast);
  addEvaluation<arith::IndexCastUIOp>(table, evalUnsignedCast);
  addEvaluation<arith::SIToFPOp>(table, evalSIToFP);
  addEvaluation<arith::UIToFPOp>(table, evalUIToFP);
  addEvaluation<arith::FPToSIOp>(table, evalFPToSI);
}

} // namespace seqc::reference
