//===- SeqOps.td - Ops of the seq dialect --------------------------------===//
// All definitions, by theme. Constraints are numbered; the verifier and the
// tests carry the same numbers. `Cn` counts from one in each op.
//===----------------------------------------------------------------------===//

#ifndef SEQ_OPS_TD
#define SEQ_OPS_TD

include "compiler/Dialect/Seq/IR/SeqLoopOps.td"
include "compiler/Dialect/Seq/IR/SeqProductOps.td"
include "compiler/Dialect/Seq/IR/SeqShapeOps.td"
include "compiler/Dialect/Seq/IR/SeqValueOps.td"

#endif // SEQ_OPS_TD
