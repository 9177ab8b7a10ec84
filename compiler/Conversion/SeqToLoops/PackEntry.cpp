//===- PackEntry.cpp - What depends on parameters alone -------------------===//
// NAME_pack computes @pack once and writes its results in the forms that @main
// reads. What it needs meanwhile lies behind them.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Constants.h"
#include "compiler/Conversion/SeqToLoops/EntryPoints.h"
#include "compiler/Conversion/SeqToLoops/PanelColumn.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/FormatVariadic.h"

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

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

/// Weights [rows, K], any distance apart, and all panels of a width.
static MemRefType weightsType(MLIRContext *context) {
  int64_t any = ShapedType::kDynamic;
  return MemRefType::get({any, any}, Float32Type::get(context),
                         StridedLayoutAttr::get(context, any, {any, 1}));
}
/// What has one number for each column of such panels.
static MemRefType columnsType(Type element, const PanelShape &shape) {
  return MemRefType::get({ShapedType::kDynamic, shape.width()}, element);
}
static MemRefType panelsType(MLIRContext *context, const PanelShape &shape) {
  int64_t any = ShapedType::kDynamic;
  return MemRefType::get({any, any, shape.width() * shape.pack()},
                         shape.element(context));
}

/// The private function that copies rows of weights to the columns of panels,
/// as the rows from `first` on of all. There is one for each shape of groups.
static func::FuncOp panelFiller(Lowering &l, const PanelShape &shape) {
  auto module = l.function->getParentOfType<ModuleOp>();
  // Without groups, columns go on from panel to panel.
  std::string name =
      llvm::formatv("{0}_fill_panels_{1}", l.model, shape.width());
  if (shape.groups > 1)
    name += llvm::formatv("_{0}x{1}", shape.groups, shape.units);
  if (shape.precision != Precision::F32)
    name += "_" + std::string(nameOf(shape.precision));
  if (auto existing = module.lookupSymbol<func::FuncOp>(name))
    return existing;
  ImplicitLocOpBuilder b(l.function.getLoc(), l.function);
  MLIRContext *context = b.getContext();
  SmallVector<Type> types = {weightsType(context), panelsType(context, shape),
                             b.getIndexType()};
  if (shape.isQuantized())
    types.append({columnsType(b.getF32Type(), shape),
                  columnsType(b.getI32Type(), shape)});
  auto filler = func::FuncOp::create(b, name, b.getFunctionType(types, {}));
  makeInternal(filler);
  makeSmall(filler);
  b.setInsertionPointToStart(filler.addEntryBlock());
  Value weights = filler.getArgument(0);
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, n);
  };
  Value zero = constant(0), one = constant(1);
  auto rows = scf::ForOp::create(
      b, zero, memref::DimOp::create(b, weights, int64_t(0)), one);
  b.setInsertionPointToStart(rows.getBody());
  Value unit =
      arith::AddIOp::create(b, rows.getInductionVar(), filler.getArgument(2));
  Value columns = constant(shape.panelUnits), before = zero;
  if (shape.groups > 1) {
    Value group = arith::DivUIOp::create(b, unit, constant(shape.units));
    unit = arith::RemUIOp::create(b, unit, constant(shape.units));
    before = arith::MulIOp::create(b, group, columns);
  }
  PanelColumn column = {shape,
                        weights,
                        rows.getInductionVar(),
                        filler.getArgument(1),
                        arith::DivUIOp::create(b, unit, columns),
                        {}};
  column.column = arith::AddIOp::create(
      b, before, arith::RemUIOp::create(b, unit, columns));
  if (shape.isQuantized())
    fillQuantized(b, column, filler.getArgument(3), filler.getArgument(4));
  else
    fillRounded(b, column);
  b.setInsertionPointAfter(rows);
  func::ReturnOp::create(b);
  return filler;
}

static Value zeroOf(Lowering &l, const PanelShape &shape) {
  Type element = shape.element(l.b.getContext());
  return arith::ConstantOp::create(l.b, l.b.getZeroAttr(element));
}

/// Sets the columns that no weight has: the last ones of each group.
static void clearTail(Lowering &l, const PanelShape &shape, Value panels) {
  const int64_t pack = shape.pack(), width = shape.panelUnits * pack;
  const int64_t left = (shape.panels() * shape.panelUnits - shape.units) * pack;
  if (left == 0)
    return;
  Value zero = zeroOf(l, shape);
  Value last = l.constant(shape.panels() - 1);
  const Size sizes[] = {Size::fixed(shape.steps()), Size::fixed(shape.groups),
                        Size::fixed(left)};
  forEach(l, sizes, [&](ArrayRef<Value> at) {
    Value group = arith::MulIOp::create(l.b, at[1], l.constant(width));
    Value unit = arith::AddIOp::create(l.b, at[2], l.constant(width - left));
    memref::StoreOp::create(
        l.b, zero, panels,
        ValueRange{last, at[0], arith::AddIOp::create(l.b, group, unit)});
  });
}

/// Sets all numbers that stand beside the last ones along K, before these are
/// written.
static void clearEnd(Lowering &l, const PanelShape &shape, Value panels) {
  if (shape.k % shape.pack() == 0)
    return;
  Value zero = zeroOf(l, shape), last = l.constant(shape.steps() - 1);
  const Size sizes[] = {Size::fixed(shape.panels()),
                        Size::fixed(shape.width() * shape.pack())};
  forEach(l, sizes, [&](ArrayRef<Value> at) {
    memref::StoreOp::create(l.b, zero, panels, ValueRange{at[0], last, at[1]});
  });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

namespace {

/// Writes the results of @pack to their places.
class ResultPacker {
public:
  ResultPacker(Lowering &l, func::FuncOp pack, Value base)
      : l(l), pack(pack), base(base) {}

  void emit() {
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
      for (const PackedTensor::Panels &panels : tensor.panels)
        storePanels(value, panels);
    }
    lowerBlock(l, pack.getBody().front(), stores);
    for (const Part &part : parts)
      fill(part);
  }

private:
  /// Rows of weights, and the column of the panels where they begin. Without a
  /// memref of their own they are first stored to `buffer`.
  struct Part {
    Value value, buffer;
    PackedPanels panels;
    const PanelShape &shape;
    int64_t first;
  };

  Value place(MemRefType type, int64_t offset) {
    return memref::ViewOp::create(l.b, type, base, l.constant(offset),
                                  ValueRange());
  }

  void storePlain(Value value, int64_t offset) {
    auto type = cast<RankedTensorType>(value.getType());
    stores.push_back(
        {value,
         place(bufferType(l.sizes.of(value), type.getElementType()), offset)});
  }

  void storePanels(Value value, const PackedTensor::Panels &to) {
    Value panels = place(to.shape.type(l.b.getContext()), to.offset);
    clearTail(l, to.shape, panels);
    clearEnd(l, to.shape, panels);
    auto asAny = [&](MemRefType type, Value memref) -> Value {
      return memref::CastOp::create(l.b, type, memref);
    };
    auto columns = [&](Type element, int64_t offset) {
      return asAny(columnsType(element, to.shape),
                   place(to.shape.columnsType(element), offset));
    };
    PackedPanels packed;
    packed.weights = asAny(panelsType(l.b.getContext(), to.shape), panels);
    if (to.shape.isQuantized()) {
      packed.scales = columns(l.b.getF32Type(), to.scalesOffset);
      packed.offsets = columns(l.b.getI32Type(), to.offsetsOffset);
    }
    addParts(value, packed, to.shape, 0);
  }

  /// Joined weights are copied part by part, without joining them before.
  void addParts(Value value, const PackedPanels &panels,
                const PanelShape &shape, int64_t first) {
    value = l.resolve(value);
    auto concat = value.getDefiningOp<seq::ConcatOp>();
    if (!concat || concat.getAxis() != 0) {
      Value buffer;
      if (!l.view(value)) {
        buffer = l.workspaceFor(value);
        stores.push_back({value, buffer});
      }
      parts.push_back({value, buffer, panels, shape, first});
      return;
    }
    for (Value input : concat.getInputs()) {
      addParts(input, panels, shape, first);
      first += cast<RankedTensorType>(input.getType()).getDimSize(0);
    }
  }

  void fill(const Part &part) {
    Value weights = part.buffer ? part.buffer : l.view(part.value);
    weights =
        memref::CastOp::create(l.b, weightsType(l.b.getContext()), weights);
    SmallVector<Value> arguments = {weights, part.panels.weights,
                                    l.constant(part.first)};
    if (part.shape.isQuantized())
      arguments.append({part.panels.scales, part.panels.offsets});
    func::CallOp::create(l.b, panelFiller(l, part.shape), arguments);
  }

  Lowering &l;
  func::FuncOp pack;
  Value base;
  std::vector<Store> stores;
  std::vector<Part> parts;
};

} // namespace

void buildPack(func::FuncOp pack, const PackedLayout &packed,
               const TargetDescription &target, StringRef name) {
  ImplicitLocOpBuilder b(pack.getLoc(), pack);
  Type ptr = pointerType(b.getContext()), i32 = b.getI32Type();
  auto function = func::FuncOp::create(b, (name + "_pack").str(),
                                       b.getFunctionType({ptr, ptr}, i32));
  makeSmall(function);
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
  ResultPacker(l, pack, base).emit();
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
