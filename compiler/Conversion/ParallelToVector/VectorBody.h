//===- VectorBody.h - A parallel loop on lanes ----------------------------===//
// Makes loops over full vectors of a parallel loop, as its analysis has found
// it possible.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_VECTORBODY_H
#define SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_VECTORBODY_H

#include "compiler/Conversion/ParallelToVector/LaneAnalysis.h"

namespace seqc {

/// Turns `loop` into loops whose innermost one takes `width` positions of the
/// last dimension at once.
void lowerToVectorLoops(mlir::scf::ParallelOp loop,
                        const LaneAnalysis &analysis, int64_t width);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_VECTORBODY_H
