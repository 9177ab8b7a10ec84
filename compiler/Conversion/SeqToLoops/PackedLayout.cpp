//===- PackedLayout.cpp - How packed tensors lie in memory ----------------===//
// Finds out in which forms @main reads each packed tensor.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PackedLayout.h"

#include "compiler/Conversion/SeqToLoops/BufferPlan.h"
#include "compiler/Conversion/SeqToLoops/Epilogues.h"
#include "runtime/core/abi.h"

#include "llvm/Support/MathExtras.h"

#include <set>

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

PanelShape PanelShape::of(int64_t n, int64_t k, int64_t groups,
                          const TargetDescription &target,
                          Precision precision) {
  PanelShape shape;
  shape.precision = precision;
  shape.units = n / groups;
  shape.k = k;
  shape.groups = groups;
  // Groups are cut at their ends: narrow ones get short vectors.
  int64_t lanes = target.lanes();
  if (groups > 1)
    lanes = std::min<int64_t>(lanes, llvm::PowerOf2Ceil(shape.units));
  const int64_t widest = target.vectorRegisters >= 32 ? 4 : 2;
  const int64_t vectors = (shape.units + lanes - 1) / lanes;
  shape.panelUnits =
      lanes *
      std::clamp<int64_t>(vectors, 1, std::max<int64_t>(widest / groups, 1));
  return shape;
}

Type PanelShape::element(MLIRContext *context) const {
  if (precision == Precision::BF16)
    return BFloat16Type::get(context);
  return Float32Type::get(context);
}

int64_t PanelShape::bytes() const {
  const int64_t ofNumber = precision == Precision::BF16 ? 2 : sizeof(float);
  return panels() * steps() * width() * pack() * ofNumber;
}

MemRefType PanelShape::type(MLIRContext *context) const {
  return MemRefType::get({panels(), steps(), width() * pack()},
                         element(context));
}

PanelShape PackedLayout::panelsOf(ContractOp op) const {
  auto weights = cast<RankedTensorType>(op.getRhs().getType());
  return PanelShape::of(weights.getDimSize(0), weights.getDimSize(1),
                        unitGroupsOf(op, target), target, precision);
}

Value throughInvariants(Value value) {
  while (auto argument = dyn_cast<BlockArgument>(value)) {
    auto scan = dyn_cast<ScanOp>(argument.getOwner()->getParentOp());
    if (!scan)
      break;
    int64_t first = scan.getSequences().size() + scan.getInits().size();
    int64_t i = int64_t(argument.getArgNumber()) - first;
    if (i < 0)
      break;
    value = scan.getInvariants()[i];
  }
  return value;
}

static std::optional<int64_t> packedOrdinal(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return std::nullopt;
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!function)
    return std::nullopt;
  auto ordinal = function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(),
                                                        "seq.packed");
  return ordinal ? std::optional(ordinal.getInt()) : std::nullopt;
}

bool isPanelProduct(ContractOp op) {
  auto lhs = cast<RankedTensorType>(op.getLhs().getType());
  auto rhs = cast<RankedTensorType>(op.getRhs().getType());
  return op.getLhsBatch().empty() && op.getLhsAxes().size() == 1 &&
         op.getLhsAxes()[0] == lhs.getRank() - 1 && rhs.getRank() == 2 &&
         rhs.hasStaticShape() && op.getRhsAxes()[0] == 1 &&
         rhs.getNumElements() > 0 &&
         packedOrdinal(throughInvariants(op.getRhs()));
}

/// Whether a use only hands the value on, to a place where its uses are found
/// by themselves.
static bool isHandedOn(OpOperand &use) {
  auto scan = dyn_cast<ScanOp>(use.getOwner());
  if (!scan)
    return false;
  int64_t first = scan.getSequences().size() + scan.getInits().size();
  int64_t i = int64_t(use.getOperandNumber()) - first;
  return i >= 0 && i < int64_t(scan.getInvariants().size());
}

int64_t PackedLayout::place(int64_t bytes) {
  int64_t offset = end;
  end += roundUp(bytes, SEQC_ALIGNMENT);
  return offset;
}

PackedLayout::PackedLayout(ArrayRef<func::FuncOp> readers, func::FuncOp pack,
                           const TargetDescription &target, Precision precision)
    : target(target), precision(precision) {
  // How each packed tensor is read, followed through invariants.
  llvm::DenseSet<int64_t> plain;
  std::map<int64_t, std::set<int64_t>> panels;
  auto note = [&](Value value) {
    for (OpOperand &use : value.getUses()) {
      std::optional<int64_t> n = packedOrdinal(throughInvariants(value));
      if (!n || isHandedOn(use))
        continue;
      auto contract = dyn_cast<ContractOp>(use.getOwner());
      bool isWeight =
          contract && use.getOperandNumber() == 1 && isPanelProduct(contract);
      if (isWeight)
        panels[*n].insert(unitGroupsOf(contract, target));
      else
        plain.insert(*n);
    }
  };
  for (func::FuncOp reader : readers) {
    for (Value argument : reader.getArguments())
      note(argument);
    reader.walk([&](ScanOp scan) {
      for (Value argument : scan.getInvariantArgs())
        note(argument);
    });
  }

  for (unsigned i = 0; i < pack.getNumResults(); ++i) {
    auto type = cast<RankedTensorType>(pack.getResultTypes()[i]);
    PackedTensor tensor;
    tensor.type = type;
    int64_t bytes = type.getNumElements() * bytesOf(type.getElementType());
    if (auto k = pack.getResultAttrOfType<IntegerAttr>(i, "seq.initial")) {
      tensor.plainOffset = place(bytes);
      initials[k.getInt()] = tensor;
    }
    auto n = pack.getResultAttrOfType<IntegerAttr>(i, "seq.packed");
    if (!n)
      continue;
    tensor.plainOffset = plain.contains(n.getInt()) ? place(bytes) : -1;
    for (int64_t groups : panels[n.getInt()]) {
      auto shape = PanelShape::of(type.getDimSize(0), type.getDimSize(1),
                                  groups, target, precision);
      tensor.panels.push_back({shape, place(shape.bytes())});
    }
    tensors[n.getInt()] = tensor;
  }
}

} // namespace seqc::loops
