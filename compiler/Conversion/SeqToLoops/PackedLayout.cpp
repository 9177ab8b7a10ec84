//===- PackedLayout.cpp - How packed tensors lie in memory ----------------===//
// Finds out in which forms @main reads each packed tensor.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PackedLayout.h"

#include "compiler/Conversion/SeqToLoops/BufferPlan.h"
#include "compiler/Conversion/SeqToLoops/Epilogues.h"
#include "compiler/Conversion/SeqToLoops/Quantization.h"
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
  // A sum of whole numbers could grow too large.
  const bool isTooLong = precision == Precision::Int8 && k > kLongestInt8Sum;
  shape.precision = isTooLong ? Precision::F32 : precision;
  shape.units = n / groups;
  shape.k = k;
  shape.groups = groups;
  // Groups are cut at their ends: narrow ones get short vectors.
  int64_t lanes = target.lanes();
  if (groups > 1)
    lanes = std::min<int64_t>(lanes, llvm::PowerOf2Ceil(shape.units));
  // Tiles are 16 columns wide and take 16 pairs; longer rows than these would
  // be much for a stack.
  constexpr int64_t kTile = 16, kLongestRow = 4096;
  if (shape.precision == Precision::BF16 && target.tileBf16 && lanes == kTile &&
      k <= kLongestRow)
    shape.stepsAtOnce = kTile;
  const int64_t widest = target.vectorRegisters >= 32 ? 4 : 2;
  const int64_t vectors = (shape.units + lanes - 1) / lanes;
  shape.panelUnits =
      lanes *
      std::clamp<int64_t>(vectors, 1, std::max<int64_t>(widest / groups, 1));
  return shape;
}

int64_t PanelShape::pack() const {
  switch (precision) {
  case Precision::F32:
    return 1;
  case Precision::BF16:
    return 2;
  case Precision::Int8:
    return 4;
  }
  return 1;
}

Type PanelShape::element(MLIRContext *context) const {
  switch (precision) {
  case Precision::F32:
    break;
  case Precision::BF16:
    return BFloat16Type::get(context);
  case Precision::Int8:
    return IntegerType::get(context, 8);
  }
  return Float32Type::get(context);
}

MemRefType PanelShape::type(MLIRContext *context) const {
  return MemRefType::get({panels(), steps(), width() * pack()},
                         element(context));
}

MemRefType PanelShape::columnsType(Type element) const {
  return MemRefType::get({panels(), width()}, element);
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
      PackedTensor::Panels form = {shape, place(shape.bytes())};
      if (shape.isQuantized()) {
        form.scalesOffset = place(shape.columns() * int64_t(sizeof(float)));
        form.offsetsOffset = place(shape.columns() * int64_t(sizeof(int32_t)));
      }
      tensor.panels.push_back(form);
    }
    tensors[n.getInt()] = tensor;
  }
}

} // namespace seqc::loops
