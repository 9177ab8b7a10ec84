//===- ArgumentBinding.cpp - What the caller gave, as memrefs -------------===//
// Inputs, lengths, states and packed parameters; results.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/ArgumentBinding.h"

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"
#include "compiler/Dialect/Seq/IR/Program.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Memrefs of tensors
//===----------------------------------------------------------------------===//

/// The type of a caller's tensor: any strides, but elements of the last of two
/// or more axes lie side by side, and of a dense one those of its only axis.
static MemRefType callerType(const Sizes &sizes, Type element,
                             bool isDense = false) {
  MemRefType dense = bufferType(sizes, element);
  SmallVector<int64_t> strides(sizes.size(), ShapedType::kDynamic);
  if (strides.size() > 1 || (isDense && !strides.empty()))
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

/// Marks memory of the caller's that nothing writes during a call.
static Value constantMemRef(Value memref) {
  Operation *op = memref.getDefiningOp();
  op->setAttr(sched::kConstantAttr, UnitAttr::get(op->getContext()));
  return memref;
}

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

Value ArgumentBinding::bindTensor(Value array, int64_t i, const Sizes &of,
                                  Type element, bool isDense) {
  AbiTensor tensor = loadTensor(l.b, l.b.getLoc(), array, i, of.size());
  // What is no row's own has no first row.
  Value offset = l.constant(0);
  if (!of.empty() && of.front() == Size::rows())
    offset = arith::MulIOp::create(l.b, l.firstRow, tensor.strides.front());
  MemRefType type = callerType(of, element, isDense);
  // Where the last axis has one element, its stride may be anything.
  if (!of.empty() && type.getStridesAndOffset().first.back() == 1)
    tensor.strides.back() = l.constant(1);
  return makeMemRef(l.b, l.b.getLoc(), type, tensor.data, offset,
                    sizeValues(l, of), tensor.strides);
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

//===----------------------------------------------------------------------===//
// Packed parameters
//===----------------------------------------------------------------------===//

/// A memref of what lies at `offset` of the packed parameters.
Value ArgumentBinding::bindPacked(int64_t offset, MemRefType type) {
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
  return constantMemRef(
      makeMemRef(l.b, l.b.getLoc(), type, data, l.constant(0), shape, strides));
}

PackedPanels ArgumentBinding::bindPanels(const PackedTensor::Panels &panels) {
  const PanelShape &shape = panels.shape;
  PackedPanels bound;
  bound.weights = bindPacked(panels.offset, shape.type(l.b.getContext()));
  if (!shape.isQuantized())
    return bound;
  bound.scales =
      bindPacked(panels.scalesOffset, shape.columnsType(l.b.getF32Type()));
  bound.offsets =
      bindPacked(panels.offsetsOffset, shape.columnsType(l.b.getI32Type()));
  return bound;
}

void ArgumentBinding::bindPackedForms(BlockArgument argument, int64_t n) {
  if (!l.packed.hasTensor(n))
    return;
  const PackedTensor &tensor = l.packed.tensor(n);
  auto type = cast<RankedTensorType>(argument.getType());
  if (tensor.plainOffset >= 0)
    l.buffers[argument] =
        bindPacked(tensor.plainOffset,
                   bufferType(l.sizes.of(argument), type.getElementType()));
  for (const PackedTensor::Panels &panels : tensor.panels)
    l.panels[{argument, panels.shape.groups}] = bindPanels(panels);
}

//===----------------------------------------------------------------------===//
// States, lengths
//===----------------------------------------------------------------------===//

/// A carried state before the call: the caller's, or its first value, repeated
/// in every row by a stride of zero.
Value ArgumentBinding::bindState(BlockArgument argument, int64_t k) {
  Sizes of = l.sizes.of(argument);
  Type element = elementOf(argument);
  Location loc = l.b.getLoc();
  Value given = loadField(l.b, loc, l.call, CallField::StatesIn);
  auto callers = [&] { return bindTensor(given, k, of, element); };
  // A program that knows no first value is always given one.
  if (!l.packed.hasInitial(k))
    return callers();
  auto initial = [&]() -> Value {
    Value data =
        advance(l.b, loc, loadField(l.b, loc, l.call, CallField::Packed),
                l.constant(l.packed.initial(k).plainOffset));
    SmallVector<Value> strides(of.size());
    int64_t stride = 1;
    for (int64_t axis = int64_t(of.size()) - 1; axis > 0; --axis) {
      strides[axis] = l.constant(stride);
      stride *= of[axis].value;
    }
    strides[0] = l.constant(0);
    return constantMemRef(makeMemRef(l.b, loc, callerType(of, element), data,
                                     l.constant(0), sizeValues(l, of),
                                     strides));
  };
  return choose(l, isNull(l.b, loc, given), callerType(of, element), initial,
                callers);
}

/// The lengths of a dimension: the caller's, or its size in every row.
Value ArgumentBinding::bindLengths(BlockArgument argument, int64_t n) {
  ImplicitLocOpBuilder &b = l.b;
  Location loc = b.getLoc();
  Sizes of = l.sizes.of(argument);
  MemRefType type = bufferType(of, b.getI64Type());
  Value array = loadLengths(b, loc, l.call, n);
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
    return constantMemRef(
        makeMemRef(b, loc, type, data, l.constant(0), extents, strides));
  };
  if (l.isSingle)
    return full();
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

//===----------------------------------------------------------------------===//
// All arguments, all results
//===----------------------------------------------------------------------===//

void ArgumentBinding::bindArguments() {
  Value inputs = loadField(l.b, l.b.getLoc(), l.call, CallField::Inputs);
  int64_t input = 0, state = 0;
  for (BlockArgument argument : function.getArguments()) {
    unsigned i = argument.getArgNumber();
    const bool isRead = !argument.use_empty();
    if (auto n = function.getArgAttrOfType<IntegerAttr>(i, kPackedAttr)) {
      bindPackedForms(argument, n.getInt());
    } else if (auto n =
                   function.getArgAttrOfType<IntegerAttr>(i, kLengthsAttr)) {
      if (isRead)
        l.buffers[argument] = bindLengths(argument, n.getInt());
    } else if (function.getArgAttr(i, kStateAttr)) {
      const int64_t k = state++;
      if (!isRead)
        continue;
      l.buffers[argument] = bindState(argument, k);
      if (!isReadLate(argument))
        continue;
      Value own = l.workspaceFor(argument);
      emitStores(l, Store{argument, own});
      l.buffers[argument] = own;
    } else if (!function.getArgAttr(i, kKeptAttr)) {
      const int64_t k = input++;
      if (isRead)
        l.buffers[argument] = constantMemRef(
            bindTensor(inputs, k, l.sizes.of(argument), elementOf(argument)));
    }
  }
}

/// States that the caller does not want go to the workspace.
Store ArgumentBinding::stateStore(Value value, Value states, int64_t k) {
  Sizes of = l.sizes.of(value);
  Type element = elementOf(value);
  MemRefType place = callerType(of, element);
  Value own = l.plan->allocate(of, element);
  Value memref = choose(
      l, isNull(l.b, l.b.getLoc(), states), place,
      [&] { return memref::CastOp::create(l.b, place, own); },
      [&] { return bindTensor(states, k, of, element); });
  Store store{value, memref};
  store.isLast = true;
  return store;
}

std::vector<Store> ArgumentBinding::resultStores() {
  Location loc = l.b.getLoc();
  Value outputs = loadField(l.b, loc, l.call, CallField::Outputs);
  Value states = loadField(l.b, loc, l.call, CallField::StatesOut);
  std::vector<Store> stores;
  int64_t output = 0, state = 0;
  auto results = function.getBody().front().getTerminator()->getOperands();
  for (auto [i, value] : llvm::enumerate(results)) {
    if (function.getResultAttr(i, kKeptAttr))
      continue;
    if (function.getResultAttr(i, kStateAttr)) {
      stores.push_back(stateStore(value, states, state++));
      continue;
    }
    if (auto place = function.getResultAttrOfType<IntegerAttr>(i, kPlaceAttr))
      output = place.getInt();
    auto of = function.getResultAttrOfType<StringAttr>(i, kOfAttr);
    stores.push_back(
        {value, bindTensor(outputs, output++, l.sizes.of(value),
                           elementOf(value), of && of.getValue() == kOfParam)});
  }
  return stores;
}

} // namespace seqc::loops
