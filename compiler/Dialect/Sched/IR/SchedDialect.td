//===- SchedDialect.td - The sched dialect -------------------------------===//
// Owns the dialect's definition and the text that its reference page opens
// with.
//===----------------------------------------------------------------------===//

#ifndef SCHED_DIALECT_TD
#define SCHED_DIALECT_TD

include "mlir/IR/DialectBase.td"

def SchedDialect : Dialect {
  let name = "sched";
  let cppNamespace = "::seqc::sched";
  let summary = "Work of a step on buffers, before a target has its say";
  let description = [{
    The schedule level: what is computed together, in which pieces of memory,
    and in which layout weights are packed; but no instruction of any target.
    Loops whose positions may go in any order are `scf.parallel`, loops in time
    are `scf.for`, mathematics is scalar. What `scf` has no word for is here.

    `convert-sched-to-vector` makes CPU code of it, `convert-sched-to-parallel`
    parallel loops for everything else.
  }];
}

#endif // SCHED_DIALECT_TD
