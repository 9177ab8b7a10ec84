//===- ModelContext.cpp - What the functions of a model share -------------===//
// Symbols and workspaces at the entry of a function.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/ModelContext.h"

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/ArgumentSizes.h"
#include "compiler/Dialect/Seq/IR/Program.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

FunctionType taskType(MLIRContext *context) {
  return FunctionType::get(context,
                           {pointerType(context), IntegerType::get(context, 64),
                            IntegerType::get(context, 32)},
                           {});
}

WindowShape tilesOf(const TargetDescription &target) {
  return {/*offset=*/-1, /*stride=*/target.rowsPerTile};
}

Sizes ModelContext::sizesOfKept(Value kept) {
  Sizes whole = sizes.of(kept);
  if (whole.front() != Size::rows())
    whole.front() = sizes.windowsOf(Size::rows(), tilesOf(target));
  return whole;
}

/// The arguments of @sums that are kept have the sizes of @main's results; the
/// others are @main's.
void ModelContext::setSumsSizes() {
  llvm::DenseMap<Attribute, Value> kept;
  auto results = main.getBody().front().getTerminator()->getOperands();
  for (auto [i, value] : llvm::enumerate(results))
    if (Attribute number = main.getResultAttr(i, kKeptAttr))
      kept[number] = value;
  for (BlockArgument argument : sums.getArguments()) {
    const unsigned i = argument.getArgNumber();
    if (Attribute number = sums.getArgAttr(i, kKeptAttr))
      sizes.set(argument, sizesOfKept(kept.at(number)));
    else
      sizes.set(argument, sizes.of(main.getArgument(i)));
  }
}

ModelContext::ModelContext(func::FuncOp main, func::FuncOp sums,
                           const PackedLayout &packed,
                           const TargetDescription &target, StringRef name)
    : main(main), sums(sums), packed(packed), target(target), name(name.str()),
      dims(setArgumentSizes(main, sizes)) {
  if (!sums)
    return;
  setSumsSizes();
  sizes.findDerived(sums);
}

func::FuncOp ModelContext::makeTask(StringRef suffix) {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  auto function =
      func::FuncOp::create(b, name + suffix.str(), taskType(b.getContext()));
  makeInternal(function);
  return function;
}

/// The number of windows over `size` positions.
static Value countWindows(ImplicitLocOpBuilder &b, Value size,
                          const WindowShape &shape) {
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, n);
  };
  Value behind = arith::AddIOp::create(b, size, constant(shape.offset));
  Value isThere =
      arith::CmpIOp::create(b, arith::CmpIPredicate::sge, behind, constant(0));
  Value further = arith::DivUIOp::create(b, behind, constant(shape.stride));
  Value count = arith::AddIOp::create(b, further, constant(1));
  return arith::SelectOp::create(b, isThere, count, constant(0));
}

SmallVector<Value> ModelContext::readSymbols(ImplicitLocOpBuilder &b,
                                             Value dimsArray) const {
  SmallVector<Value> symbols;
  for (int64_t k = 0; k < dims; ++k)
    symbols.push_back(loadSize(b, b.getLoc(), dimsArray, k));
  for (const DerivedSize &derived : sizes.derived())
    symbols.push_back(
        countWindows(b, symbols[derived.source.value], derived.windows));
  return symbols;
}

Value ModelContext::workspace(Lowering &l, Value start, Value bytes) const {
  Location loc = l.b.getLoc();
  Value data = advance(
      l.b, loc, loadField(l.b, loc, l.call, CallField::Workspace), start);
  auto type = MemRefType::get({ShapedType::kDynamic}, l.b.getI8Type());
  return makeMemRef(l.b, loc, type, data, l.constant(0), bytes, l.constant(1));
}

/// The private function that adds the offsets of buffers, where each may have
/// another size. LLVM does not see into it: it would else write the place of
/// every buffer as the sum of all before it, in time that grows with the cube
/// of their number.
func::FuncOp ModelContext::offsetAdder() {
  const std::string symbol = name + "_behind";
  auto module = main->getParentOfType<ModuleOp>();
  if (auto existing = module.lookupSymbol<func::FuncOp>(symbol))
    return existing;
  ImplicitLocOpBuilder b(main.getLoc(), main);
  Type index = b.getIndexType();
  auto adder =
      func::FuncOp::create(b, symbol, b.getFunctionType({index, index}, index));
  makeInternal(adder);
  adder->setAttr("passthrough", b.getStrArrayAttr({"noinline", "minsize"}));
  b.setInsertionPointToStart(adder.addEntryBlock());
  func::ReturnOp::create(b, Value(arith::AddIOp::create(b, adder.getArgument(0),
                                                        adder.getArgument(1))));
  return adder;
}

BufferPlan ModelContext::makePlan(Lowering &l, Value base,
                                  ArrayRef<Value> symbols,
                                  ArrayRef<Value> capacities) {
  func::FuncOp adder;
  if (!sizes.derived().empty())
    adder = offsetAdder();
  Operation *anchor = l.constant(0).getDefiningOp();
  return BufferPlan(anchor, base, 0, symbols, capacities, adder);
}

} // namespace seqc::loops
