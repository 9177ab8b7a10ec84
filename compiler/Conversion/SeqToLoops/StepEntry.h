//===- StepEntry.h - A training step in one call --------------------------===//
// NAME_step runs NAME for the gradients, then two levels of tasks: one adds up
// and measures the gradients, one updates the parameters, each chunk in one
// pass of the optimizer over parameter, gradient and states.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_STEPENTRY_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_STEPENTRY_H

#include "compiler/Conversion/SeqToLoops/StepPlan.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc::loops {

/// NAME_step and NAME_step_workspace, in a module that has the functions of the
/// step's program and of the optimizer's.
void buildStep(mlir::ModuleOp module, const StepPlan &plan);

/// The functions of both levels. The `workspace` of the call that they are
/// given is the `seqc_step`.
mlir::func::FuncOp buildSumTask(mlir::ImplicitLocOpBuilder &b,
                                const StepPlan &plan);
mlir::func::FuncOp buildUpdateTask(mlir::ImplicitLocOpBuilder &b,
                                   const StepPlan &plan);

/// Reads row `gradient` of a constant table, whose columns are the members of
/// StepPlan::Gradient.
enum class GradientField { Elements, Param, FirstTask };
mlir::Value loadGradient(mlir::ImplicitLocOpBuilder &b, const StepPlan &plan,
                         mlir::Value gradient, GradientField field);

/// The address of byte `offset` of the workspace of the step's call.
mlir::Value workspaceOf(mlir::ImplicitLocOpBuilder &b, mlir::Value step,
                        mlir::Value offset);
mlir::Value workspaceOf(mlir::ImplicitLocOpBuilder &b, mlir::Value step,
                        int64_t offset);

/// A memref of `size` elements of `element` that lie dense at `data`.
mlir::Value makeRow(mlir::ImplicitLocOpBuilder &b, mlir::Type element,
                    mlir::Value data, mlir::Value size);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_STEPENTRY_H
