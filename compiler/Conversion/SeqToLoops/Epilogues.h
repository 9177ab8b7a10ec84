//===- Epilogues.h - What is made of a product's sums right away ----------===//
// A cell's gates lie side by side in one product, and what is made of them
// reads, for a unit, one sum of each gate. Packed unit by unit, all of them
// leave the kernel together, and need not go through memory.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_EPILOGUES_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_EPILOGUES_H

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"

namespace seqc::loops {

/// In how many groups (gates) of equal width the users of a product [rows, N]
/// cut its columns; one where they do not, or where groups would leave too many
/// lanes of `target` empty for the weights that there are. Follows from the
/// uses alone.
int64_t unitGroupsOf(seq::ContractOp op, const TargetDescription &target);

/// What a block computes where it is asked for, up to what it has in memory.
class PulledReads {
public:
  /// `isInMemory`: whether a value is read from a buffer.
  PulledReads(Lowering &l, std::function<bool(mlir::Value)> isInMemory)
      : l(l), isInMemory(std::move(isInMemory)) {}

  /// Whether what computes `v` reads `result`.
  bool reaches(mlir::Value v, mlir::Value result) const;

  /// The same for an operation or a store.
  bool reaches(mlir::Operation *op, mlir::Value result) const;
  bool reaches(const Store &store, mlir::Value result) const;

  /// Whether `store` reads of `result` [rows, groups * units] at each row and
  /// unit no more than the sums of that row and unit.
  bool isByUnit(const Store &store, mlir::Value result, int64_t groups) const;

private:
  using Seen = llvm::DenseSet<mlir::Value>;
  bool isByUnit(mlir::Value v, mlir::Value result, int64_t units, bool compute,
                Seen &seen) const;
  bool isWhole(mlir::Value v, mlir::Value result, Seen &seen) const;

  Lowering &l;
  std::function<bool(mlir::Value)> isInMemory;
  /// What has been found out: values may be used many times over.
  mutable llvm::DenseMap<std::pair<mlir::Value, mlir::Value>, bool> known;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_EPILOGUES_H
