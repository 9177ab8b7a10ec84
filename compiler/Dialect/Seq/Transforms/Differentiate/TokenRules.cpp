//===- TokenRules.cpp - Adjoint of the look-up ----------------------------===//
// A look-up is a product with one-hot rows, and so is its adjoint:
// `seq-gather-one-hot` makes additions to the rows of the table of it.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace seqc::seq {

static void reverseGather(GatherOp op, Value dy, Adjoints &a) {
  auto tokens = op.getTokens().getType();
  SmallVector<int64_t> shape(tokens.getShape());
  shape.push_back(op.getTable().getType().getDimSize(0));
  Value hot = OneHotOp::create(
      a.b, RankedTensorType::get(shape, a.b.getF32Type()), op.getTokens());
  auto positions = llvm::to_vector(llvm::seq<int64_t>(tokens.getRank()));
  a.add(op.getTable(), ContractOp::create(a.b, hot, dy, positions, positions));
}

void addTokenRules(Rules &rules) {
  addRule(rules, reverseGather);
  addStops<OneHotOp, arith::SIToFPOp>(rules);
}

} // namespace seqc::seq
