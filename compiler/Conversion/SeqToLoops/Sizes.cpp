//===- Sizes.cpp - The size of every axis, by symbol ----------------------===//
// How each operation's result gets its sizes from its operands.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Sizes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace seqc::loops;
using namespace seqc::seq;

static Sizes without(Sizes sizes, int64_t axis) {
  sizes.erase(sizes.begin() + axis);
  return sizes;
}

static Sizes with(Sizes sizes, int64_t axis, Size size) {
  sizes.insert(sizes.begin() + axis, size);
  return sizes;
}

Size SizeAnalysis::ofIndex(Value index) {
  if (auto argument = dyn_cast<BlockArgument>(index)) {
    auto scan = cast<ScanOp>(argument.getOwner()->getParentOp());
    int64_t first = scan.getSequences().size() + scan.getInits().size();
    return ofIndex(scan.getInvariants()[argument.getArgNumber() - first]);
  }
  if (auto dim = index.getDefiningOp<tensor::DimOp>())
    return of(dim.getSource())[*dim.getConstantIndex()];
  if (auto count = index.getDefiningOp<WindowCountOp>())
    return windowsOf(ofIndex(count.getInput()), count.getWindowShape());
  IntegerAttr constant;
  if (matchPattern(index, m_Constant(&constant)))
    return Size::fixed(constant.getInt());
  return Size::fixed(0);
}

//===----------------------------------------------------------------------===//
// Derived sizes
//===----------------------------------------------------------------------===//

Size SizeAnalysis::windowsOf(Size source, const WindowShape &shape) {
  if (!source.isSymbol)
    return Size::fixed(shape.count(source.value));
  if (shape.keepsLength())
    return source;
  const DerivedSize wanted{source, shape};
  auto *found = llvm::find(derivedSizes, wanted);
  const int64_t ordinal = firstDerived + (found - derivedSizes.begin());
  if (found == derivedSizes.end())
    derivedSizes.push_back(wanted);
  return Size::symbol(ordinal);
}

Sizes SizeAnalysis::padded(WindowsOp op) {
  Sizes sizes = of(op.getInput());
  const auto padding = static_cast<int64_t>(op.getBefore() + op.getAfter());
  Size &walked = sizes[op.getAxis()];
  walked = windowsOf(walked, {/*offset=*/padding - 1, /*stride=*/1});
  return sizes;
}

void SizeAnalysis::findDerived(func::FuncOp function) {
  function.walk([&](Operation *op) {
    if (auto windows = dyn_cast<WindowsOp>(op)) {
      of(windows);
      padded(windows);
    } else if (auto count = dyn_cast<WindowCountOp>(op)) {
      if (isa<IndexType>(count.getType()))
        ofIndex(count);
    }
  });
}

//===----------------------------------------------------------------------===//
// Sizes of values
//===----------------------------------------------------------------------===//

Sizes SizeAnalysis::of(Value tensor) {
  if (auto it = known.find(tensor); it != known.end())
    return it->second;
  auto type = cast<RankedTensorType>(tensor.getType());
  Sizes sizes;
  if (!type.hasStaticShape())
    sizes = derive(tensor);
  sizes.resize(type.getRank());
  for (auto [size, fixed] : llvm::zip_equal(sizes, type.getShape()))
    if (!ShapedType::isDynamic(fixed))
      size = Size::fixed(fixed);
  known[tensor] = sizes;
  return sizes;
}

Sizes SizeAnalysis::ofBlockArgument(BlockArgument argument) {
  auto scan = cast<ScanOp>(argument.getOwner()->getParentOp());
  size_t i = argument.getArgNumber();
  if (i < scan.getSequences().size())
    return without(of(scan.getSequences()[i]), scan.getAxis());
  i -= scan.getSequences().size();
  if (i < scan.getInits().size())
    return of(scan.getInits()[i]);
  return of(scan.getInvariants()[i - scan.getInits().size()]);
}

static Sizes ofContract(ContractOp op, const Sizes &lhs, const Sizes &rhs) {
  Sizes sizes;
  for (int64_t axis : op.getLhsBatch())
    sizes.push_back(lhs[axis]);
  auto addFree = [&](const Sizes &side, ArrayRef<int64_t> axes,
                     ArrayRef<int64_t> batch) {
    for (auto [axis, size] : llvm::enumerate(side))
      if (!llvm::is_contained(axes, (int64_t)axis) &&
          !llvm::is_contained(batch, (int64_t)axis))
        sizes.push_back(size);
  };
  addFree(lhs, op.getLhsAxes(), op.getLhsBatch());
  addFree(rhs, op.getRhsAxes(), op.getRhsBatch());
  return sizes;
}

Sizes SizeAnalysis::derive(Value tensor) {
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return ofBlockArgument(argument);
  Operation *op = tensor.getDefiningOp();
  return llvm::TypeSwitch<Operation *, Sizes>(op)
      .Case([&](ScanOp scan) {
        size_t i = cast<OpResult>(tensor).getResultNumber();
        if (i < scan.getInits().size())
          return of(scan.getInits()[i]);
        return with(of(scan.getYield().getValues()[i]), scan.getAxis(),
                    of(scan.getSequences()[0])[scan.getAxis()]);
      })
      .Case([&](ContractOp contract) {
        return ofContract(contract, of(contract.getLhs()),
                          of(contract.getRhs()));
      })
      .Case([&](ReduceOp reduce) {
        return without(of(reduce.getInput()), reduce.getAxis());
      })
      .Case([&](AtOp at) { return without(of(at.getInput()), at.getAxis()); })
      .Case([&](BroadcastOp broadcast) {
        Sizes input = of(broadcast.getInput()), sizes;
        auto type = cast<RankedTensorType>(tensor.getType());
        size_t kept = 0, next = 0;
        for (int64_t axis = 0; axis < type.getRank(); ++axis) {
          if (kept < input.size() && broadcast.getDims()[kept] == axis)
            sizes.push_back(input[kept++]);
          else if (type.isDynamicDim(axis))
            sizes.push_back(ofIndex(broadcast.getSizes()[next++]));
          else
            sizes.push_back(Size::fixed(type.getDimSize(axis)));
        }
        return sizes;
      })
      .Case([&](TransposeOp transpose) {
        Sizes input = of(transpose.getInput()), sizes;
        for (int64_t axis : transpose.getPermutation())
          sizes.push_back(input[axis]);
        return sizes;
      })
      .Case([&](ReshapeOp reshape) {
        Sizes input = of(reshape.getInput());
        Sizes sizes(reshape.getType().getRank());
        for (const ReshapePart &part : reshape.getParts())
          if (part.isAxis())
            sizes[part.firstTo] = input[part.firstFrom];
        return sizes;
      })
      .Case([&](IotaOp iota) { return Sizes{ofIndex(iota.getSize())}; })
      .Case([&](OneHotOp hot) {
        Sizes sizes = of(hot.getTokens());
        sizes.push_back(Size::fixed(hot.getType().getShape().back()));
        return sizes;
      })
      .Case([&](GatherOp gather) {
        Sizes sizes = of(gather.getTokens());
        Sizes table = of(gather.getTable());
        sizes.append(table.begin() + 1, table.end());
        return sizes;
      })
      .Case([&](ScatterAddOp scatter) {
        Sizes sizes = of(scatter.getUpdates());
        sizes.erase(sizes.begin(),
                    sizes.begin() + scatter.getTokens().getType().getRank());
        return with(sizes, 0, Size::fixed(scatter.getType().getDimSize(0)));
      })
      .Case([&](WindowsOp windows) {
        Sizes sizes = of(windows.getInput());
        Size &walked = sizes[windows.getAxis()];
        walked = windowsOf(walked, windows.getWindowShape());
        return with(sizes, windows.getAxis() + 1,
                    Size::fixed(windows.getSize()));
      })
      .Case([&](OverlapAddOp sums) {
        Sizes sizes = without(of(sums.getInput()), sums.getAxis() + 1);
        if (sums.getSize())
          sizes[sums.getAxis()] = ofIndex(sums.getSize());
        return sizes;
      })
      .Case([&](UniformOp uniform) {
        Sizes sizes = of(uniform.getTime());
        sizes.resize(uniform.getType().getRank());
        return sizes;
      })
      .Case([&](SampleIdsOp ids) { return Sizes{ofIndex(ids.getSize())}; })
      // What is left keeps its operands' sizes, but for static axes.
      .Default([&](Operation *op) {
        for (Value operand : op->getOperands())
          if (isa<RankedTensorType>(operand.getType()))
            return of(operand);
        return Sizes();
      });
}
