//===- MathematicsCount.cpp - How much a program multiplies ---------------===//
// A walk over the contractions; what is in a loop counts once for each step.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/MathematicsCount.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

using namespace mlir;

namespace seqc {
namespace {

/// Whether `value` is a one-hot vector, in loops too: a product with it is a
/// look-up.
bool isOneHot(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return value.getDefiningOp<seq::OneHotOp>();
  OperandRange sequences{nullptr, 0};
  Operation *loop = argument.getOwner()->getParentOp();
  if (auto scan = dyn_cast<seq::ScanOp>(loop))
    sequences = scan.getSequences();
  if (auto map = dyn_cast<seq::MapOp>(loop))
    sequences = map.getSequences();
  unsigned number = argument.getArgNumber();
  return number < sequences.size() && isOneHot(sequences[number]);
}

class Count {
public:
  explicit Count(int64_t length) : length(length) {}

  double ofRegion(Region &region) const {
    double sum = 0;
    for (Operation &op : region.getOps())
      sum += ofOperation(op);
    return sum;
  }

private:
  int64_t sizeOf(Value value, int64_t axis) const {
    int64_t size = cast<RankedTensorType>(value.getType()).getDimSize(axis);
    return ShapedType::isDynamic(size) ? lengthOf(value, axis) : size;
  }

  /// The length, but for what has as many positions as there are windows over
  /// something: the first axis of a map or a scan of them, most of all.
  int64_t lengthOf(Value value, int64_t axis) const {
    Operation *op = value.getDefiningOp();
    if (auto windows = dyn_cast_or_null<seq::WindowsOp>(op))
      if (axis == static_cast<int64_t>(windows.getAxis()))
        return windows.getWindowShape().count(sizeOf(windows.getInput(), axis));
    if (auto map = dyn_cast_or_null<seq::MapOp>(op); map && axis == 0)
      return sizeOf(map.getSequences().front(), 0);
    if (auto scan = dyn_cast_or_null<seq::ScanOp>(op); scan && axis == 0)
      return sizeOf(scan.getSequences().front(), 0);
    if (op && op->hasTrait<OpTrait::Elementwise>())
      return sizeOf(op->getOperand(0), axis);
    return length;
  }

  double ofOperation(Operation &op) const {
    if (auto contract = dyn_cast<seq::ContractOp>(op))
      return ofContraction(contract);
    if (auto scan = dyn_cast<seq::ScanOp>(op))
      return sizeOf(scan.getSequences().front(), scan.getAxis()) *
             ofRegion(scan.getBody());
    if (auto map = dyn_cast<seq::MapOp>(op))
      return sizeOf(map.getSequences().front(), 0) * ofRegion(map.getBody());
    return 0;
  }

  double ofContraction(seq::ContractOp contract) const {
    if (isOneHot(contract.getLhs()) || isOneHot(contract.getRhs()))
      return 0;
    double product = 2;
    auto result = cast<RankedTensorType>(contract.getResult().getType());
    for (int64_t axis = 0; axis < result.getRank(); ++axis)
      product *= sizeOf(contract.getResult(), axis);
    for (int64_t axis : contract.getLhsAxes())
      product *= sizeOf(contract.getLhs(), axis);
    return product;
  }

  int64_t length;
};

} // namespace

double countContractionsOfSample(ModuleOp module, int64_t length) {
  auto main = module.lookupSymbol<func::FuncOp>(seq::kMainName);
  return Count(length).ofRegion(main.getBody());
}

int64_t countTokensOfInputs(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>(seq::kMainName);
  std::optional<int64_t> least;
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto size = main.getArgAttrOfType<IntegerAttr>(i, seq::kVocabularyAttr))
      least = std::min(least.value_or(size.getInt()), size.getInt());
  return least.value_or(1);
}

} // namespace seqc
