//===- ElementwiseRules.cpp - Adjoints of elementwise mathematics ---------===//
// From the result where that is as cheap as from the operand: then the operand
// need not be kept.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

#include <cmath>

using namespace mlir;
using arith::CmpFPredicate;

namespace seqc::seq {

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static void reverseAdd(arith::AddFOp op, Value dy, Adjoints &a) {
  a.add(op.getLhs(), dy);
  a.add(op.getRhs(), dy);
}

static void reverseSub(arith::SubFOp op, Value dy, Adjoints &a) {
  a.add(op.getLhs(), dy);
  if (a.isActive(op.getRhs()))
    a.add(op.getRhs(), a.neg(dy));
}

static void reverseMul(arith::MulFOp op, Value dy, Adjoints &a) {
  if (a.isActive(op.getLhs()))
    a.add(op.getLhs(), a.mul(dy, op.getRhs()));
  if (a.isActive(op.getRhs()))
    a.add(op.getRhs(), a.mul(dy, op.getLhs()));
}

static void reverseDiv(arith::DivFOp op, Value dy, Adjoints &a) {
  Value scaled = a.div(dy, op.getRhs());
  a.add(op.getLhs(), scaled);
  if (a.isActive(op.getRhs()))
    a.add(op.getRhs(), a.neg(a.mul(scaled, op.getResult())));
}

static void reverseNeg(arith::NegFOp op, Value dy, Adjoints &a) {
  a.add(op.getOperand(), a.neg(dy));
}

static void reverseAbs(math::AbsFOp op, Value dy, Adjoints &a) {
  Value zero = a.zeros(dy);
  Value isNegative = a.compare(CmpFPredicate::OLT, op.getOperand(), zero);
  Value isPositive = a.compare(CmpFPredicate::OGT, op.getOperand(), zero);
  a.add(op.getOperand(),
        a.select(isPositive, dy, a.select(isNegative, a.neg(dy), zero)));
}

//===----------------------------------------------------------------------===//
// Choices
//===----------------------------------------------------------------------===//

/// Gives `dy` to one operand and zero to the other.
static void choose(Value condition, Value yes, Value no, Value dy,
                   Adjoints &a) {
  Value zero = a.zeros(dy);
  if (a.isActive(yes))
    a.add(yes, a.select(condition, dy, zero));
  if (a.isActive(no))
    a.add(no, a.select(condition, zero, dy));
}

static void reverseSelect(arith::SelectOp op, Value dy, Adjoints &a) {
  choose(op.getCondition(), op.getTrueValue(), op.getFalseValue(), dy, a);
}

/// Where both are equal the second one has it: `max(x, 0)` has the slope 0 at
/// 0.
static void reverseMaximum(arith::MaximumFOp op, Value dy, Adjoints &a) {
  Value isFirst = a.compare(CmpFPredicate::OGT, op.getLhs(), op.getRhs());
  choose(isFirst, op.getLhs(), op.getRhs(), dy, a);
}

static void reverseMinimum(arith::MinimumFOp op, Value dy, Adjoints &a) {
  Value isFirst = a.compare(CmpFPredicate::OLT, op.getLhs(), op.getRhs());
  choose(isFirst, op.getLhs(), op.getRhs(), dy, a);
}

//===----------------------------------------------------------------------===//
// Functions, from their results
//===----------------------------------------------------------------------===//

static void reverseSigmoid(SigmoidOp op, Value dy, Adjoints &a) {
  Value y = op.getResult();
  Value slope = a.mul(y, a.sub(a.splat(y, 1), y));
  a.add(op.getOperand(), a.mul(dy, slope));
}

static void reverseTanh(math::TanhOp op, Value dy, Adjoints &a) {
  Value y = op.getResult();
  a.add(op.getOperand(), a.mul(dy, a.sub(a.splat(y, 1), a.mul(y, y))));
}

static void reverseExp(math::ExpOp op, Value dy, Adjoints &a) {
  a.add(op.getOperand(), a.mul(dy, op.getResult()));
}

static void reverseSqrt(math::SqrtOp op, Value dy, Adjoints &a) {
  Value half = a.mul(dy, a.splat(dy, 0.5));
  a.add(op.getOperand(), a.div(half, op.getResult()));
}

static void reverseRsqrt(math::RsqrtOp op, Value dy, Adjoints &a) {
  // One factor after the other: their product alone may be beyond a float
  // where what comes of them is not.
  Value y = op.getResult(), adjoint = a.mul(dy, a.splat(y, -0.5));
  for (int power = 0; power < 3; ++power)
    adjoint = a.mul(adjoint, y);
  a.add(op.getOperand(), adjoint);
}

//===----------------------------------------------------------------------===//
// Functions, from their operands
//===----------------------------------------------------------------------===//

static void reverseLog(math::LogOp op, Value dy, Adjoints &a) {
  a.add(op.getOperand(), a.div(dy, op.getOperand()));
}

static void reverseSin(math::SinOp op, Value dy, Adjoints &a) {
  Value slope = math::CosOp::create(a.b, op.getOperand());
  a.add(op.getOperand(), a.mul(dy, slope));
}

static void reverseCos(math::CosOp op, Value dy, Adjoints &a) {
  Value slope = math::SinOp::create(a.b, op.getOperand());
  a.add(op.getOperand(), a.neg(a.mul(dy, slope)));
}

static void reverseErf(math::ErfOp op, Value dy, Adjoints &a) {
  Value x = op.getOperand();
  Value bell = math::ExpOp::create(a.b, a.neg(a.mul(x, x)));
  a.add(x, a.mul(dy, a.mul(bell, a.splat(x, M_2_SQRTPI))));
}

/// d(x^p) = p x^(p-1) dx + x^p log(x) dp, where the second part is zero for
/// x = 0, its limit for p > 0.
static void reversePow(math::PowFOp op, Value dy, Adjoints &a) {
  Value x = op.getLhs(), p = op.getRhs();
  if (a.isActive(x)) {
    Value less = math::PowFOp::create(a.b, x, a.sub(p, a.splat(p, 1)));
    a.add(x, a.mul(dy, a.mul(p, less)));
  }
  if (a.isActive(p)) {
    Value zero = a.zeros(x);
    Value slope = a.mul(op.getResult(), math::LogOp::create(a.b, x));
    Value isPositive = a.compare(CmpFPredicate::OGT, x, zero);
    a.add(p, a.mul(dy, a.select(isPositive, slope, zero)));
  }
}

static void reverseCast(tensor::CastOp op, Value dy, Adjoints &a) {
  a.add(op.getSource(),
        tensor::CastOp::create(a.b, op.getSource().getType(), dy));
}

void addElementwiseRules(Rules &rules) {
  addRule(rules, reverseAdd);
  addRule(rules, reverseSub);
  addRule(rules, reverseMul);
  addRule(rules, reverseDiv);
  addRule(rules, reverseNeg);
  addRule(rules, reverseAbs);
  addRule(rules, reverseSelect);
  addRule(rules, reverseMaximum);
  addRule(rules, reverseMinimum);
  addRule(rules, reverseSigmoid);
  addRule(rules, reverseTanh);
  addRule(rules, reverseExp);
  addRule(rules, reverseSqrt);
  addRule(rules, reverseRsqrt);
  addRule(rules, reverseLog);
  addRule(rules, reverseSin);
  addRule(rules, reverseCos);
  addRule(rules, reverseErf);
  addRule(rules, reversePow);
  addRule(rules, reverseCast);
  addStops<arith::CmpFOp, StopGradientOp>(rules);
}

} // namespace seqc::seq
