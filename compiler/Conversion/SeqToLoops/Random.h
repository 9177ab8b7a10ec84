//===- Random.h - Random numbers in compiled code -------------------------===//
// Philox4x32-10 as runtime/core/random.h defines it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RANDOM_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RANDOM_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// The uniform number in [0, 1) of an element (of type `index`). `time` and
/// `sample` (null: zero) are i64.
mlir::Value drawUniform(Lowering &l, int64_t site, mlir::Value element,
                        mlir::Value time, mlir::Value sample);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RANDOM_H
