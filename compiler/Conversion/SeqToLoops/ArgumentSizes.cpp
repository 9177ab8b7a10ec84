//===- ArgumentSizes.cpp - The sizes of a function's arguments ------------===//
// Reads the attributes of @main's arguments.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/ArgumentSizes.h"

#include "compiler/Dialect/Seq/IR/Program.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// The sizes of a batched argument or result: the rows, then what `seq.axes`
/// says of one sample's tensor.
static Sizes batchedSizes(RankedTensorType type, Attribute axes) {
  Sizes sizes = {Size::rows()};
  auto ordinals = dyn_cast_or_null<DenseI64ArrayAttr>(axes);
  for (int64_t axis = 1; axis < type.getRank(); ++axis) {
    if (type.isDynamicDim(axis) && ordinals)
      sizes.push_back(Size::symbol(ordinals[axis - 1] + 1));
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
  int64_t dims = 1;
  for (BlockArgument argument : main.getArguments()) {
    unsigned i = argument.getArgNumber();
    if (main.getArgAttr(i, kPackedAttr))
      continue;
    Sizes of = batchedSizes(cast<RankedTensorType>(argument.getType()),
                            main.getArgAttr(i, kAxesAttr));
    if (auto n = main.getArgAttrOfType<IntegerAttr>(i, kLengthsAttr)) {
      dims = std::max(dims, n.getInt() + 2);
      of = sizesOfLengths(main, n.getInt());
    }
    for (Size size : of)
      if (size.isSymbol)
        dims = std::max(dims, size.value + 1);
    sizes.set(argument, of);
  }
  sizes.findDerived(main, dims);
  return dims;
}

} // namespace seqc::loops
