//===- Random.h - Random numbers in compiled code -------------------------===//
// Philox4x32-10 as runtime/core/random.h defines it, on vectors.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RANDOM_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RANDOM_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// Uniform numbers in [0, 1): of one element (of type `index`), or of a vector
/// of them. `time` and `sample` (null: zero) are scalars of i64.
mlir::Value drawUniform(Lowering &l, int64_t site, mlir::Value element,
                        mlir::Value time, mlir::Value sample);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RANDOM_H
