//===- Program.h - What the functions of a module are to the caller -------===//
// Names of the functions and attributes that SeqDialect.td describes, and
// what follows from them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_IR_PROGRAM_H
#define SEQC_COMPILER_DIALECT_SEQ_IR_PROGRAM_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Location.h"

namespace seqc::seq {

inline constexpr llvm::StringLiteral kMainName = "main";
inline constexpr llvm::StringLiteral kInitName = "init";
inline constexpr llvm::StringLiteral kPackName = "pack";
inline constexpr llvm::StringLiteral kSumsName = "sums";

inline constexpr llvm::StringLiteral kDimsAttr = "seq.dims";
inline constexpr llvm::StringLiteral kDerivedAttr = "seq.derived";
inline constexpr llvm::StringLiteral kInputAttr = "seq.input";
inline constexpr llvm::StringLiteral kVocabularyAttr = "seq.vocabulary";
inline constexpr llvm::StringLiteral kParamAttr = "seq.param";
inline constexpr llvm::StringLiteral kAliasesAttr = "seq.aliases";
inline constexpr llvm::StringLiteral kTiesAttr = "seq.ties";
inline constexpr llvm::StringLiteral kStateAttr = "seq.state";
inline constexpr llvm::StringLiteral kLengthsAttr = "seq.lengths";
inline constexpr llvm::StringLiteral kPackedAttr = "seq.packed";
inline constexpr llvm::StringLiteral kInitialAttr = "seq.initial";
inline constexpr llvm::StringLiteral kAxesAttr = "seq.axes";
inline constexpr llvm::StringLiteral kOutputAttr = "seq.output";
/// On a result that is a gradient: of which argument, and what that is.
inline constexpr llvm::StringLiteral kGradientAttr = "seq.gradient";
inline constexpr llvm::StringLiteral kOfAttr = "seq.of";
inline constexpr llvm::StringLiteral kOfParam = "param";
inline constexpr llvm::StringLiteral kOfInput = "input";
inline constexpr llvm::StringLiteral kOfState = "state";

/// On an input that is added to a state of a recurrence at each step, and on
/// the function that was asked for such inputs.
inline constexpr llvm::StringLiteral kProbeAttr = "seq.probe";

/// The result of a training program whose gradient is wanted.
inline constexpr llvm::StringLiteral kLossName = "loss.sum";
/// And the one by whose sum over all batches it is divided.
inline constexpr llvm::StringLiteral kLossWeightName = "loss.weight";

/// On a scan over segments of time: its backward scan runs each segment once
/// more, so that nothing of a segment may be computed outside.
inline constexpr llvm::StringLiteral kSegmentsAttr = "seq.segments";

/// The number of what @main keeps for @sums: on a result, and on an argument.
inline constexpr llvm::StringLiteral kKeptAttr = "seq.kept";
/// On a gradient, once there is @sums: its number among outputs and gradients.
inline constexpr llvm::StringLiteral kPlaceAttr = "seq.place";

/// The modules inside of a training program's.
inline constexpr llvm::StringLiteral kOptimizerName = "optimizer";
inline constexpr llvm::StringLiteral kScheduleName = "schedule";

/// Of the modules of a training program.
inline constexpr llvm::StringLiteral kTrainingAttr = "seq.training";
inline constexpr llvm::StringLiteral kMeasuresAttr = "seq.measures";
inline constexpr llvm::StringLiteral kMetricsAttr = "seq.metrics";
inline constexpr llvm::StringLiteral kScalarsAttr = "seq.scalars";
inline constexpr llvm::StringLiteral kClipNormAttr = "seq.clip_norm";
inline constexpr llvm::StringLiteral kClipValueAttr = "seq.clip_value";
inline constexpr llvm::StringLiteral kAccumulateAttr = "seq.accumulate";
inline constexpr llvm::StringLiteral kTruncateAttr = "seq.truncate";
inline constexpr llvm::StringLiteral kElementwiseAttr = "seq.elementwise";

/// On a scan: how many steps the conversion to loops makes one iteration.
inline constexpr llvm::StringLiteral kUnrollAttr = "seq.unroll";

/// The ordinals of an argument's axes (`seq.axes`); empty where it has none.
llvm::ArrayRef<int64_t> getAxes(mlir::func::FuncOp function, unsigned argument);

/// The dimensions that follow from others: their ordinals are behind those of
/// the dynamic dimensions.
llvm::SmallVector<DerivedAttr> getDerivedDimensions(mlir::func::FuncOp function);

/// For each dynamic dimension the one that encloses it, or -1. A dimension is
/// enclosed by the dynamic axis in front of it; one that some argument has as
/// its first dynamic axis is the sample's own.
llvm::SmallVector<int64_t> getEnclosingDimensions(mlir::func::FuncOp function);

/// The place of `loc` in the model's own file: of code that was written in
/// another file (the library), where the model called it. Null if unknown.
mlir::FileLineColLoc getPlaceInModel(mlir::Location loc, mlir::ModuleOp module);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_IR_PROGRAM_H
