//===- ProbeStates.cpp - Inputs that are added to states ------------------===//
// Makes the gradient by a state at each step the gradient of an input: what is
// added to a value has the value's gradient.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_PROBESTATESPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct ProbeStatesPass : impl::ProbeStatesPassBase<ProbeStatesPass> {
  void runOnOperation() override;
};

/// The steps of a scan as a size in types: a number, or a dynamic dimension.
struct Steps {
  int64_t size;
  int64_t ordinal; ///< -1 where it is a number
};

} // namespace

/// Nothing where the steps are no dimension of an argument (as of windows).
static std::optional<Steps> stepsOf(func::FuncOp main, ScanOp scan) {
  Value sequence = scan.getSequences().front();
  const int64_t size =
      cast<RankedTensorType>(sequence.getType()).getDimSize(scan.getAxis());
  if (!ShapedType::isDynamic(size))
    return Steps{size, -1};
  OpBuilder before(scan);
  Value traced = traceSize(before, sequence, scan.getAxis());
  auto read = traced.getDefiningOp<tensor::DimOp>();
  if (!read)
    return std::nullopt;
  auto argument = dyn_cast<BlockArgument>(read.getSource());
  const std::optional<int64_t> axis = read.getConstantIndex();
  if (!argument || argument.getOwner() != &main.getBody().front() || !axis)
    return std::nullopt;
  const ArrayRef<int64_t> axes = getAxes(main, argument.getArgNumber());
  return *axis < static_cast<int64_t>(axes.size())
             ? std::optional(Steps{size, axes[*axis]})
             : std::nullopt;
}

/// The states' names, which the front end leaves in the scan's location; else
/// their numbers.
static SmallVector<std::string> namesOf(ScanOp scan, size_t number) {
  SmallVector<std::string> names;
  if (auto named = scan.getLoc()->findInstanceOf<NameLoc>()) {
    SmallVector<StringRef> parts;
    named.getName().getValue().split(parts, ',');
    for (StringRef part : parts)
      names.push_back(part.str());
  }
  for (size_t i = names.size(); i < scan.getInits().size(); ++i)
    names.push_back(("scan" + Twine(number) + ".state" + Twine(i)).str());
  return names;
}

/// A new argument of @main, behind its inputs.
static Value addProbe(func::FuncOp main, RankedTensorType state,
                      const Steps &steps, StringRef name) {
  unsigned place = 0;
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (main.getArgAttr(i, kInputAttr))
      place = i + 1;
  SmallVector<int64_t> shape{steps.size}, axes{steps.ordinal};
  llvm::append_range(shape, state.getShape());
  axes.resize(shape.size(), -1);
  Builder b(main.getContext());
  auto attributes = b.getDictionaryAttr(
      {b.getNamedAttr(kInputAttr, b.getStringAttr("probe." + Twine(name))),
       b.getNamedAttr(kAxesAttr, b.getDenseI64ArrayAttr(axes)),
       b.getNamedAttr(kProbeAttr, b.getUnitAttr())});
  (void)main.insertArgument(
      place, RankedTensorType::get(shape, state.getElementType()), attributes,
      main.getLoc());
  return main.getArgument(place);
}

/// What a step computes is read with the probe in it; a state that a step
/// leaves alone has it from the next step on.
static void addToState(ScanOp scan, unsigned state, Value element) {
  Operation *yield = scan.getBody().front().getTerminator();
  Value after = yield->getOperand(state);
  const bool isComputed = after.getDefiningOp() != nullptr;
  OpBuilder builder(yield);
  if (isComputed)
    builder.setInsertionPointAfterValue(after);
  auto sum = arith::AddFOp::create(builder, scan.getLoc(), after, element);
  if (isComputed)
    after.replaceAllUsesExcept(sum, sum);
  else
    yield->setOperand(state, sum);
}

void ProbeStatesPass::runOnOperation() {
  func::FuncOp main = getOperation();
  if (main.getName() != kMainName)
    return;
  main->setAttr(kProbeAttr, UnitAttr::get(main.getContext()));
  for (auto [number, scan] :
       llvm::enumerate(llvm::to_vector(main.getOps<ScanOp>()))) {
    const std::optional<Steps> steps = stepsOf(main, scan);
    if (!steps)
      continue;
    const SmallVector<std::string> names = namesOf(scan, number);
    for (unsigned i = 0; i < scan.getInits().size(); ++i) {
      auto type = cast<RankedTensorType>(scan.getInits()[i].getType());
      if (!type.getElementType().isF32() || !type.hasStaticShape())
        continue;
      Value probe = addProbe(main, type, *steps, names[i]);
      addToState(scan, i, addSequence(scan, probe));
    }
  }
}

} // namespace seqc::seq
