//===- ProductKernel.h - Products on vector registers ---------------------===//
// A tile of rows by one panel stays in registers while it walks along K.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_PRODUCTKERNEL_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_PRODUCTKERNEL_H

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

namespace seqc {

/// What a target has for vectors of f32.
struct VectorUnit {
  int64_t lanes, registers;
  /// Whether it has the dot product of pairs of bf16.
  bool dotBf16 = false;
  /// Whether it has that of four int8.
  bool dotInt8 = false;
  /// The longest rows of bf16 that it multiplies in tiles; 0: it has none.
  int64_t tileK = 0;
};

/// Makes loops on vectors in place of `op`. An epilogue that only stores the
/// sums stores vectors; any other one becomes a `scf.parallel` over the rows
/// and units of a tile whose sums lie on the stack.
void lowerToVectors(sched::ProductOp op, const VectorUnit &target);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_PRODUCTKERNEL_H
