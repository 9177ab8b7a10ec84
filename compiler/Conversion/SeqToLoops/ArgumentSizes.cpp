//===- ArgumentSizes.cpp - The sizes of a function's arguments ------------===//
// Reads the attributes of @main's arguments.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/ArgumentSizes.h"

#include "compiler/Dialect/Seq/IR/Program.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// The sizes of a batched argument: the rows, then what `seq.axes` says of one
/// sample's tensor. `ofDimension` has those of the dynamic dimensions.
static Sizes batchedSizes(RankedTensorType type, Attribute axes,
                          ArrayRef<Size> ofDimension) {
  Sizes sizes = {Size::rows()};
  auto ordinals = dyn_cast_or_null<DenseI64ArrayAttr>(axes);
  for (int64_t axis = 1; axis < type.getRank(); ++axis) {
    if (type.isDynamicDim(axis) && ordinals)
      sizes.push_back(ofDimension[ordinals[axis - 1]]);
    else
      sizes.push_back(Size::fixed(type.getDimSize(axis)));
  }
  return sizes;
}

/// The sizes of the lengths of dimension `n`: the rows, then the dimensions
/// that enclose it, from the outside in.
static Sizes sizesOfLengths(func::FuncOp main, int64_t n) {
  SmallVector<int64_t> enclosing = getEnclosingDimensions(main);
  Sizes sizes;
  for (int64_t outer = enclosing[n]; outer >= 0; outer = enclosing[outer])
    sizes.insert(sizes.begin(), Size::symbol(outer + 1));
  sizes.insert(sizes.begin(), Size::rows());
  return sizes;
}

int64_t setArgumentSizes(func::FuncOp main, SizeAnalysis &sizes) {
  const auto count = static_cast<int64_t>(getEnclosingDimensions(main).size());
  sizes.setDims(count + 1);
  SmallVector<Size> ofDimension;
  for (int64_t i = 0; i < count; ++i)
    ofDimension.push_back(Size::symbol(i + 1));
  for (DerivedAttr derived : getDerivedDimensions(main))
    ofDimension.push_back(
        sizes.windowsOf(ofDimension[derived.getSource()],
                        {derived.getOffset(), derived.getStride()}));
  for (BlockArgument argument : main.getArguments()) {
    unsigned i = argument.getArgNumber();
    if (main.getArgAttr(i, kPackedAttr))
      continue;
    if (auto n = main.getArgAttrOfType<IntegerAttr>(i, kLengthsAttr))
      sizes.set(argument, sizesOfLengths(main, n.getInt()));
    else
      sizes.set(argument,
                batchedSizes(cast<RankedTensorType>(argument.getType()),
                             main.getArgAttr(i, kAxesAttr), ofDimension));
  }
  sizes.findDerived(main);
  return count + 1;
}

} // namespace seqc::loops
