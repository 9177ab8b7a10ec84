//===- PanelProduct.cpp - Products with packed weights --------------------===//
// With an epilogue where they stand; those that only store their sums as one
// private function for each shape, which all products of that shape call.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"
#include "compiler/Conversion/SeqToLoops/RoundedRows.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Products as functions
//===----------------------------------------------------------------------===//

/// Rows of `columns` numbers, any distance apart.
static MemRefType rowsType(Type element, int64_t columns) {
  auto layout = StridedLayoutAttr::get(
      element.getContext(), ShapedType::kDynamic, {ShapedType::kDynamic, 1});
  return MemRefType::get({ShapedType::kDynamic, columns}, element, layout);
}
static MemRefType rowsType(MLIRContext *context, int64_t columns) {
  return rowsType(Float32Type::get(context), columns);
}

/// Begins an epilogue: what it makes of the sums is made at the builder's place
/// from here on.
static UnitSums beginEpilogue(ImplicitLocOpBuilder &b, sched::ProductOp op) {
  b.setInsertionPointToEnd(op.getBody());
  return {op.getRow(), op.getUnit(), int64_t(op.getUnits()), op.getSums()};
}

/// Stores all sums as they are to `result` [rows, groups * units].
static void storeSums(ImplicitLocOpBuilder &b, const UnitSums &sums,
                      Value result) {
  for (auto [group, sum] : llvm::enumerate(sums.groups)) {
    Value column = sums.unit;
    if (group > 0)
      column = arith::AddIOp::create(
          b, column,
          arith::ConstantIndexOp::create(b, int64_t(group) * sums.units));
    memref::StoreOp::create(b, sum, result, ValueRange{sums.row, column});
  }
}

namespace {

/// What a product takes besides rows and panels: the result, the addend, the
/// scales of columns.
struct Operands {
  Value lhs, result, addend;
  PackedPanels panels;
  /// Where the left operand is rounded.
  RoundedRows rounded;
};

/// A kernel as a function.
struct Kernel {
  PanelShape shape;
  /// How the left operand is handed in, and how products take it.
  RowForm given, taken;
  bool hasAddend;

  int64_t columns() const { return shape.groups * shape.units; }
  /// Whether the rows are rounded here, in memory that is handed in.
  bool rounds() const { return given.element != taken.element; }

  std::string name(const Lowering &l) const;
  SmallVector<Type> types() const;
  /// The arguments of a call, and what they are inside.
  static SmallVector<Value> pack(Value rows, const Operands &operands);
  Operands unpack(ValueRange arguments) const;
  void emitBody(ImplicitLocOpBuilder &b, Value rows, Operands operands) const;
  void emitProduct(ImplicitLocOpBuilder &b, Value rows,
                   const Operands &operands) const;
};

} // namespace

std::string Kernel::name(const Lowering &l) const {
  std::string name =
      llvm::formatv("{0}_product_{1}x{2}", l.model, columns(), shape.k);
  if (shape.groups > 1)
    name += llvm::formatv("_{0}", shape.groups);
  if (hasAddend)
    name += "_add";
  return rounds() ? name + "_round" : name;
}

/// Those that a kernel has none of are left out.
SmallVector<Value> Kernel::pack(Value rows, const Operands &operands) {
  SmallVector<Value> arguments = {rows};
  for (Value operand :
       {operands.lhs, operands.panels.weights, operands.result, operands.addend,
        operands.panels.scales, operands.panels.offsets,
        operands.rounded.numbers, operands.rounded.scales})
    if (operand)
      arguments.push_back(operand);
  return arguments;
}

Operands Kernel::unpack(ValueRange arguments) const {
  auto next = arguments.begin() + 1;
  auto take = [&](bool isThere) { return isThere ? *next++ : Value(); };
  Operands operands;
  operands.lhs = take(true);
  operands.panels.weights = take(true);
  operands.result = take(true);
  operands.addend = take(hasAddend);
  operands.panels.scales = take(shape.isQuantized());
  operands.panels.offsets = take(shape.isQuantized());
  operands.rounded.numbers = take(rounds());
  operands.rounded.scales = take(rounds() && taken.hasScales());
  return operands;
}

SmallVector<Type> Kernel::types() const {
  MLIRContext *context = given.element.getContext();
  Type f32 = Float32Type::get(context);
  MemRefType result = rowsType(context, columns());
  SmallVector<Type> types = {IndexType::get(context),
                             rowsType(given.element, given.length),
                             shape.type(context), result};
  if (hasAddend)
    types.push_back(result);
  if (shape.isQuantized()) {
    types.push_back(shape.columnsType(f32));
    types.push_back(shape.columnsType(IntegerType::get(context, 32)));
  }
  if (rounds())
    types.push_back(
        MemRefType::get({kRoundedRows, taken.length}, taken.element));
  if (rounds() && taken.hasScales())
    types.push_back(MemRefType::get({kRoundedRows}, f32));
  return types;
}

/// A product of rows as they are taken.
static sched::ProductOp createProduct(ImplicitLocOpBuilder &b, Value rows,
                                      const PanelShape &shape,
                                      const Operands &operands) {
  SmallVector<Value> scales;
  if (shape.isQuantized())
    scales = {operands.rounded.scales, operands.panels.scales,
              operands.panels.offsets};
  return sched::ProductOp::create(b, rows, operands.lhs,
                                  operands.panels.weights, scales,
                                  operands.addend, shape.units, shape.groups);
}

void Kernel::emitProduct(ImplicitLocOpBuilder &b, Value rows,
                         const Operands &operands) const {
  OpBuilder::InsertionGuard guard(b);
  auto product = createProduct(b, rows, shape, operands);
  storeSums(b, beginEpilogue(b, product), operands.result);
}

/// Rows `begin` to `begin + count` of a memref.
static Value partOfRows(ImplicitLocOpBuilder &b, Value memref, Value begin,
                        Value count) {
  auto type = cast<MemRefType>(memref.getType());
  const OpFoldResult one = b.getIndexAttr(1);
  const OpFoldResult columns = b.getIndexAttr(type.getDimSize(1));
  return memref::SubViewOp::create(
      b, type, memref, ArrayRef<OpFoldResult>{begin, b.getIndexAttr(0)},
      ArrayRef<OpFoldResult>{count, columns}, ArrayRef<OpFoldResult>{one, one});
}

void Kernel::emitBody(ImplicitLocOpBuilder &b, Value rows,
                      Operands operands) const {
  if (!rounds())
    return emitProduct(b, rows, operands);
  Value step = arith::ConstantIndexOp::create(b, kRoundedRows);
  auto loop =
      scf::ForOp::create(b, arith::ConstantIndexOp::create(b, 0), rows, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value begin = loop.getInductionVar();
  Value count =
      arith::MinUIOp::create(b, arith::SubIOp::create(b, rows, begin), step);
  for (Value *memref : {&operands.lhs, &operands.result, &operands.addend})
    if (*memref)
      *memref = partOfRows(b, *memref, begin, count);
  roundRows(b, count, operands.lhs, operands.rounded, taken);
  operands.lhs = operands.rounded.numbers;
  emitProduct(b, count, operands);
}

/// The private function for products of a shape.
static func::FuncOp functionOf(Lowering &l, const Kernel &kernel) {
  auto module = l.function->getParentOfType<ModuleOp>();
  const std::string name = kernel.name(l);
  if (auto existing = module.lookupSymbol<func::FuncOp>(name))
    return existing;
  ImplicitLocOpBuilder b(l.b.getLoc(), l.function);
  auto function =
      func::FuncOp::create(b, name, b.getFunctionType(kernel.types(), {}));
  makeInternal(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  ValueRange arguments = function.getArguments();
  kernel.emitBody(b, arguments.front(), kernel.unpack(arguments));
  func::ReturnOp::create(b);
  return function;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Value repeatedRow(Lowering &l, Value addend) {
  auto broadcast = l.resolve(addend).getDefiningOp<BroadcastOp>();
  if (!broadcast)
    return {};
  int64_t rank = cast<RankedTensorType>(broadcast.getType()).getRank();
  auto input = cast<RankedTensorType>(broadcast.getInput().getType());
  bool isRow = input.getRank() == 1 && broadcast.getDims()[0] == rank - 1 &&
               input.getDimSize(0) != 1;
  return isRow ? broadcast.getInput() : Value();
}

Value addendOf(Operation *op, ContractOp product) {
  auto add = dyn_cast<arith::AddFOp>(op);
  if (!add)
    return {};
  return add.getLhs() == product.getResult() ? add.getRhs() : add.getLhs();
}

namespace {

/// A tensor in memory, seen as rows: where it begins and how far apart the
/// positions of each leading axis are.
struct Rows {
  Value base, offset;
  SmallVector<Value> strides;
  Type element;
  int64_t columns;
};

} // namespace

static Rows rowsOf(Lowering &l, Value memref, int64_t leading) {
  auto metadata = memref::ExtractStridedMetadataOp::create(l.b, memref);
  auto type = cast<MemRefType>(memref.getType());
  Rows rows;
  rows.base = metadata.getBaseBuffer();
  rows.offset = metadata.getOffset();
  rows.element = type.getElementType();
  rows.columns = type.getShape().back();
  for (int64_t axis = 0; axis < leading; ++axis) {
    // A vector that is repeated in every row has one axis only.
    bool isRepeated = type.getRank() == 1;
    rows.strides.push_back(isRepeated ? l.constant(0)
                                      : metadata.getStrides()[axis]);
  }
  return rows;
}

/// Whether all leading axes of `rows` can be walked as one.
static Value isOneAxis(Lowering &l, const Rows &rows, ValueRange sizes) {
  Value all;
  for (size_t axis = 0; axis + 1 < sizes.size(); ++axis) {
    Value expected =
        arith::MulIOp::create(l.b, sizes[axis + 1], rows.strides[axis + 1]);
    Value same = arith::CmpIOp::create(l.b, arith::CmpIPredicate::eq,
                                       rows.strides[axis], expected);
    all = all ? Value(arith::AndIOp::create(l.b, all, same)) : same;
  }
  return all;
}

/// The rows of the last leading axis, at `outer` of the others.
static Value rowsAt(Lowering &l, const Rows &rows, ValueRange outer,
                    Value count) {
  Value offset = rows.offset;
  for (auto [stride, at] : llvm::zip_first(outer, rows.strides))
    offset = arith::AddIOp::create(l.b, offset,
                                   arith::MulIOp::create(l.b, stride, at));
  Value stride =
      rows.strides.empty() ? l.constant(rows.columns) : rows.strides.back();
  return memref::ReinterpretCastOp::create(
      l.b, rowsType(rows.element, rows.columns), rows.base, offset,
      ArrayRef<OpFoldResult>{count, l.b.getIndexAttr(rows.columns)},
      ArrayRef<OpFoldResult>{stride, l.b.getIndexAttr(1)});
}

static PackedPanels panelsOf(Lowering &l, ContractOp op,
                             const PanelShape &shape) {
  return l.panels.lookup({l.resolve(op.getRhs()), shape.groups});
}

/// The length of row `row`.
static Value lengthOf(Lowering &l, Value lengths, Value row) {
  Value length = Puller(l).at(lengths, Position(ArrayRef(row)));
  return arith::IndexCastOp::create(l.b, l.b.getIndexType(), length);
}

/// Whether all rows are as long as the padded ones.
static Value areFull(Lowering &l, Value lengths, Value rows, Value size) {
  Value yes = arith::ConstantIntOp::create(l.b, l.b.getI1Type(), 1);
  return forCarried(l, l.constant(0), rows, 1, yes,
                    [&](Value row, ValueRange before) {
                      Value isFull = arith::CmpIOp::create(
                          l.b, arith::CmpIPredicate::eq,
                          lengthOf(l, lengths, row), size);
                      return SmallVector<Value>{
                          arith::AndIOp::create(l.b, before.front(), isFull)};
                    })
      .front();
}

/// Memory for `rows` rows of the left operand, rounded.
static RoundedRows roundedMemory(Lowering &l, Value result, Size rows,
                                 const RowForm &form) {
  auto memory = [&](int which, ArrayRef<Size> sizes, Type element) {
    Value &buffer = l.workspace[{result, which}];
    if (!buffer)
      buffer = l.plan->allocate(sizes, element);
    return buffer;
  };
  RoundedRows rounded;
  rounded.numbers = memory(2, {rows, Size::fixed(form.length)}, form.element);
  if (form.hasScales())
    rounded.scales = memory(3, {rows}, l.b.getF32Type());
  return rounded;
}

/// Whether `result` has one row, as is known.
static bool isSingleRow(Lowering &l, Value result) {
  const Sizes sizes = l.sizes.of(result);
  return l.isSingle && llvm::all_of(ArrayRef<Size>(sizes).drop_back(),
                                    [](Size size) { return size.isSymbol; });
}

/// The product on memrefs: the left operand, `result`, and the addend, if there
/// is one. `counts` has the sizes of the leading axes. Where there are
/// `lengths`, of two axes, of each row only so many positions.
static void emitOnMemrefs(Lowering &l, ContractOp op, Value result,
                          ArrayRef<Value> memrefs, SmallVector<Value> counts,
                          Value lengths = {}) {
  const PanelShape shape = l.packed.panelsOf(op);
  auto lhs = cast<MemRefType>(memrefs[0].getType());
  const Kernel kernel = {shape,
                         {lhs.getElementType(), lhs.getShape().back()},
                         RowForm::of(l, shape),
                         /*hasAddend=*/memrefs.size() > 2};
  Operands arguments;
  arguments.panels = panelsOf(l, op, shape);
  if (kernel.rounds())
    arguments.rounded =
        roundedMemory(l, result, Size::fixed(kRoundedRows), kernel.taken);
  const auto leading = static_cast<int64_t>(counts.size());
  SmallVector<Rows> operands;
  for (Value memref : memrefs)
    operands.push_back(rowsOf(l, memref, leading));

  SmallVector<Value> outer;
  auto emitAt = [&](Value count) {
    arguments.lhs = rowsAt(l, operands[0], outer, count);
    arguments.result = rowsAt(l, operands[1], outer, count);
    if (kernel.hasAddend)
      arguments.addend = rowsAt(l, operands[2], outer, count);
  };
  // A call with so many arguments would take longer than one row's work.
  if (isSingleRow(l, result)) {
    outer.assign(std::max<int64_t>(leading - 1, 0), l.constant(0));
    emitAt(l.constant(1));
    return kernel.emitBody(l.b, l.constant(1), arguments);
  }

  // Leading axes that lie evenly in all of them are walked as one.
  Value rows = counts.empty() ? l.constant(1) : counts.back(), joined;
  if (leading > 1) {
    Value even;
    for (const Rows &operand : operands) {
      Value here = isOneAxis(l, operand, counts);
      even = even ? Value(arith::AndIOp::create(l.b, even, here)) : here;
    }
    if (lengths)
      even = arith::AndIOp::create(l.b, even,
                                   areFull(l, lengths, counts.front(), rows));
    joined = even;
    Value product = rows;
    for (Value &count : MutableArrayRef(counts).drop_back()) {
      product = arith::MulIOp::create(l.b, product, count);
      count = arith::SelectOp::create(l.b, even, l.constant(1), count);
    }
    rows = arith::SelectOp::create(l.b, even, product, rows);
  }

  std::function<void()> nest = [&] {
    if (int64_t(outer.size()) + 1 >= leading) {
      Value count = rows;
      if (lengths)
        count = arith::SelectOp::create(l.b, joined, rows,
                                        lengthOf(l, lengths, outer.front()));
      emitAt(count);
      func::CallOp::create(l.b, functionOf(l, kernel),
                           Kernel::pack(count, arguments));
      return;
    }
    forCarried(l, l.constant(0), counts[outer.size()], 1, {},
               [&](Value iv, ValueRange) {
                 outer.push_back(iv);
                 nest();
                 outer.pop_back();
                 return SmallVector<Value>();
               });
  };
  nest();
}

static SmallVector<Value> leadingCounts(Lowering &l, Value result) {
  const Sizes sizes = l.sizes.of(result);
  SmallVector<Value> counts;
  for (Size size : ArrayRef<Size>(sizes).drop_back())
    counts.push_back(l.size(size));
  return counts;
}

/// The memref of an addend: of what all rows share, one row.
static Value addendMemref(Lowering &l, Value addend) {
  Value row = repeatedRow(l, addend);
  return l.view(row ? row : addend);
}

/// The lengths at which the rows of a product [rows, positions, columns] end,
/// if it is zero behind them whatever the weights are; null if it is not.
static Value lengthsOf(Lowering &l, ContractOp op, Value addend) {
  if (cast<RankedTensorType>(op.getType()).getRank() != 3 ||
      l.sizes.of(op.getResult()).front() != Size::rows())
    return {};
  Value lengths = paddingLengths(l.resolve(op.getLhs()), 1);
  if (!lengths || l.sizes.of(lengths).size() != 1)
    return {};
  lengths = l.resolve(lengths);
  if (addend) {
    // Another such product, perhaps.
    auto other = l.resolve(addend).getDefiningOp<ContractOp>();
    if (!other || !isPanelProduct(other) || lengthsOf(l, other, {}) != lengths)
      return {};
  }
  return lengths;
}

/// Zeros behind each row's length.
static void clearPadding(Lowering &l, Value lengths, Value result) {
  Value memref = l.buffers.lookup(result);
  SmallVector<Range> all = rangesOf(l, l.sizes.of(result));
  Value zero = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(0));
  forCarried(l, all[0].begin, all[0].end, 1, {}, [&](Value row, ValueRange) {
    Range behind = {lengthOf(l, lengths, row), all[1].end};
    forAll(l, {behind, all[2]}, [&](ArrayRef<Value> at) {
      memref::StoreOp::create(l.b, zero, memref, ValueRange{row, at[0], at[1]});
    });
    return SmallVector<Value>();
  });
}

void emitPanelProduct(Lowering &l, ContractOp op, Value addend, Value result) {
  SmallVector<Value> memrefs = {l.view(op.getLhs()), l.buffers.lookup(result)};
  if (addend)
    memrefs.push_back(addendMemref(l, addend));
  Value lengths = lengthsOf(l, op, addend);
  emitOnMemrefs(l, op, result, memrefs, leadingCounts(l, result), lengths);
  if (lengths)
    clearPadding(l, lengths, result);
}

void emitPanelProduct(Lowering &l, ContractOp op, Value addend, Value result,
                      const AxisPart &part, Value lhs) {
  auto partOf = [&](Value memref) {
    const bool isRow = cast<MemRefType>(memref.getType()).getRank() == 1;
    return isRow ? memref : l.slice(memref, part.axis, part.begin, part.size);
  };
  SmallVector<Value> memrefs = {lhs, partOf(l.buffers.lookup(result))};
  if (addend)
    memrefs.push_back(partOf(addendMemref(l, addend)));
  SmallVector<Value> counts = leadingCounts(l, result);
  counts[part.axis] = part.size;
  emitOnMemrefs(l, op, result, memrefs, counts);
}

void emitPanelProduct(Lowering &l, ContractOp op, Value addend, Value result,
                      const Epilogue &epilogue) {
  const PanelShape shape = l.packed.panelsOf(op);
  const RowForm form = RowForm::of(l, shape);
  const Size count = l.sizes.of(result).front();
  Value rows = l.size(count);
  auto allRows = [&](Value memref) {
    return rowsAt(l, rowsOf(l, memref, /*leading=*/1), {}, rows);
  };
  Operands operands;
  operands.lhs = allRows(l.view(op.getLhs()));
  operands.panels = panelsOf(l, op, shape);
  if (form.isRounded()) {
    operands.rounded = roundedMemory(l, result, count, form);
    roundRows(l.b, rows, operands.lhs, operands.rounded, form);
    operands.lhs = operands.rounded.numbers;
  }
  if (addend)
    operands.addend = allRows(addendMemref(l, addend));
  auto product = createProduct(l.b, rows, shape, operands);
  OpBuilder::InsertionGuard guard(l.b);
  UnitSums sums = beginEpilogue(l.b, product);
  l.sums[result] = sums;
  emitStoresAt(l, epilogue.stores, {sums.row, sums.unit});
  if (epilogue.keepsSums)
    storeSums(l.b, sums, l.buffers.lookup(result));
  l.sums.erase(result);
  // They read nothing of one another, so that a target may part them.
  product->setAttr("seq.independent", l.b.getUnitAttr());
}

} // namespace seqc::loops
