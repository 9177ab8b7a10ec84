//===- SeqFolds.cpp - Folders of the seq ops ------------------------------===//
// What an op is when its operands or attributes make it trivial.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

using namespace mlir;
using namespace seqc::seq;

OpFoldResult BroadcastOp::fold(FoldAdaptor) { return {}; }
OpFoldResult ConcatOp::fold(FoldAdaptor) { return {}; }
OpFoldResult SliceOp::fold(FoldAdaptor) { return {}; }
OpFoldResult AtOp::fold(FoldAdaptor) { return {}; }
OpFoldResult TransposeOp::fold(FoldAdaptor) { return {}; }
OpFoldResult MaskOp::fold(FoldAdaptor) { return {}; }
