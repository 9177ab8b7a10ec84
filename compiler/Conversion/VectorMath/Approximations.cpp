//===- Approximations.cpp - Elementary functions as arithmetic ------------===//
// Range reduction by rounding to a multiple of ln 2 and one short polynomial:
// one for what is left of an exponential, one for a logarithm. The
// coefficients are near-minimax fits, rounded to f32.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/VectorMath/Approximations.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;

namespace seqc::vectormath {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kSmallestNormal = std::numeric_limits<float>::min();

constexpr float kLog2E = 1.44269502f;
/// ln 2 in two parts. The first has so few digits that its product with an
/// exponent is exact, and the reduction right without fused operations too.
constexpr float kLn2High = 11357.0f / 16384.0f;
constexpr float kLn2Low = -2.90889711e-5f;

/// 1.5 * 2^23: adding it rounds to an integer, which then stands in the low
/// bits. Its own low bits are zero, so a shift by 23 leaves the integer as an
/// exponent.
constexpr float kRounder = 12582912.0f;

/// (exp(r) - 1 - r) / r^2 on |r| <= ln(2) / 2.
constexpr float kExpTail[] = {0.00139262504f, 0.00836323295f, 0.0416665524f,
                              0.166665763f, 0.5f};

/// The same with less to spare, lowest power first: all within 1.1e-7 of the
/// exponential, for functions that promise less.
constexpr float kShortExpTail[] = {0.499992311f, 0.166671142f, 0.0418901555f,
                                   0.00831252057f};

/// (log(1 + f) - f + f^2 / 2) / f^3 on sqrt(1/2) <= 1 + f <= sqrt(2).
constexpr float kLogTail[] = {-0.0790274367f, 0.126223192f,  -0.129981831f,
                              0.142144963f,   -0.166412815f, 0.200010449f,
                              -0.250003070f,  0.333333313f};

/// Arithmetic on values of one shape, as a reader would write it.
class Arithmetic {
public:
  Arithmetic(ImplicitLocOpBuilder &b, Type type)
      : b(b), type(type), bitsType(withElement(b.getI32Type())) {}

  Value number(float value) {
    return constant(type, b.getF32FloatAttr(value));
  }
  Value add(Value l, Value r) { return arith::AddFOp::create(b, l, r); }
  Value sub(Value l, Value r) { return arith::SubFOp::create(b, l, r); }
  Value mul(Value l, Value r) { return arith::MulFOp::create(b, l, r); }
  Value div(Value l, Value r) { return arith::DivFOp::create(b, l, r); }
  Value neg(Value v) { return arith::NegFOp::create(b, v); }
  Value fma(Value l, Value r, Value c) {
    return math::FmaOp::create(b, l, r, c);
  }
  Value choose(arith::CmpFPredicate predicate, Value l, Value r, Value yes,
               Value no) {
    Value condition = arith::CmpFOp::create(b, predicate, l, r);
    return arith::SelectOp::create(b, condition, yes, no);
  }
  /// NaN stays NaN in both.
  Value atMost(Value v, float bound) {
    Value limit = number(bound);
    return choose(arith::CmpFPredicate::OGT, v, limit, limit, v);
  }
  Value atLeast(Value v, float bound) {
    Value limit = number(bound);
    return choose(arith::CmpFPredicate::OLT, v, limit, limit, v);
  }

  Value integer(int32_t value) {
    return constant(bitsType, b.getI32IntegerAttr(value));
  }
  Value bits(Value v) { return arith::BitcastOp::create(b, bitsType, v); }
  Value fromBits(Value v) { return arith::BitcastOp::create(b, type, v); }
  Value addBits(Value l, Value r) { return arith::AddIOp::create(b, l, r); }
  Value subBits(Value l, Value r) { return arith::SubIOp::create(b, l, r); }
  Value shiftLeft(Value v, int32_t by) {
    return arith::ShLIOp::create(b, v, integer(by));
  }
  Value shiftRight(Value v, int32_t by) {
    return arith::ShRSIOp::create(b, v, integer(by));
  }
  Value toNumber(Value v) { return arith::SIToFPOp::create(b, type, v); }

  /// The polynomial with these coefficients, highest power first.
  Value polynomial(Value x, ArrayRef<float> coefficients) {
    Value sum = number(coefficients.front());
    for (float coefficient : coefficients.drop_front())
      sum = fma(sum, x, number(coefficient));
    return sum;
  }

  /// The same shape of other elements.
  Type withElement(Type element) {
    auto shaped = dyn_cast<ShapedType>(type);
    return shaped ? Type(shaped.clone(element)) : element;
  }

private:
  Value constant(Type type, TypedAttr scalar) {
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped)
      return arith::ConstantOp::create(b, scalar);
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(shaped, Attribute(scalar)));
  }

  ImplicitLocOpBuilder &b;
  Type type;
  Type bitsType;
};

/// exp(x) = 2^n (1 + tail), with the exponent n ready to be added to a
/// float's bits. Meaningless where 2^n is not a float.
struct ReducedExp {
  Value exponent;
  Value tail;
};

/// Completes the reduction from what is left of the argument.
ReducedExp finishReduction(Arithmetic &m, Value rounded, Value rest) {
  Value square = m.mul(rest, rest);
  Value tail = m.fma(m.polynomial(rest, kExpTail), square, rest);
  return {m.shiftLeft(m.bits(rounded), 23), tail};
}

ReducedExp reduceExp(Arithmetic &m, Value x) {
  Value rounded = m.fma(x, m.number(kLog2E), m.number(kRounder));
  Value n = m.sub(rounded, m.number(kRounder));
  Value rest = m.fma(n, m.number(-kLn2High), x);
  rest = m.fma(n, m.number(-kLn2Low), rest);
  return finishReduction(m, rounded, rest);
}

ReducedExp reduceExp2(Arithmetic &m, Value x) {
  Value rounded = m.add(x, m.number(kRounder));
  Value fraction = m.sub(x, m.sub(rounded, m.number(kRounder)));
  return finishReduction(m, rounded, m.mul(fraction, m.number(0.693147182f)));
}

/// 2^n (1 + tail) for any x, of which `highest` is the last with a finite
/// result and `lowest` the last with a normal one. The exponent is added to
/// 1 + tail, which is below one wherever n is 128: so nothing overflows early.
Value assembleExp(Arithmetic &m, Value x, ReducedExp reduced, float lowest,
                  float highest) {
  Value mantissa = m.add(reduced.tail, m.number(1.0f));
  Value result = m.fromBits(m.addBits(m.bits(mantissa), reduced.exponent));
  // Unordered: a NaN takes this way too, and stays one in the sum.
  result = m.choose(arith::CmpFPredicate::UGT, x, m.number(highest),
                    m.add(x, m.number(kInfinity)), result);
  return m.choose(arith::CmpFPredicate::OLT, x, m.number(lowest),
                  m.number(0.0f), result);
}

/// 2^n as a number, for |n| <= 126.
Value scaleOf(Arithmetic &m, ReducedExp reduced) {
  return m.fromBits(m.addBits(reduced.exponent, m.bits(m.number(1.0f))));
}

/// x = 2^exponent (1 + fraction), with 1 + fraction around one.
struct ReducedLog {
  Value exponent;
  Value fraction;
  /// log(1 + fraction) - fraction.
  Value tail;
};

ReducedLog reduceLog(Arithmetic &m, Value x) {
  constexpr int32_t kBitsOfSqrtHalf = 0x3f3504f3;
  Value bits = m.bits(x);
  Value exponent =
      m.shiftRight(m.subBits(bits, m.integer(kBitsOfSqrtHalf)), 23);
  Value mantissa = m.fromBits(m.subBits(bits, m.shiftLeft(exponent, 23)));
  Value f = m.sub(mantissa, m.number(1.0f));
  Value square = m.mul(f, f);
  Value cubic = m.mul(m.mul(m.polynomial(f, kLogTail), f), square);
  Value tail = m.fma(square, m.number(-0.5f), cubic);
  return {m.toNumber(exponent), f, tail};
}

/// `result` where x is a positive normal number, else the limits.
Value withLogLimits(Arithmetic &m, Value x, Value result) {
  Value pole = m.choose(arith::CmpFPredicate::OLE, x,
                        m.number(-kSmallestNormal),
                        m.number(std::numeric_limits<float>::quiet_NaN()),
                        m.number(-kInfinity));
  result = m.choose(arith::CmpFPredicate::OLT, x, m.number(kSmallestNormal),
                    pole, result);
  // Infinity and NaN give themselves.
  return m.choose(arith::CmpFPredicate::OLT, x, m.number(kInfinity), result,
                  m.add(x, x));
}

} // namespace

Value buildExp(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  return assembleExp(m, x, reduceExp(m, x), -87.3365402f, 88.7228317f);
}

Value buildExp2(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  return assembleExp(m, x, reduceExp2(m, x), -126.0f, 127.999992f);
}

Value buildExpm1(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  // Below the bound the result is -1; above, the one is lost in exp(x).
  ReducedExp reduced = reduceExp(m, m.atLeast(x, -64.0f));
  Value scale = scaleOf(m, reduced);
  Value near =
      m.fma(scale, reduced.tail, m.sub(scale, m.number(1.0f)));
  return m.choose(arith::CmpFPredicate::OLT, x, m.number(64.0f), near,
                  buildExp(b, x));
}

Value buildLog(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  ReducedLog reduced = reduceLog(m, x);
  Value low = m.fma(reduced.exponent, m.number(kLn2Low), reduced.tail);
  Value result = m.fma(reduced.exponent, m.number(kLn2High),
                       m.add(reduced.fraction, low));
  return withLogLimits(m, x, result);
}

Value buildLog2(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  // log2(e) = 1 + 0.4427: the fraction's own product is then exact.
  constexpr float kLog2ELessOne = 0.442695041f;
  ReducedLog reduced = reduceLog(m, x);
  Value natural = m.add(reduced.fraction, reduced.tail);
  Value low = m.fma(natural, m.number(kLog2ELessOne), reduced.tail);
  Value result = m.add(reduced.exponent, m.add(reduced.fraction, low));
  return withLogLimits(m, x, result);
}

Value buildLog1p(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  Value one = m.number(1.0f);
  Value sum = m.add(x, one);
  // What the sum lost, to first order: log(sum + lost) = log(sum) + lost/sum.
  Value lost = m.sub(x, m.sub(sum, one));
  Value result = m.add(buildLog(b, sum), m.div(lost, sum));
  // Where nothing of x is in the sum, and where the sum has no quotient.
  result = m.choose(arith::CmpFPredicate::OEQ, sum, one, x, result);
  Value limit = buildLog(b, sum);
  result = m.choose(arith::CmpFPredicate::OGT, sum, m.number(0.0f), result,
                    limit);
  return m.choose(arith::CmpFPredicate::OLT, x, m.number(kInfinity), result,
                  limit);
}

Quotient tanhAsQuotient(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  // tanh(x) = e / (e + 1) with e = (exp(2|x|) - 1) / 2, which keeps small
  // arguments exact. At the bound the quotient is one. All is halved, rest and
  // tail too: the factors are in the constants.
  Value magnitude = m.atMost(math::AbsFOp::create(b, x), 10.0f);
  Value rounded = m.fma(magnitude, m.number(2 * kLog2E), m.number(kRounder));
  Value n = m.sub(rounded, m.number(kRounder));
  Value rest = m.fma(n, m.number(-kLn2High / 2), magnitude);
  rest = m.fma(n, m.number(-kLn2Low / 2), rest);
  const float *c = kShortExpTail;
  Value tail = m.polynomial(rest, {16 * c[3], 8 * c[2], 4 * c[1], 2 * c[0]});
  tail = m.fma(tail, m.mul(rest, rest), rest);
  Value scale = m.fromBits(
      m.addBits(m.shiftLeft(m.bits(rounded), 23), m.bits(m.number(1.0f))));
  Value e = m.fma(scale, tail, m.fma(scale, m.number(0.5f), m.number(-0.5f)));
  return {math::CopySignOp::create(b, e, x), m.add(e, m.number(1.0f))};
}

Quotient sigmoidAsQuotient(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  // Beyond the bounds the result is one, and less than any normal number.
  Value bounded = m.atMost(m.atLeast(x, -88.0f), 30.0f);
  // exp(-x) = 2^n exp(-rest): signs are in the constants.
  Value rounded = m.fma(bounded, m.number(-kLog2E), m.number(kRounder));
  Value n = m.sub(rounded, m.number(kRounder));
  Value rest = m.fma(n, m.number(kLn2High), bounded);
  rest = m.fma(n, m.number(kLn2Low), rest);
  const float *c = kShortExpTail;
  Value mantissa = m.polynomial(rest, {-c[3], c[2], -c[1], c[0], -1.0f, 1.0f});
  Value scale = m.fromBits(
      m.addBits(m.shiftLeft(m.bits(rounded), 23), m.bits(m.number(1.0f))));
  // A NaN is in the mantissa, and stays one.
  return {Value(), m.fma(mantissa, scale, m.number(1.0f))};
}

Value buildQuotient(ImplicitLocOpBuilder &b, const Quotient &quotient) {
  Arithmetic m(b, quotient.denominator.getType());
  Value numerator = quotient.numerator ? quotient.numerator : m.number(1.0f);
  return m.div(numerator, quotient.denominator);
}

Quotient multiply(ImplicitLocOpBuilder &b, const Quotient &x,
                  const Quotient &y) {
  auto product = [&](Value v, Value w) -> Value {
    if (!v || !w)
      return v ? v : w;
    return arith::MulFOp::create(b, v, w);
  };
  return {product(x.numerator, y.numerator),
          product(x.denominator, y.denominator)};
}

Value buildTanh(ImplicitLocOpBuilder &b, Value x) {
  return buildQuotient(b, tanhAsQuotient(b, x));
}

Value buildSigmoid(ImplicitLocOpBuilder &b, Value x) {
  return buildQuotient(b, sigmoidAsQuotient(b, x));
}

Value buildRsqrt(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  return m.div(m.number(1.0f), math::SqrtOp::create(b, x));
}

Value roundToBf16(ImplicitLocOpBuilder &b, Value x) {
  Arithmetic m(b, x.getType());
  auto shift = [&](Value v) -> Value {
    return arith::ShRUIOp::create(b, v, m.integer(16));
  };
  Value bits = m.bits(x);
  // One more where the lower half is more than half of the upper one's last
  // place, or half of it and that place odd.
  Value odd = arith::AndIOp::create(b, shift(bits), m.integer(1));
  Value raised = m.addBits(m.addBits(bits, m.integer(0x7fff)), odd);
  // The only bits that make a NaN one may be in the lower half.
  Value quiet = arith::OrIOp::create(b, bits, m.integer(1 << 22));
  Value isNumber = arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, x, x);
  Value rounded = arith::SelectOp::create(b, isNumber, raised, quiet);
  Value upper =
      arith::TruncIOp::create(b, m.withElement(b.getI16Type()), shift(rounded));
  return arith::BitcastOp::create(b, m.withElement(b.getBF16Type()), upper);
}

} // namespace seqc::vectormath
