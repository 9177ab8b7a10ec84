//===- EntryPoints.h - The four functions of the calling convention -------===//
// Makes NAME, NAME_workspace, NAME_packed and NAME_pack of @main and @pack.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ENTRYPOINTS_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ENTRYPOINTS_H

#include "compiler/Conversion/SeqToLoops/PackedLayout.h"

namespace seqc::loops {

/// NAME, the functions of one tile of rows and of one task of `sums` (may be
/// null) that it hands to the runtime, and NAME_workspace. `hasTeams`: whether
/// workers may share a tile.
void buildModel(mlir::func::FuncOp main, mlir::func::FuncOp sums,
                const PackedLayout &packed, const TargetDescription &target,
                bool hasTeams, llvm::StringRef name);

/// NAME_pack and NAME_packed.
void buildPack(mlir::func::FuncOp pack, const PackedLayout &packed,
               const TargetDescription &target, llvm::StringRef name);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ENTRYPOINTS_H
