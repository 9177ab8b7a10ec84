//===- Activity.cpp - What a gradient can flow through --------------------===//
// One walk forwards; through a scan as often as its states still change.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Activity.h"
#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

using namespace mlir;

namespace seqc::seq {

Activity::Activity(ValueRange sources, Block &block) {
  for (Value source : sources)
    insert(source);
  visit(block);
}

bool Activity::insert(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32() && active.insert(value).second;
}

void Activity::visit(Block &block) {
  for (Operation &op : block.without_terminator()) {
    if (auto scan = dyn_cast<ScanOp>(op))
      visit(scan);
    else if (anyOf(op.getOperands()) && !stopsGradient(&op))
      for (Value result : op.getResults())
        insert(result);
  }
}

void Activity::visit(ScanOp scan) {
  Block &body = scan.getBody().front();
  for (auto [argument, operand] :
       llvm::zip_first(body.getArguments(), scan.getOperands()))
    if (contains(operand))
      insert(argument);
  bool changed = true;
  while (changed) {
    visit(body);
    changed = false;
    for (auto [argument, next] :
         llvm::zip_equal(scan.getStateArgs(), scan.getNextStates()))
      if (contains(next))
        changed |= insert(argument);
  }
  for (auto [final, argument] :
       llvm::zip_equal(scan.getFinals(), scan.getStateArgs()))
    if (contains(argument))
      insert(final);
  for (auto [output, step] :
       llvm::zip_equal(scan.getOutputs(), scan.getStepOutputs()))
    if (contains(step))
      insert(output);
}

} // namespace seqc::seq
