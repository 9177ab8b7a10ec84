//===- PanelProduct.cpp - Products with packed weights --------------------===//
// With an epilogue where they stand; those that only store their sums as one
// private function for each shape, which all products of that shape call.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"
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

/// A kernel as a function: of how many rows, and of memrefs.
struct Kernel {
  PanelShape shape;
  /// How the left operand is handed in, and how products take it.
  RowForm given, taken;
  bool hasAddend;

  int64_t columns() const { return shape.groups * shape.units; }
  /// Whether the rows are rounded here. There is memory for it, the last
  /// argument.
  bool rounds() const { return given.element != taken.element; }
  MemRefType memoryType() const {
    return MemRefType::get({kRoundedRows, taken.length}, taken.element);
  }

  std::string name(const Lowering &l) const;
  SmallVector<Type> arguments() const;
  void emitBody(ImplicitLocOpBuilder &b, ValueRange arguments) const;
  void emitProduct(ImplicitLocOpBuilder &b, Value rows, ValueRange memrefs,
                   Value panels) const;
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

SmallVector<Type> Kernel::arguments() const {
  MLIRContext *context = given.element.getContext();
  SmallVector<Type> types = {IndexType::get(context),
                             rowsType(given.element, given.length),
                             shape.type(context), rowsType(context, columns())};
  if (hasAddend)
    types.push_back(rowsType(context, columns()));
  if (rounds())
    types.push_back(memoryType());
  return types;
}

/// Of the left operand, the result, and the addend.
void Kernel::emitProduct(ImplicitLocOpBuilder &b, Value rows,
                         ValueRange memrefs, Value panels) const {
  OpBuilder::InsertionGuard guard(b);
  auto product = sched::ProductOp::create(b, rows, memrefs[0], panels,
                                          hasAddend ? memrefs[2] : Value(),
                                          shape.units, shape.groups);
  storeSums(b, beginEpilogue(b, product), memrefs[1]);
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

void Kernel::emitBody(ImplicitLocOpBuilder &b, ValueRange arguments) const {
  Value rows = arguments[0], panels = arguments[2];
  SmallVector<Value> memrefs = {arguments[1], arguments[3]};
  if (hasAddend)
    memrefs.push_back(arguments[4]);
  if (!rounds())
    return emitProduct(b, rows, memrefs, panels);
  Value step = arith::ConstantIndexOp::create(b, kRoundedRows);
  auto loop =
      scf::ForOp::create(b, arith::ConstantIndexOp::create(b, 0), rows, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value begin = loop.getInductionVar();
  Value count =
      arith::MinUIOp::create(b, arith::SubIOp::create(b, rows, begin), step);
  for (Value &memref : memrefs)
    memref = partOfRows(b, memref, begin, count);
  Value memory = arguments.back();
  roundRows(b, count, memrefs[0], memory, taken);
  memrefs[0] = memory;
  emitProduct(b, count, memrefs, panels);
}

/// The private function for products of a shape.
static func::FuncOp functionOf(Lowering &l, const Kernel &kernel) {
  auto module = l.function->getParentOfType<ModuleOp>();
  const std::string name = kernel.name(l);
  if (auto existing = module.lookupSymbol<func::FuncOp>(name))
    return existing;
  ImplicitLocOpBuilder b(l.b.getLoc(), l.function);
  auto function =
      func::FuncOp::create(b, name, b.getFunctionType(kernel.arguments(), {}));
  makeInternal(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  kernel.emitBody(b, function.getArguments());
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

static Value panelsOf(Lowering &l, ContractOp op, const PanelShape &shape) {
  return l.panels.lookup({l.resolve(op.getRhs()), shape.groups});
}

/// Memory for rows of the left operand, rounded.
static Value roundedMemory(Lowering &l, Value result, Size rows,
                           const RowForm &form) {
  Value &memory = l.workspace[{result, 2}];
  if (!memory)
    memory = l.plan->allocate({rows, Size::fixed(form.length)}, form.element);
  return memory;
}

/// The product on memrefs: the left operand, `result`, and the addend, if there
/// is one. `counts` has the sizes of the leading axes.
static void emitOnMemrefs(Lowering &l, ContractOp op, Value result,
                          ArrayRef<Value> memrefs, SmallVector<Value> counts) {
  const PanelShape shape = l.packed.panelsOf(op);
  Value panels = panelsOf(l, op, shape);
  auto lhs = cast<MemRefType>(memrefs[0].getType());
  const Kernel kernel = {shape,
                         {lhs.getElementType(), lhs.getShape().back()},
                         RowForm::of(l, shape),
                         /*hasAddend=*/memrefs.size() > 2};
  func::FuncOp function = functionOf(l, kernel);
  Value memory;
  if (kernel.rounds())
    memory = roundedMemory(l, result, Size::fixed(kRoundedRows), kernel.taken);
  const auto leading = static_cast<int64_t>(counts.size());
  SmallVector<Rows> operands;
  for (Value memref : memrefs)
    operands.push_back(rowsOf(l, memref, leading));

  // Leading axes that lie evenly in all of them are walked as one.
  Value rows = counts.empty() ? l.constant(1) : counts.back();
  if (leading > 1) {
    Value even;
    for (const Rows &operand : operands) {
      Value here = isOneAxis(l, operand, counts);
      even = even ? Value(arith::AndIOp::create(l.b, even, here)) : here;
    }
    Value product = rows;
    for (Value &count : MutableArrayRef(counts).drop_back()) {
      product = arith::MulIOp::create(l.b, product, count);
      count = arith::SelectOp::create(l.b, even, l.constant(1), count);
    }
    rows = arith::SelectOp::create(l.b, even, product, rows);
  }

  SmallVector<Value> outer;
  std::function<void()> nest = [&] {
    if (int64_t(outer.size()) + 1 >= leading) {
      SmallVector<Value> arguments = {rows, rowsAt(l, operands[0], outer, rows),
                                      panels};
      for (const Rows &operand : ArrayRef(operands).drop_front())
        arguments.push_back(rowsAt(l, operand, outer, rows));
      if (memory)
        arguments.push_back(memory);
      func::CallOp::create(l.b, function, arguments);
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

void emitPanelProduct(Lowering &l, ContractOp op, Value addend, Value result) {
  SmallVector<Value> memrefs = {l.view(op.getLhs()), l.buffers.lookup(result)};
  if (addend)
    memrefs.push_back(addendMemref(l, addend));
  emitOnMemrefs(l, op, result, memrefs, leadingCounts(l, result));
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
  Value lhs = allRows(l.view(op.getLhs()));
  if (form.isRounded()) {
    Value memory = roundedMemory(l, result, count, form);
    roundRows(l.b, rows, lhs, memory, form);
    lhs = memory;
  }
  Value init = addend ? allRows(addendMemref(l, addend)) : Value();
  auto product = sched::ProductOp::create(
      l.b, rows, lhs, panelsOf(l, op, shape), init, shape.units, shape.groups);
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
