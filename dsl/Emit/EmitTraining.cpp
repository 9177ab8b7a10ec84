//===- EmitTraining.cpp - The modules of a training program ---------------===//
// Each is emitted as any program is, and those of optimizer and schedule put
// into the step's; what the trainer must know besides is attributes of that.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "dsl/Check/Training.h"
#include "dsl/Check/Visit.h"
#include "dsl/Emit/Emit.h"

#include "mlir/IR/Builders.h"

#include <set>

using namespace mlir;

namespace seqc::dsl {

/// Whether an element of a weight depends on no other one.
static bool mixesNothing(const Definition &definition,
                         std::set<const Definition *> &seen) {
  if (!seen.insert(&definition).second)
    return true;
  bool good = true;
  forEachExpr(definition, [&](const TypedExpr &expr, unsigned) {
    const auto *call = expr.as<CallNode>();
    good = good && !expr.as<ReduceNode>() && !expr.as<MatMulNode>() &&
           (!call || mixesNothing(*call->callee, seen));
  });
  return good;
}

static void setTrainingAttrs(ModuleOp module, const TrainingLayout &layout) {
  Builder builder(module.getContext());
  const Training &training = *layout.training;
  module->setAttr(seq::kTrainingAttr, builder.getUnitAttr());
  SmallVector<StringRef> measures(training.measures.begin(),
                                  training.measures.end());
  module->setAttr(seq::kMeasuresAttr, builder.getStrArrayAttr(measures));
  SmallVector<StringRef> metrics;
  for (const Training::Metric &metric : training.metrics)
    metrics.push_back(metric.name);
  module->setAttr(seq::kMetricsAttr, builder.getStrArrayAttr(metrics));
  SmallVector<NamedAttribute> scalars;
  for (const auto &[name, value] : layout.scalars)
    scalars.push_back(
        builder.getNamedAttr(name, builder.getF64FloatAttr(value)));
  module->setAttr(seq::kScalarsAttr, builder.getDictionaryAttr(scalars));
  if (layout.clipNorm > 0)
    module->setAttr(seq::kClipNormAttr,
                    builder.getF64FloatAttr(layout.clipNorm));
  if (layout.clipValue > 0)
    module->setAttr(seq::kClipValueAttr,
                    builder.getF64FloatAttr(layout.clipValue));
  if (layout.accumulate > 1)
    module->setAttr(seq::kAccumulateAttr,
                    builder.getI64IntegerAttr(layout.accumulate));
  if (layout.truncate > 0)
    module->setAttr(seq::kTruncateAttr,
                    builder.getI64IntegerAttr(layout.truncate));
}

/// Emits a program that is called beside the step into the step's module.
static ModuleOp emitInto(ModuleOp step, const Program &program,
                         StringRef name) {
  ModuleOp module = emitModule(program, *step.getContext()).release();
  module.setSymName(name);
  step.push_back(module);
  return module;
}

OwningOpRef<ModuleOp> emitTraining(const Program &program,
                                   MLIRContext &context) {
  const TrainingLayout &layout = *program.training;
  OwningOpRef<ModuleOp> step = emitModule(program, context);
  setTrainingAttrs(*step, layout);
  ModuleOp optimizer = emitInto(*step, *layout.optimizer, seq::kOptimizerName);
  std::set<const Definition *> seen;
  if (mixesNothing(*layout.training->optimizer, seen))
    optimizer->setAttr(seq::kElementwiseAttr, Builder(&context).getUnitAttr());
  if (layout.schedule)
    emitInto(*step, *layout.schedule, seq::kScheduleName);
  return step;
}

} // namespace seqc::dsl
