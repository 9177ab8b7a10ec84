//===- StepPlan.cpp - What is known of a training step --------------------===//
// Reads the step's program and the optimizer's, cuts the parameters.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/StepPlan.h"

#include "compiler/Conversion/SeqToLoops/BufferPlan.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "runtime/core/abi.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Elements of a chunk: they and what belongs to them fit the second cache.
static constexpr int64_t kChunkElements = 16384;

static RankedTensorType tensorTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

std::string StepPlan::optimizer() const {
  return name + "_" + kOptimizerName.str();
}

//===----------------------------------------------------------------------===//
// What the programs say
//===----------------------------------------------------------------------===//

/// Parameters are arguments of @pack, in the order of the signature.
static llvm::StringMap<int64_t> placesOfParams(func::FuncOp pack) {
  llvm::StringMap<int64_t> places;
  for (unsigned i = 0; i < pack.getNumArguments(); ++i)
    if (auto name = pack.getArgAttrOfType<StringAttr>(i, kParamAttr))
      places[name.getValue()] = i;
  return places;
}

LogicalResult StepPlan::readStep(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>(kMainName);
  auto pack = module.lookupSymbol<func::FuncOp>(kPackName);
  const llvm::StringMap<int64_t> params = placesOfParams(pack);
  for (unsigned i = 0; i < main.getNumResults(); ++i)
    if (auto name = main.getResultAttrOfType<StringAttr>(i, kOutputAttr)) {
      if (name == kLossName)
        loss = outputs;
      if (name == kLossWeightName)
        weight = outputs;
      ++outputs;
    }
  // All gradients are of parameters, so that @sums has them in order.
  if (auto sums = module.lookupSymbol<func::FuncOp>(kSumsName))
    for (auto [i, type] : llvm::enumerate(sums.getResultTypes())) {
      auto name = sums.getResultAttrOfType<StringAttr>(i, kGradientAttr);
      auto param = params.find(name.getValue());
      if (param == params.end())
        return sums.emitError("the gradient of ")
               << name << " is no parameter's";
      gradients.push_back(
          {cast<RankedTensorType>(type).getNumElements(), param->second, 0});
    }
  if (loss < 0 || weight < 0)
    return main.emitError("a training step gives ")
           << kLossName << " and " << kLossWeightName;
  return success();
}

LogicalResult StepPlan::readOptimizer(ModuleOp optimizer) {
  auto main = optimizer.lookupSymbol<func::FuncOp>(kMainName);
  for (BlockArgument argument : main.getArguments()) {
    const unsigned i = argument.getArgNumber();
    if (main.getArgAttr(i, kInputAttr))
      inputs.push_back({tensorTypeOf(argument)});
    else if (main.getArgAttr(i, kStateAttr))
      states.push_back({{tensorTypeOf(argument)}});
  }
  const auto isKnown = [](const Tensor &tensor) {
    return tensor.isOfElements() || tensor.type.getRank() == 1;
  };
  if (inputs.size() < 2 || states.empty() || !inputs[0].isOfElements() ||
      !states[0].isOfElements() || !llvm::all_of(inputs, isKnown) ||
      !llvm::all_of(states, isKnown))
    return main.emitError("an optimizer makes a parameter of P elements from "
                          "its gradient, a scale and scalars");
  return success();
}

//===----------------------------------------------------------------------===//
// Tasks and their places
//===----------------------------------------------------------------------===//

void StepPlan::cut(bool isChunked) {
  int64_t largest = 1;
  for (const Gradient &gradient : gradients)
    largest = std::max(largest, gradient.elements);
  chunk = isChunked ? std::min(largest, kChunkElements) : largest;
  for (Gradient &gradient : gradients) {
    gradient.firstTask = tasks;
    tasks += llvm::divideCeil(gradient.elements, chunk);
  }
}

void StepPlan::place(bool isChunked) {
  for (State &state : states)
    if (isChunked && !state.isOfElements()) {
      state.offset = sharedBytes;
      sharedBytes += sizeof(float);
    }
  const auto behind = [](int64_t bytes) {
    return roundUp(bytes, SEQC_ALIGNMENT);
  };
  scale = behind(tasks * int64_t(sizeof(double)));
  shared = scale + SEQC_ALIGNMENT;
  constants = shared + behind(tasks * sharedBytes);
}

FailureOr<StepPlan> StepPlan::of(ModuleOp module,
                                 const TargetDescription &target) {
  StepPlan plan;
  plan.name = module->getAttrOfType<StringAttr>("seq.model").str();
  plan.lanes = target.lanes();
  auto optimizer = module.lookupSymbol<ModuleOp>(kOptimizerName);
  if (failed(plan.readStep(module)) || failed(plan.readOptimizer(optimizer)))
    return failure();
  const bool isChunked = optimizer->hasAttr(kElementwiseAttr);
  plan.cut(isChunked);
  plan.place(isChunked);
  return plan;
}

} // namespace seqc::loops
