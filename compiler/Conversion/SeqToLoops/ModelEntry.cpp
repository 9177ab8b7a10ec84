//===- ModelEntry.cpp - A call of a model ---------------------------------===//
// NAME cuts the batch into tiles of rows; the tile's function finds its rows in
// what the caller gave and runs the whole program on them; NAME_workspace says
// how much memory that takes.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Constants.h"
#include "compiler/Conversion/SeqToLoops/EntryPoints.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// The number of tiles, at least one, of a batch.
static Value tileCount(ImplicitLocOpBuilder &b, Value batch,
                       const TargetDescription &target) {
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, n);
  };
  Value tiles = arith::DivUIOp::create(
      b, arith::AddIOp::create(b, batch, constant(target.rowsPerTile - 1)),
      constant(target.rowsPerTile));
  return arith::MaxUIOp::create(b, tiles, constant(1));
}

/// The rows of each tile but, perhaps, the last: tiles are of even size.
static Value rowsOfTile(ImplicitLocOpBuilder &b, Value batch, Value tiles) {
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value most = arith::SubIOp::create(b, tiles, one);
  return arith::DivUIOp::create(b, arith::AddIOp::create(b, batch, most),
                                tiles);
}

//===----------------------------------------------------------------------===//
// Sizes of the arguments
//===----------------------------------------------------------------------===//

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

/// The number of windows over `size` positions.
static Value countWindows(ImplicitLocOpBuilder &b, Value size,
                          const WindowShape &shape) {
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, n);
  };
  Value behind = arith::AddIOp::create(b, size, constant(shape.offset));
  Value isThere =
      arith::CmpIOp::create(b, arith::CmpIPredicate::sge, behind, constant(0));
  Value further = arith::DivUIOp::create(b, behind, constant(shape.stride));
  Value count = arith::AddIOp::create(b, further, constant(1));
  return arith::SelectOp::create(b, isThere, count, constant(0));
}

/// The private function that adds the offsets of buffers, where each may have
/// another size. LLVM does not see into it: it would else write the place of
/// every buffer as the sum of all before it, in time that grows with the cube
/// of their number.
static func::FuncOp offsetAdder(func::FuncOp main, StringRef model) {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  Type index = b.getIndexType();
  auto adder = func::FuncOp::create(b, (model + "_behind").str(),
                                    b.getFunctionType({index, index}, index));
  makeInternal(adder);
  adder->setAttr("passthrough", b.getStrArrayAttr({"noinline", "minsize"}));
  b.setInsertionPointToStart(adder.addEntryBlock());
  func::ReturnOp::create(b, Value(arith::AddIOp::create(b, adder.getArgument(0),
                                                        adder.getArgument(1))));
  return adder;
}

namespace {

/// Builds the functions of one model.
class ModelBuilder {
public:
  ModelBuilder(func::FuncOp main, const PackedLayout &packed,
               const TargetDescription &target, StringRef name)
      : main(main), packed(packed), target(target), name(name.str()) {
    for (BlockArgument argument : main.getArguments()) {
      unsigned i = argument.getArgNumber();
      if (main.getArgAttr(i, "seq.packed"))
        continue;
      Sizes of = batchedSizes(cast<RankedTensorType>(argument.getType()),
                              main.getArgAttr(i, "seq.axes"));
      if (auto n = main.getArgAttrOfType<IntegerAttr>(i, "seq.lengths")) {
        dims = std::max(dims, n.getInt() + 2);
        of = sizesOfLengths(main, n.getInt());
      }
      for (Size size : of)
        if (size.isSymbol)
          dims = std::max(dims, size.value + 1);
      sizes.set(argument, of);
    }
    sizes.findDerived(main, dims);
  }

  void build() {
    buildTile();
    buildWorkspace();
    buildCall();
  }

private:
  void buildTile();
  void buildWorkspace();
  void buildCall();

  void enter(Lowering &l);
  void bindArguments(Lowering &l);
  std::vector<Store> resultStores(Lowering &l);

  Value bindTensor(Lowering &l, Value array, int64_t i, const Sizes &of,
                   Type element);
  Value bindPacked(Lowering &l, const PackedTensor &tensor, int64_t offset,
                   MemRefType type);
  Value bindState(Lowering &l, BlockArgument argument, int64_t k);
  Value bindLengths(Lowering &l, BlockArgument argument, int64_t n);

  func::FuncOp main;
  const PackedLayout &packed;
  const TargetDescription &target;
  std::string name;
  SizeAnalysis sizes;
  /// Length of the call's `dims`.
  int64_t dims = 1;
  std::optional<BufferPlan> plan;
};

} // namespace

//===----------------------------------------------------------------------===//
// The function of a tile
//===----------------------------------------------------------------------===//

/// The type of a caller's tensor: any strides, but elements of the last of two
/// or more axes lie side by side.
static MemRefType callerType(const Sizes &sizes, Type element) {
  MemRefType dense = bufferType(sizes, element);
  SmallVector<int64_t> strides(sizes.size(), ShapedType::kDynamic);
  if (strides.size() > 1)
    strides.back() = 1;
  auto layout = StridedLayoutAttr::get(element.getContext(),
                                       ShapedType::kDynamic, strides);
  return MemRefType::get(dense.getShape(), dense.getElementType(), layout);
}

static SmallVector<Value> sizeValues(Lowering &l, const Sizes &sizes) {
  SmallVector<Value> values;
  for (Size size : sizes)
    values.push_back(l.size(size));
  return values;
}

/// Reads the call and the tile's rows, and lays out the workspace.
void ModelBuilder::enter(Lowering &l) {
  l.call = l.function.getArgument(0);
  Value tile = l.function.getArgument(1), worker = l.function.getArgument(2);
  ImplicitLocOpBuilder &b = l.b;
  Value dimsArray = loadField(b, b.getLoc(), l.call, CallField::Dims);
  SmallVector<Value> capacities;
  for (int64_t k = 0; k < dims; ++k)
    capacities.push_back(loadSize(b, b.getLoc(), dimsArray, k));
  l.symbols = capacities;

  Value batch = capacities[0];
  Value capacity = rowsOfTile(b, batch, tileCount(b, batch, target));
  Value number = arith::IndexCastOp::create(b, b.getIndexType(), tile);
  l.firstRow = arith::MulIOp::create(b, number, capacity);
  Value left = arith::SubIOp::create(b, batch, l.firstRow);
  l.symbols[0] = arith::MinUIOp::create(b, capacity, left);
  capacities[0] = capacity;

  // Each worker has a part of the workspace.
  Value one = arith::ConstantIntOp::create(b, b.getI32Type(), 1);
  Value bytes = func::CallOp::create(b, name + "_workspace", b.getI64Type(),
                                     ValueRange{dimsArray, one})
                    .getResult(0);
  Value size = arith::IndexCastOp::create(b, b.getIndexType(), bytes);
  Value place = arith::IndexCastOp::create(b, b.getIndexType(), worker);
  Value start = advance(b, b.getLoc(),
                        loadField(b, b.getLoc(), l.call, CallField::Workspace),
                        arith::MulIOp::create(b, place, size));
  Value base = makeMemRef(
      b, b.getLoc(), MemRefType::get({ShapedType::kDynamic}, b.getI8Type()),
      start, l.constant(0), size, l.constant(1));
  for (const DerivedSize &derived : sizes.derived()) {
    Value count =
        countWindows(b, capacities[derived.source.value], derived.windows);
    l.symbols.push_back(count);
    capacities.push_back(count);
  }
  func::FuncOp adder;
  if (!sizes.derived().empty())
    adder = offsetAdder(main, name);
  Operation *anchor = l.constant(0).getDefiningOp();
  l.plan.emplace(anchor, base, 0, l.symbols, capacities, adder);
}

Value ModelBuilder::bindTensor(Lowering &l, Value array, int64_t i,
                               const Sizes &of, Type element) {
  AbiTensor tensor = loadTensor(l.b, l.b.getLoc(), array, i, of.size());
  Value offset = arith::MulIOp::create(l.b, l.firstRow, tensor.strides.front());
  // Where the last axis has one element, its stride may be anything.
  if (of.size() > 1)
    tensor.strides.back() = l.constant(1);
  return makeMemRef(l.b, l.b.getLoc(), callerType(of, element), tensor.data,
                    offset, sizeValues(l, of), tensor.strides);
}

/// A memref of what lies at `offset` of the packed parameters.
Value ModelBuilder::bindPacked(Lowering &l, const PackedTensor &tensor,
                               int64_t offset, MemRefType type) {
  Value data = advance(l.b, l.b.getLoc(),
                       loadField(l.b, l.b.getLoc(), l.call, CallField::Packed),
                       l.constant(offset));
  SmallVector<Value> shape, strides(type.getRank());
  int64_t stride = 1;
  for (int64_t axis = type.getRank() - 1; axis >= 0; --axis) {
    strides[axis] = l.constant(stride);
    stride *= type.getDimSize(axis);
  }
  for (int64_t size : type.getShape())
    shape.push_back(l.constant(size));
  return makeMemRef(l.b, l.b.getLoc(), type, data, l.constant(0), shape,
                    strides);
}

/// Chooses between two memrefs of one type.
static Value choose(Lowering &l, Value condition, Type type,
                    llvm::function_ref<Value()> yes,
                    llvm::function_ref<Value()> no) {
  auto branch =
      scf::IfOp::create(l.b, type, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(l.b);
  l.b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(l.b, yes());
  l.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(l.b, no());
  return branch.getResult(0);
}

/// A carried state before the call: the caller's, or its first value, repeated
/// in every row by a stride of zero.
Value ModelBuilder::bindState(Lowering &l, BlockArgument argument, int64_t k) {
  Sizes of = sizes.of(argument);
  Type element = cast<RankedTensorType>(argument.getType()).getElementType();
  Location loc = l.b.getLoc();
  Value given = loadField(l.b, loc, l.call, CallField::StatesIn);
  auto initial = [&]() -> Value {
    Value data =
        advance(l.b, loc, loadField(l.b, loc, l.call, CallField::Packed),
                l.constant(packed.initial(k).plainOffset));
    SmallVector<Value> strides(of.size());
    int64_t stride = 1;
    for (int64_t axis = int64_t(of.size()) - 1; axis > 0; --axis) {
      strides[axis] = l.constant(stride);
      stride *= of[axis].value;
    }
    strides[0] = l.constant(0);
    return makeMemRef(l.b, loc, callerType(of, element), data, l.constant(0),
                      sizeValues(l, of), strides);
  };
  auto callers = [&] { return bindTensor(l, given, k, of, element); };
  return choose(l, isNull(l.b, loc, given), callerType(of, element), initial,
                callers);
}

/// The lengths of a dimension: the caller's, or its size in every row.
Value ModelBuilder::bindLengths(Lowering &l, BlockArgument argument,
                                int64_t n) {
  ImplicitLocOpBuilder &b = l.b;
  Location loc = b.getLoc();
  Sizes of = sizes.of(argument);
  MemRefType type = bufferType(of, b.getI64Type());
  Value arrays = loadField(b, loc, l.call, CallField::Lengths);
  Value array = choose(
      l, isNull(b, loc, arrays), pointerType(b.getContext()),
      [&] { return nullPointer(b, loc); },
      [&] { return loadPointer(b, loc, arrays, n); });
  Value own = l.workspaceFor(argument);
  auto full = [&] {
    Value size = arith::IndexCastOp::create(b, b.getI64Type(),
                                            l.size(Size::symbol(n + 1)));
    forEach(l, of, [&](ArrayRef<Value> ivs) {
      memref::StoreOp::create(b, size, own, ivs);
    });
    return own;
  };
  auto callers = [&] {
    SmallVector<Value> extents = sizeValues(l, of), strides(of.size());
    Value stride = l.constant(1);
    for (int64_t axis = int64_t(of.size()) - 1; axis >= 0; --axis) {
      strides[axis] = stride;
      stride = arith::MulIOp::create(b, stride, extents[axis]);
    }
    Value skipped = arith::MulIOp::create(b, l.firstRow, strides[0]);
    Value data =
        advance(b, loc, array,
                arith::MulIOp::create(b, skipped, l.constant(sizeof(int64_t))));
    return makeMemRef(b, loc, type, data, l.constant(0), extents, strides);
  };
  return choose(l, isNull(b, loc, array), type, full, callers);
}

/// Whether `state` is read elsewhere than as a scan's initial value, perhaps
/// after its place has been overwritten.
static bool isReadLate(BlockArgument state) {
  return llvm::any_of(state.getUses(), [](OpOperand &use) {
    auto scan = dyn_cast<ScanOp>(use.getOwner());
    if (!scan)
      return true;
    int64_t i = int64_t(use.getOperandNumber()) - scan.getSequences().size();
    return i < 0 || i >= int64_t(scan.getInits().size());
  });
}

void ModelBuilder::bindArguments(Lowering &l) {
  Location loc = l.b.getLoc();
  Value inputs = loadField(l.b, loc, l.call, CallField::Inputs);
  int64_t input = 0, state = 0;
  for (BlockArgument argument : main.getArguments()) {
    unsigned i = argument.getArgNumber();
    auto type = cast<RankedTensorType>(argument.getType());
    if (auto n = main.getArgAttrOfType<IntegerAttr>(i, "seq.packed")) {
      if (!packed.hasTensor(n.getInt()))
        continue;
      const PackedTensor &tensor = packed.tensor(n.getInt());
      if (tensor.plainOffset >= 0)
        l.buffers[argument] =
            bindPacked(l, tensor, tensor.plainOffset,
                       bufferType(sizes.of(argument), type.getElementType()));
      if (tensor.panelOffset >= 0) {
        auto shape =
            PanelShape::of(type.getDimSize(0), type.getDimSize(1), target);
        l.panels[argument] =
            bindPacked(l, tensor, tensor.panelOffset,
                       MemRefType::get({shape.panels(), shape.k, shape.width()},
                                       type.getElementType()));
      }
    } else if (auto n = main.getArgAttrOfType<IntegerAttr>(i, "seq.lengths")) {
      l.buffers[argument] = bindLengths(l, argument, n.getInt());
    } else if (main.getArgAttr(i, "seq.state")) {
      l.buffers[argument] = bindState(l, argument, state++);
      if (!isReadLate(argument))
        continue;
      Value own = l.workspaceFor(argument);
      emitStores(l, Store{argument, own});
      l.buffers[argument] = own;
    } else {
      l.buffers[argument] = bindTensor(l, inputs, input++, sizes.of(argument),
                                       type.getElementType());
    }
  }
}

/// The places of the results. States that the caller does not want go to the
/// workspace.
std::vector<Store> ModelBuilder::resultStores(Lowering &l) {
  Location loc = l.b.getLoc();
  Value outputs = loadField(l.b, loc, l.call, CallField::Outputs);
  Value states = loadField(l.b, loc, l.call, CallField::StatesOut);
  Value isUnwanted = isNull(l.b, loc, states);
  std::vector<Store> stores;
  int64_t output = 0, state = 0;
  auto results = main.getBody().front().getTerminator()->getOperands();
  for (auto [i, value] : llvm::enumerate(results)) {
    auto type = cast<RankedTensorType>(value.getType());
    Sizes of = sizes.of(value);
    if (!main.getResultAttr(i, "seq.state")) {
      stores.push_back(
          {value, bindTensor(l, outputs, output++, of, type.getElementType())});
      continue;
    }
    MemRefType place = callerType(of, type.getElementType());
    Value own = l.plan->allocate(of, type.getElementType());
    Value memref = choose(
        l, isUnwanted, place,
        [&] { return memref::CastOp::create(l.b, place, own); },
        [&] {
          return bindTensor(l, states, state, of, type.getElementType());
        });
    ++state;
    Store store{value, memref};
    store.isLast = true;
    stores.push_back(store);
  }
  return stores;
}

void ModelBuilder::buildTile() {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  Type ptr = pointerType(b.getContext());
  auto function = func::FuncOp::create(
      b, name + "_tile",
      b.getFunctionType({ptr, b.getI64Type(), b.getI32Type()}, {}));
  makeInternal(function);
  Lowering l(function, target, packed, sizes, name);
  enter(l);
  bindArguments(l);
  bindConstants(l, main);
  lowerBlock(l, main.getBody().front(), resultStores(l));
  func::ReturnOp::create(l.b);
  plan = std::move(l.plan);
}

//===----------------------------------------------------------------------===//
// The call, the workspace
//===----------------------------------------------------------------------===//

void ModelBuilder::buildWorkspace() {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  Type ptr = pointerType(b.getContext());
  auto function = func::FuncOp::create(
      b, name + "_workspace",
      b.getFunctionType({ptr, b.getI32Type()}, b.getI64Type()));
  makeSmall(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> symbols;
  for (int64_t k = 0; k < dims; ++k)
    symbols.push_back(loadSize(b, b.getLoc(), function.getArgument(0), k));
  symbols[0] = rowsOfTile(b, symbols[0], tileCount(b, symbols[0], target));
  for (Value &symbol : symbols)
    symbol = arith::IndexCastOp::create(b, b.getI64Type(), symbol);
  for (const DerivedSize &derived : sizes.derived())
    symbols.push_back(saturatedWindows(
        b, b.getLoc(), symbols[derived.source.value], derived.windows));
  Value bytes = plan->saturatedBytes(b, b.getLoc(), symbols);
  Value workers =
      arith::ExtUIOp::create(b, b.getI64Type(), function.getArgument(1));
  func::ReturnOp::create(b, saturatedMul(b, b.getLoc(), bytes, workers));
}

void ModelBuilder::buildCall() {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  MLIRContext *context = b.getContext();
  Type ptr = pointerType(context), i32 = b.getI32Type();
  auto tile = main->getParentOfType<ModuleOp>().lookupSymbol<func::FuncOp>(
      name + "_tile");
  auto run = func::FuncOp::create(
      b, "seqc_run_tiles", b.getFunctionType({ptr, b.getI64Type(), ptr}, i32));
  run.setPrivate();
  auto report =
      func::FuncOp::create(b, "seqc_report", b.getFunctionType({ptr, ptr}, {}));
  report.setPrivate();

  auto function = func::FuncOp::create(b, name, b.getFunctionType(ptr, i32));
  b.setInsertionPointToStart(function.addEntryBlock());
  Value call = function.getArgument(0);
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIntOp::create(b, i32, n);
  };
  Value version = loadField(b, b.getLoc(), call, CallField::Version);
  Value isRight = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, version,
                                        constant(SEQC_ABI_VERSION));
  auto branch = scf::IfOp::create(b, i32, isRight, /*withElseRegion=*/true);
  b.setInsertionPointToStart(branch.thenBlock());
  Value batch = loadSize(b, b.getLoc(),
                         loadField(b, b.getLoc(), call, CallField::Dims), 0);
  Value tiles = arith::IndexCastOp::create(b, b.getI64Type(),
                                           tileCount(b, batch, target));
  Value task = func::ConstantOp::create(
      b, tile.getFunctionType(), FlatSymbolRefAttr::get(tile.getSymNameAttr()));
  task = UnrealizedConversionCastOp::create(b, ptr, task).getResult(0);
  Value status =
      func::CallOp::create(b, run, ValueRange{call, tiles, task}).getResult(0);
  scf::YieldOp::create(b, status);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, constant(SEQC_ERROR_VERSION));
  b.setInsertionPointAfter(branch);
  func::ReturnOp::create(b, branch.getResult(0));
}

void buildModel(func::FuncOp main, const PackedLayout &packed,
                const TargetDescription &target, StringRef name) {
  ModelBuilder(main, packed, target, name).build();
}

} // namespace seqc::loops
