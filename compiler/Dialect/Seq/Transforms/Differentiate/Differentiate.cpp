//===- Differentiate.cpp - The gradient of a program ----------------------===//
// Says what @main is differentiated by and of, and gives it the arguments and
// results. The mathematics is in the rules.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Transforms/Differentiate/Adjoints.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct DifferentiatePass : impl::DifferentiatePassBase<DifferentiatePass> {
  using Base::Base;
  void runOnOperation() override;
};

/// An argument that gets a gradient.
struct Source {
  BlockArgument argument;
  StringAttr name;
  StringRef of;
};

class MainGradient {
public:
  MainGradient(func::FuncOp main, bool isTraining, SavePolicy policy)
      : main(main), isTraining(isTraining), policy(policy) {}

  LogicalResult run();

private:
  bool findProbes();
  void findSources();
  void seedLoss(Adjoints &adjoints);
  void seedOutputs(Adjoints &adjoints);
  void addResults(Adjoints &adjoints);

  func::FuncOp main;
  const bool isTraining;
  const SavePolicy policy;
  SmallVector<Source> sources;
};

} // namespace

static bool holdsNumbers(Value value) {
  return getElementTypeOrSelf(value.getType()).isF32();
}

/// Probes stand in for all else.
bool MainGradient::findProbes() {
  for (BlockArgument argument : main.getArguments()) {
    const unsigned i = argument.getArgNumber();
    if (main.getArgAttr(i, kProbeAttr))
      sources.push_back({argument,
                         main.getArgAttrOfType<StringAttr>(i, kInputAttr),
                         kOfInput});
  }
  return main->hasAttr(kProbeAttr);
}

void MainGradient::findSources() {
  if (findProbes())
    return;
  for (BlockArgument argument : main.getArguments()) {
    if (!holdsNumbers(argument))
      continue;
    const unsigned i = argument.getArgNumber();
    if (auto name = main.getArgAttrOfType<StringAttr>(i, kParamAttr))
      sources.push_back({argument, name, kOfParam});
    if (isTraining)
      continue;
    if (auto name = main.getArgAttrOfType<StringAttr>(i, kInputAttr))
      sources.push_back({argument, name, kOfInput});
    if (auto name = main.getArgAttrOfType<StringAttr>(i, kStateAttr))
      sources.push_back({argument, name, kOfState});
  }
}

void MainGradient::seedLoss(Adjoints &adjoints) {
  Operation *terminator = main.getBody().front().getTerminator();
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    auto name = main.getResultAttrOfType<StringAttr>(i, kOutputAttr);
    if (name && name.getValue() == kLossName)
      adjoints.add(value, adjoints.splat(value, 1));
  }
}

/// One more input for each result that holds numbers.
void MainGradient::seedOutputs(Adjoints &adjoints) {
  Operation *terminator = main.getBody().front().getTerminator();
  OpBuilder &b = adjoints.b;
  unsigned place = 0;
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (main.getArgAttr(i, kInputAttr))
      place = i + 1;
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    auto name = main.getResultAttrOfType<StringAttr>(i, kOutputAttr);
    if (!name || !holdsNumbers(value))
      continue;
    SmallVector<NamedAttribute> attributes{b.getNamedAttr(
        kInputAttr, b.getStringAttr(name.getValue() + ".gradient"))};
    if (Attribute axes = main.getResultAttr(i, kAxesAttr))
      attributes.push_back(b.getNamedAttr(kAxesAttr, axes));
    (void)main.insertArgument(place, value.getType(),
                              b.getDictionaryAttr(attributes), main.getLoc());
    adjoints.add(value, main.getArgument(place++));
  }
}

void MainGradient::addResults(Adjoints &adjoints) {
  Operation *terminator = main.getBody().front().getTerminator();
  OpBuilder &b = adjoints.b;
  for (const Source &source : sources) {
    Value gradient = adjoints.take(source.argument);
    if (!gradient && isTraining && source.of == kOfParam)
      continue;
    if (!gradient)
      gradient = adjoints.zeros(source.argument);
    SmallVector<NamedAttribute> attributes{
        b.getNamedAttr(kGradientAttr, source.name),
        b.getNamedAttr(kOfAttr, b.getStringAttr(source.of))};
    if (Attribute axes =
            main.getArgAttr(source.argument.getArgNumber(), kAxesAttr))
      attributes.push_back(b.getNamedAttr(kAxesAttr, axes));
    (void)main.insertResult(main.getNumResults(), gradient.getType(),
                            b.getDictionaryAttr(attributes));
    terminator->insertOperands(terminator->getNumOperands(), gradient);
  }
}

LogicalResult MainGradient::run() {
  findSources();
  Block &block = main.getBody().front();
  const Activity activity(
      llvm::map_to_vector(
          sources,
          [](const Source &source) -> Value { return source.argument; }),
      block);
  Adjoints adjoints(ImplicitLocOpBuilder(main.getLoc(), block.getTerminator()),
                    activity, policy);
  if (isTraining)
    seedLoss(adjoints);
  else
    seedOutputs(adjoints);
  if (failed(adjoints.reverse(block)))
    return failure();
  adjoints.b.setLoc(main.getLoc());
  addResults(adjoints);
  return success();
}

void DifferentiatePass::runOnOperation() {
  ModuleOp module = getOperation();
  auto main = module.lookupSymbol<func::FuncOp>(kMainName);
  if (main &&
      failed(MainGradient(main, module->hasAttr(kTrainingAttr), save).run()))
    signalPassFailure();
}

} // namespace seqc::seq
