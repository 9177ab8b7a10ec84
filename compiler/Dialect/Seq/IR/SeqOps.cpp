//===- SeqOps.cpp - Accessors of the seq ops ------------------------------===//
// Bodies by role, and the code that ODS generates.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace seqc::seq;

//===----------------------------------------------------------------------===//
// ScanOp
//===----------------------------------------------------------------------===//

MutableArrayRef<BlockArgument> ScanOp::getElementArgs() {
  return getBody().getArguments().take_front(getSequences().size());
}

MutableArrayRef<BlockArgument> ScanOp::getStateArgs() {
  return getBody().getArguments().slice(getSequences().size(),
                                        getInits().size());
}

MutableArrayRef<BlockArgument> ScanOp::getInvariantArgs() {
  return getBody().getArguments().take_back(getInvariants().size());
}

ResultRange ScanOp::getFinals() {
  return getResults().take_front(getInits().size());
}

ResultRange ScanOp::getOutputs() {
  return getResults().drop_front(getInits().size());
}

YieldOp ScanOp::getYield() {
  return cast<YieldOp>(getBody().front().getTerminator());
}

OperandRange ScanOp::getNextStates() {
  return getYield().getValues().take_front(getInits().size());
}

OperandRange ScanOp::getStepOutputs() {
  return getYield().getValues().drop_front(getInits().size());
}

//===----------------------------------------------------------------------===//
// MapOp
//===----------------------------------------------------------------------===//

MutableArrayRef<BlockArgument> MapOp::getElementArgs() {
  return getBody().getArguments().take_front(getSequences().size());
}

MutableArrayRef<BlockArgument> MapOp::getInvariantArgs() {
  return getBody().getArguments().take_back(getInvariants().size());
}

YieldOp MapOp::getYield() {
  return cast<YieldOp>(getBody().front().getTerminator());
}

#define GET_OP_CLASSES
#include "compiler/Dialect/Seq/IR/SeqOps.cpp.inc"
