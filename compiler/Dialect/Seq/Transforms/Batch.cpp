//===- Batch.cpp - From one sample's program to a batch's -----------------===//
// Gives @main a batch dimension. How an op takes a dimension is the op's own
// affair (BatchOpInterface); this file says to whom it is given.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_BATCHPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

/// The rewriting of @main.
class MainBatching {
public:
  explicit MainBatching(func::FuncOp main)
      : main(main), builder(main.getContext()) {}

  LogicalResult run();

private:
  bool isBatched(unsigned argument) {
    return main.getArgAttr(argument, kInputAttr) ||
           main.getArgAttr(argument, kStateAttr);
  }
  void addLengths(ArrayRef<int64_t> enclosing);
  Block *createEntry();
  Value sizeOf(unsigned argument, int64_t axis) {
    return tensor::DimOp::create(builder, main.getLoc(),
                                 main.getArgument(argument), axis);
  }
  void makeDimensions(Batcher &batcher, ArrayRef<int64_t> enclosing);
  void makeDerived(Batcher &batcher);
  const Dimension *dimensionOf(int64_t ordinal) const;
  void setArguments(Batcher &batcher);
  /// Whether all samples add to a result: the gradient of a parameter.
  bool isSummed(unsigned result) {
    auto of = main.getResultAttrOfType<StringAttr>(result, kOfAttr);
    return of && of.getValue() == kOfParam;
  }
  Value sumOverBatch(Batcher &batcher, const Batched &result, Location loc);
  LogicalResult finish(Batcher &batcher, func::ReturnOp original);

  func::FuncOp main;
  OpBuilder builder;
  /// The program of one sample.
  Region original;
  SmallVector<Dimension *> dimensions;
  /// Those that follow from others.
  SmallVector<const Dimension *> derived;
};

struct BatchPass : impl::BatchPassBase<BatchPass> {
  void runOnOperation() override;
};

} // namespace

/// One argument for each dynamic dimension, behind all others.
void MainBatching::addLengths(ArrayRef<int64_t> enclosing) {
  for (auto [ordinal, outer] : llvm::enumerate(enclosing)) {
    int64_t rank = 1;
    for (int64_t next = outer; next >= 0; next = enclosing[next])
      ++rank;
    SmallVector<int64_t> shape(rank, ShapedType::kDynamic);
    auto attributes = builder.getDictionaryAttr(
        builder.getNamedAttr(kLengthsAttr, builder.getI64IntegerAttr(ordinal)));
    (void)main.insertArgument(
        main.getNumArguments(),
        RankedTensorType::get(shape, builder.getI64Type()), attributes,
        main.getLoc());
  }
}

/// An empty body whose arguments have the batch in front.
Block *MainBatching::createEntry() {
  original.takeBody(main.getBody());
  Block *entry = builder.createBlock(&main.getBody());
  for (BlockArgument argument : original.getArguments()) {
    Type type = argument.getType();
    if (isBatched(argument.getArgNumber()))
      type = insertAxis(cast<RankedTensorType>(type), 0, ShapedType::kDynamic);
    entry->addArgument(type, argument.getLoc());
  }
  return entry;
}

void MainBatching::makeDimensions(Batcher &batcher,
                                  ArrayRef<int64_t> enclosing) {
  const unsigned first = main.getNumArguments() - enclosing.size();
  for (size_t ordinal = 0; ordinal < enclosing.size(); ++ordinal)
    dimensions.push_back(&batcher.makeDimension(
        main.getArgument(first + ordinal), /*size=*/{}, /*outer=*/nullptr));
  for (auto [dimension, outer] : llvm::zip_equal(dimensions, enclosing))
    if (outer >= 0)
      dimension->outer = dimensions[outer];
  for (unsigned i = 0; i < first; ++i)
    for (auto [axis, ordinal] : llvm::enumerate(getAxes(main, i)))
      if (ordinal >= 0 && ordinal < static_cast<int64_t>(dimensions.size()) &&
          !dimensions[ordinal]->size)
        dimensions[ordinal]->size = sizeOf(i, axis + (isBatched(i) ? 1 : 0));
}

/// The dimension of an ordinal; null of a static axis.
const Dimension *MainBatching::dimensionOf(int64_t ordinal) const {
  if (ordinal < 0)
    return nullptr;
  const auto count = static_cast<int64_t>(dimensions.size());
  return ordinal < count ? dimensions[ordinal] : derived[ordinal - count];
}

void MainBatching::makeDerived(Batcher &batcher) {
  for (DerivedAttr each : getDerivedDimensions(main))
    derived.push_back(batcher.windowsOf(dimensionOf(each.getSource()),
                                        {each.getOffset(), each.getStride()}));
}

void MainBatching::setArguments(Batcher &batcher) {
  for (auto [before, after] :
       llvm::zip_equal(original.getArguments(), main.getArguments())) {
    SmallVector<Axis> axes;
    for (int64_t ordinal : getAxes(main, before.getArgNumber()))
      axes.push_back({dimensionOf(ordinal)});
    batcher.set(before, after, axes);
  }
}

/// The sum of what the samples give. Zero needs no batch to be summed.
Value MainBatching::sumOverBatch(Batcher &batcher, const Batched &result,
                                 Location loc) {
  if (!result.hasDimension && matchPattern(result.value, m_AnyZeroFloat()))
    return result.value;
  return ReduceOp::create(builder, loc, ReductionKind::Sum,
                          batcher.expand(result, loc), /*axis=*/0);
}

/// All results that are not summed have the batch in front, and zero in their
/// padding.
LogicalResult MainBatching::finish(Batcher &batcher, func::ReturnOp original) {
  SmallVector<Value> results;
  for (auto [number, value] : llvm::enumerate(original.getOperands())) {
    Batched result = batcher.get(value);
    if (isSummed(number)) {
      results.push_back(sumOverBatch(batcher, result, original.getLoc()));
      continue;
    }
    batcher.expandInPlace(result, original.getLoc());
    for (size_t axis = 0; axis < result.axes.size(); ++axis)
      if (failed(batcher.mask(
              result, axis,
              builder.getZeroAttr(getElementTypeOrSelf(value.getType())),
              original)))
        return failure();
    results.push_back(result.value);
  }
  func::ReturnOp::create(builder, original.getLoc(), results);
  main.setType(builder.getFunctionType(main.getBody().getArgumentTypes(),
                                       ValueRange(results).getTypes()));
  return success();
}

LogicalResult MainBatching::run() {
  std::optional<unsigned> first;
  for (unsigned i = main.getNumArguments(); i-- > 0;)
    if (isBatched(i))
      first = i;
  if (!first)
    return main.emitError("has no input and no state to take the batch from");
  SmallVector<int64_t> enclosing = getEnclosingDimensions(main);
  addLengths(enclosing);
  builder.setInsertionPointToStart(createEntry());
  Value batch = sizeOf(*first, 0);
  Batcher batcher(builder, /*position=*/0, ShapedType::kDynamic, batch);
  batcher.setSampleIds(SampleIdsOp::create(
      builder, main.getLoc(),
      RankedTensorType::get(ShapedType::kDynamic, builder.getI64Type()),
      batch));
  makeDimensions(batcher, enclosing);
  makeDerived(batcher);
  setArguments(batcher);
  Block &block = original.front();
  if (failed(batcher.rewrite(block)))
    return failure();
  return finish(batcher, cast<func::ReturnOp>(block.getTerminator()));
}

void BatchPass::runOnOperation() {
  auto main = getOperation().lookupSymbol<func::FuncOp>(kMainName);
  if (!main)
    return;
  if (failed(MainBatching(main).run()))
    return signalPassFailure();
  // Sizes and numbers of samples that nothing needed, what fed the lengths.
  eraseDeadOps(main.getBody());
}

} // namespace seqc::seq
