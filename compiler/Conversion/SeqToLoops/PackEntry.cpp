//===- PackEntry.cpp - What depends on parameters alone -------------------===//
// NAME_pack computes @pack once and writes its results in the forms that @main
// reads. What it needs meanwhile lies behind them.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Constants.h"
#include "compiler/Conversion/SeqToLoops/EntryPoints.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace seqc::loops {

/// Binds parameter `i` to the tensor that the caller gives.
static void bindParameter(Lowering &l, BlockArgument parameter, Value params) {
  auto type = cast<RankedTensorType>(parameter.getType());
  Location loc = l.b.getLoc();
  AbiTensor tensor =
      loadTensor(l.b, loc, params, parameter.getArgNumber(), type.getRank());
  if (type.getRank() > 1)
    tensor.strides.back() = l.constant(1);
  SmallVector<int64_t> strides(type.getRank(), ShapedType::kDynamic);
  if (strides.size() > 1)
    strides.back() = 1;
  SmallVector<Value> sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(l.constant(size));
  auto memref =
      MemRefType::get(type.getShape(), memoryType(type.getElementType()),
                      StridedLayoutAttr::get(l.b.getContext(), 0, strides));
  l.buffers[parameter] = makeMemRef(l.b, loc, memref, tensor.data,
                                    l.constant(0), sizes, tensor.strides);
}

/// Copies weights [N, K] into panels, zero behind column N.
static void fillPanels(Lowering &l, const PanelShape &shape, Value weights,
                       Value panels) {
  Value zero = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(0));
  Sizes sizes = {Size::fixed(shape.panels()), Size::fixed(shape.k),
                 Size::fixed(shape.width())};
  forEach(l, sizes, [&](ArrayRef<Value> at) {
    Value first = arith::MulIOp::create(l.b, at[0], l.constant(shape.width()));
    Value n = arith::AddIOp::create(l.b, first, at[2]);
    Value last = l.constant(shape.n - 1);
    Value exists =
        arith::CmpIOp::create(l.b, arith::CmpIPredicate::ule, n, last);
    Value column = arith::MinUIOp::create(l.b, n, last);
    Value weight =
        memref::LoadOp::create(l.b, weights, ValueRange{column, at[1]});
    weight = arith::SelectOp::create(l.b, exists, weight, zero);
    memref::StoreOp::create(l.b, weight, panels, at);
  });
}

namespace {

/// A tensor whose panels are filled once its value lies in memory.
struct PendingPanels {
  Value value;
  PanelShape shape;
  Value panels;
};

} // namespace

static void packResults(Lowering &l, func::FuncOp pack, Value base) {
  std::vector<Store> stores;
  std::vector<PendingPanels> pending;
  auto view = [&](MemRefType type, int64_t offset) -> Value {
    return memref::ViewOp::create(l.b, type, base, l.constant(offset),
                                  ValueRange());
  };
  auto storePlain = [&](Value value, int64_t offset) {
    auto type = cast<RankedTensorType>(value.getType());
    auto place = bufferType(l.sizes.of(value), type.getElementType());
    stores.push_back({value, view(place, offset)});
  };
  auto results = pack.getBody().front().getTerminator()->getOperands();
  for (auto [i, value] : llvm::enumerate(results)) {
    if (auto k = pack.getResultAttrOfType<IntegerAttr>(i, "seq.initial"))
      storePlain(value, l.packed.initial(k.getInt()).plainOffset);
    auto n = pack.getResultAttrOfType<IntegerAttr>(i, "seq.packed");
    if (!n)
      continue;
    const PackedTensor &tensor = l.packed.tensor(n.getInt());
    if (tensor.plainOffset >= 0)
      storePlain(value, tensor.plainOffset);
    if (tensor.panelOffset < 0)
      continue;
    auto shape = PanelShape::of(tensor.type.getDimSize(0),
                                tensor.type.getDimSize(1), l.target);
    auto type = MemRefType::get({shape.panels(), shape.k, shape.width()},
                                tensor.type.getElementType());
    pending.push_back({value, shape, view(type, tensor.panelOffset)});
    // A parameter already lies in memory.
    if (!isa<BlockArgument>(l.resolve(value)))
      stores.push_back({value, l.workspaceFor(value)});
  }
  lowerBlock(l, pack.getBody().front(), stores);
  for (const PendingPanels &panels : pending) {
    Value source = l.resolve(panels.value);
    Value weights = isa<BlockArgument>(source) ? l.buffers.lookup(source)
                                               : l.workspaceFor(panels.value);
    fillPanels(l, panels.shape, weights, panels.panels);
  }
}

void buildPack(func::FuncOp pack, const PackedLayout &packed,
               const TargetDescription &target, StringRef name) {
  ImplicitLocOpBuilder b(pack.getLoc(), pack);
  Type ptr = pointerType(b.getContext()), i32 = b.getI32Type();
  auto function = func::FuncOp::create(b, (name + "_pack").str(),
                                       b.getFunctionType({ptr, ptr}, i32));
  SizeAnalysis sizes;
  Lowering l(function, target, packed, sizes, name.str());
  Value params = function.getArgument(0), place = function.getArgument(1);
  l.firstRow = l.constant(0);
  auto bytes = MemRefType::get({ShapedType::kDynamic}, l.b.getI8Type());
  Value all = l.constant(std::numeric_limits<int64_t>::max());
  Value base = makeMemRef(l.b, l.b.getLoc(), bytes, place, l.constant(0), all,
                          l.constant(1));
  Operation *anchor = l.constant(0).getDefiningOp();
  l.plan.emplace(anchor, base, packed.bytes(), ArrayRef<Value>(),
                 ArrayRef<Value>());
  for (BlockArgument parameter : pack.getArguments())
    bindParameter(l, parameter, params);
  bindConstants(l, pack);
  packResults(l, pack, base);
  func::ReturnOp::create(
      l.b, Value(arith::ConstantIntOp::create(l.b, i32, SEQC_OK)));

  auto query = func::FuncOp::create(b, (name + "_packed").str(),
                                    b.getFunctionType({}, b.getI64Type()));
  b.setInsertionPointToStart(query.addEntryBlock());
  Value total = arith::ConstantIntOp::create(
      b, b.getI64Type(), packed.bytes() + l.plan->staticBytes());
  func::ReturnOp::create(b, total);
}

} // namespace seqc::loops
