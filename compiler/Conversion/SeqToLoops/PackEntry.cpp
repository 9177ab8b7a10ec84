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

/// How weights become panels.
enum class Filling {
  /// A row is a column.
  Rows,
  /// A column is a column: they are the transpose of what is packed.
  Columns
};

/// The name of the function that fills panels of `shape`. Without groups,
/// columns go on from panel to panel.
static std::string fillerName(StringRef model, const PanelShape &shape,
                              Filling filling) {
  std::string name = llvm::formatv("{0}_fill_panels_{1}", model, shape.width());
  // The loops over columns know how many there are.
  if (filling == Filling::Columns)
    name += llvm::formatv("_columns_{0}", shape.units);
  if (shape.groups > 1)
    name += llvm::formatv("_{0}x{1}", shape.groups, shape.units);
  if (shape.precision != Precision::F32)
    name += "_" + std::string(nameOf(shape.precision));
  return name;
}

namespace {

/// Makes the body of a function that fills panels of one shape.
class PanelFiller {
public:
  PanelFiller(func::FuncOp filler, const PanelShape &shape)
      : filler(filler), shape(shape), b(filler.getLoc(), filler.getContext()),
        weights(filler.getArgument(0)), panels(filler.getArgument(1)),
        first(filler.getArgument(2)) {
    b.setInsertionPointToStart(&filler.front());
  }

  void fillFromColumns() {
    fillTransposed(b, shape, weights, panels, first);
    func::ReturnOp::create(b);
  }

  void fillFromRows() {
    Value rows = memref::DimOp::create(b, weights, int64_t(0));
    if (shape.isQuantized())
      forSteps(constant(0), rows, 1, [&](Value row, Value) {
        fillQuantized(b, columnOf(row), filler.getArgument(3),
                      filler.getArgument(4));
      });
    else
      fillInBlocks(rows);
    func::ReturnOp::create(b);
  }

private:
  /// Rows and K in blocks: a row's numbers lie a panel's width apart, and a few
  /// rows fill the cache lines between.
  void fillInBlocks(Value rows) {
    constexpr int64_t kBlock = 64;
    Value k = memref::DimOp::create(b, weights, int64_t(1));
    forSteps(constant(0), rows, kBlock, [&](Value firstRow, Value endRow) {
      forSteps(constant(0), k, kBlock, [&](Value begin, Value end) {
        forSteps(firstRow, endRow, 1, [&](Value row, Value) {
          fillRounded(b, columnOf(row), begin, end);
        });
      });
    });
  }

  /// Steps from `begin` to `end`, the last one perhaps smaller.
  void forSteps(Value begin, Value end, int64_t size,
                llvm::function_ref<void(Value begin, Value end)> body) {
    Value step = constant(size);
    auto loop = scf::ForOp::create(b, begin, end, step);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value from = loop.getInductionVar();
    Value to = arith::AddIOp::create(b, from, step);
    body(from, arith::MinUIOp::create(b, to, end));
  }

  /// Where a row goes.
  PanelColumn columnOf(Value row) {
    Value unit = arith::AddIOp::create(b, row, first);
    Value columns = constant(shape.panelUnits), before = constant(0);
    if (shape.groups > 1) {
      Value group = arith::DivUIOp::create(b, unit, constant(shape.units));
      unit = arith::RemUIOp::create(b, unit, constant(shape.units));
      before = arith::MulIOp::create(b, group, columns);
    }
    Value panel = arith::DivUIOp::create(b, unit, columns);
    Value column = arith::AddIOp::create(
        b, before, arith::RemUIOp::create(b, unit, columns));
    return {shape, weights, row, panels, panel, column};
  }

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }

  func::FuncOp filler;
  const PanelShape &shape;
  ImplicitLocOpBuilder b;
  Value weights, panels, first;
};

} // namespace

/// The private function that copies weights to panels, as the columns from
/// `first` on of all. There is one for each shape of groups.
static func::FuncOp panelFiller(Lowering &l, const PanelShape &shape,
                                Filling filling) {
  auto module = l.function->getParentOfType<ModuleOp>();
  const std::string name = fillerName(l.model, shape, filling);
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
  filler.addEntryBlock();
  PanelFiller body(filler, shape);
  if (filling == Filling::Columns)
    body.fillFromColumns();
  else
    body.fillFromRows();
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

/// Sets all numbers that stand beside and behind the last ones along K, before
/// these are written.
static void clearEnd(Lowering &l, const PanelShape &shape, Value panels) {
  const int64_t whole = shape.k / shape.pack();
  if (whole == shape.steps())
    return;
  Value zero = zeroOf(l, shape), first = l.constant(whole);
  const Size sizes[] = {Size::fixed(shape.panels()),
                        Size::fixed(shape.steps() - whole),
                        Size::fixed(shape.width() * shape.pack())};
  forEach(l, sizes, [&](ArrayRef<Value> at) {
    Value step = arith::AddIOp::create(l.b, first, at[1]);
    memref::StoreOp::create(l.b, zero, panels, ValueRange{at[0], step, at[2]});
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
  /// Weights in memory, and the column of the panels where they begin.
  struct Part {
    Value weights;
    Filling filling;
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

  /// The transpose of `value` where that has a memref.
  Value transposed(Value value) {
    value = l.resolve(value);
    if (auto slice = value.getDefiningOp<seq::SliceOp>()) {
      Value whole =
          slice.getAxis() == 0 ? transposed(slice.getInput()) : Value();
      auto type = cast<RankedTensorType>(value.getType());
      return whole ? l.slice(whole, 1, slice.getOffset(), type.getDimSize(0))
                   : Value();
    }
    auto transpose = value.getDefiningOp<seq::TransposeOp>();
    if (!transpose || transpose.getPermutation() != ArrayRef<int64_t>{1, 0})
      return {};
    return l.view(transpose.getInput());
  }

  /// Weights without a memref of their own are first stored to one.
  std::pair<Value, Filling> inMemory(Value value, const PanelShape &shape) {
    if (Value view = l.view(value))
      return {view, Filling::Rows};
    // A scale is that of a whole column, which is sought row by row.
    if (Value other = shape.isQuantized() ? Value() : transposed(value))
      return {other, Filling::Columns};
    Value buffer = l.workspaceFor(value);
    stores.push_back({value, buffer});
    return {buffer, Filling::Rows};
  }

  /// Joined weights are copied part by part, without joining them before.
  void addParts(Value value, const PackedPanels &panels,
                const PanelShape &shape, int64_t first) {
    value = l.resolve(value);
    auto concat = value.getDefiningOp<seq::ConcatOp>();
    if (!concat || concat.getAxis() != 0) {
      auto [weights, filling] = inMemory(value, shape);
      parts.push_back({weights, filling, panels, shape, first});
      return;
    }
    for (Value input : concat.getInputs()) {
      addParts(input, panels, shape, first);
      first += cast<RankedTensorType>(input.getType()).getDimSize(0);
    }
  }

  void fill(const Part &part) {
    Value weights = memref::CastOp::create(l.b, weightsType(l.b.getContext()),
                                           part.weights);
    SmallVector<Value> arguments = {weights, part.panels.weights,
                                    l.constant(part.first)};
    if (part.shape.isQuantized())
      arguments.append({part.panels.scales, part.panels.offsets});
    func::CallOp::create(l.b, panelFiller(l, part.shape, part.filling),
                         arguments);
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
