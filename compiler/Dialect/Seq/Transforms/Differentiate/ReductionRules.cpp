//===- ReductionRules.cpp - Adjoints of reductions and softmax ------------===//
// Everything whose elements depend on many along an axis.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

using namespace mlir;

namespace seqc::seq {

static Value sumAlong(Value value, int64_t axis, Adjoints &a) {
  return ReduceOp::create(a.b, ReductionKind::Sum, value, axis);
}

/// Of a maximum: those that are it share the gradient equally.
static void reverseExtreme(ReduceOp op, Value dy, Adjoints &a) {
  const int64_t axis = op.getAxis();
  Value x = op.getInput();
  Value isIt = a.compare(arith::CmpFPredicate::OEQ, x,
                         a.repeatAlong(op.getResult(), axis, x));
  Value ones = a.select(isIt, a.splat(x, 1), a.zeros(x));
  Value share = a.div(dy, sumAlong(ones, axis, a));
  a.add(x, a.select(isIt, a.repeatAlong(share, axis, x), a.zeros(x)));
}

static void reverseReduce(ReduceOp op, Value dy, Adjoints &a) {
  if (op.getKind() != ReductionKind::Sum)
    return reverseExtreme(op, dy, a);
  a.add(op.getInput(), a.repeatAlong(dy, op.getAxis(), op.getInput()));
}

/// y (dy - <dy, y>)
static void reverseSoftmax(SoftmaxOp op, Value dy, Adjoints &a) {
  Value y = op.getResult();
  const int64_t axis = op.getAxis();
  Value shared = sumAlong(a.mul(dy, y), axis, a);
  a.add(op.getInput(), a.mul(y, a.sub(dy, a.repeatAlong(shared, axis, y))));
}

/// A sum of what came before gives to what comes after.
static void reverseCumsum(CumsumOp op, Value dy, Adjoints &a) {
  a.add(op.getInput(), CumsumOp::create(a.b, dy.getType(), dy, op.getAxis(),
                                        !op.getReverse()));
}

void addReductionRules(Rules &rules) {
  addRule(rules, reverseCumsum);
  addRule(rules, reverseReduce);
  addRule(rules, reverseSoftmax);
}

} // namespace seqc::seq
