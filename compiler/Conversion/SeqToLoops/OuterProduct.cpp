//===- OuterProduct.cpp - Sums of outer products --------------------------===//
// The kernel of weights' gradients: a tile of the result stays in registers
// while it walks along a block of what is summed, and goes back to memory
// between blocks. Of the right operand a panel of a block is copied, so that it
// stays in the first cache whatever its stride is; of the left one, where its
// sums lie some kilobytes apart: these share a few places of a cache. One
// private function serves all shapes.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// The rows and columns of the result that one task makes: with a block of
/// sums of both operands they fit a second cache of 512 KiB.
static constexpr int64_t kRowsOfTask = 96, kColumnsOfTask = 256;
/// The sums of a block: a panel of so many rows fits a first cache of 48 KiB.
static constexpr int64_t kSumsOfBlock = 128;
/// How far apart the sums of a panel of rows lie: an odd number of lines, so
/// that all places of a cache are taken.
static constexpr int64_t kPitchOfRows = 112;
/// So many numbers apart, sums of the left operand are worth a copy.
static constexpr int64_t kFarSums = 256;
static_assert(kPitchOfRows >= kRowsOfTask && kPitchOfRows / 16 % 2 == 1);

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

namespace {

/// Emits the body of the kernel. Its arguments: the number of sums K, the left
/// operand [K, M], the right one [K, N], and the result [M, N], to which the
/// products are added; rows may be any distance apart.
class OuterKernel {
public:
  OuterKernel(ImplicitLocOpBuilder &b, const TargetDescription &target,
              ValueRange arguments)
      : b(b), lanes(target.lanes()), count(arguments[0]), lhs(arguments[1]),
        rhs(arguments[2]), result(arguments[3]),
        vectorType(VectorType::get(lanes, b.getF32Type())) {
    widest = target.vectorRegisters >= 32 ? 4 : 2;
    // A row takes a register for each sum, and the right operand one for each
    // vector; one more holds the broadcast element.
    int64_t forSums = target.vectorRegisters - widest - 2;
    tallest = std::clamp<int64_t>(forSums / widest, 1, 6);
  }

  void emit() {
    Value zero = constant(0);
    rows = memref::DimOp::create(b, result, int64_t(0));
    columns = memref::DimOp::create(b, result, int64_t(1));
    Value rest = arith::RemUIOp::create(b, columns, constant(widest * lanes));
    Value full = arith::SubIOp::create(b, columns, rest);
    panel = memref::AllocaOp::create(
        b, MemRefType::get({kSumsOfBlock, widest * lanes}, b.getF32Type()),
        ValueRange(), b.getI64IntegerAttr(SEQC_ALIGNMENT));
    panelOfRows = memref::AllocaOp::create(
        b, MemRefType::get({kSumsOfBlock, kPitchOfRows}, b.getF32Type()),
        ValueRange(), b.getI64IntegerAttr(SEQC_ALIGNMENT));
    loop(zero, count, kSumsOfBlock, [&](Value first) {
      begin = first;
      Value left = arith::SubIOp::create(b, count, first);
      size = arith::MinUIOp::create(b, left, constant(kSumsOfBlock));
      loop(zero, rows, kRowsOfTask, [&](Value row) {
        firstRow = row;
        Value behind = arith::AddIOp::create(b, row, constant(kRowsOfTask));
        endRow = arith::MinUIOp::create(b, behind, rows);
        leftRows = nearRows();
        loop(zero, full, widest * lanes, [&](Value column) {
          emitColumns(column, widest, /*isFull=*/true);
        });
        // What is left in panels of half the width, whose lanes may not exist.
        loop(full, columns, widest / 2 * lanes, [&](Value column) {
          emitColumns(column, widest / 2, /*isFull=*/false);
        });
      });
    });
  }

private:
  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }

  void loop(Value begin, Value end, int64_t step,
            llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, begin, end, constant(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  /// All rows of `vectors` vectors of columns: tall tiles, then what is left in
  /// pairs and singly.
  void emitColumns(Value column, int64_t vectors, bool isFull) {
    SmallVector<Value> columnAt, masks(vectors);
    for (int64_t v = 0; v < vectors; ++v) {
      columnAt.push_back(arith::AddIOp::create(b, column, constant(v * lanes)));
      if (isFull)
        continue;
      Value left = arith::SubIOp::create(b, columns, columnAt[v]);
      masks[v] = vector::CreateMaskOp::create(
          b, VectorType::get(lanes, b.getI1Type()), left);
    }
    copyPanel(columnAt, masks);
    SmallVector<int64_t> heights = {tallest};
    for (int64_t smaller : {2, 1})
      if (smaller < tallest)
        heights.push_back(smaller);
    Value first = firstRow;
    for (int64_t height : heights) {
      Value left = arith::SubIOp::create(b, endRow, first);
      Value rest = arith::RemUIOp::create(b, left, constant(height));
      Value last = arith::SubIOp::create(b, endRow, rest);
      loop(first, last, height,
           [&](Value row) { emitTile(row, height, columnAt, masks); });
      first = last;
    }
  }

  /// The rows' part of a block of the left operand; a copy where its sums lie
  /// far apart.
  Value nearRows() {
    Value count = arith::SubIOp::create(b, endRow, firstRow);
    auto metadata = memref::ExtractStridedMetadataOp::create(b, lhs);
    Value isFar =
        arith::CmpIOp::create(b, arith::CmpIPredicate::uge,
                              metadata.getStrides()[0], constant(kFarSums));
    auto branch =
        scf::IfOp::create(b, lhs.getType(), isFar, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    copyRows(count);
    scf::YieldOp::create(
        b, memref::CastOp::create(b, lhs.getType(), panelOfRows).getResult());
    b.setInsertionPointToStart(branch.elseBlock());
    Value part = memref::SubViewOp::create(
        b, lhs, ArrayRef<OpFoldResult>{begin, firstRow},
        ArrayRef<OpFoldResult>{size, count},
        ArrayRef<OpFoldResult>{b.getIndexAttr(1), b.getIndexAttr(1)});
    scf::YieldOp::create(
        b, memref::CastOp::create(b, lhs.getType(), part).getResult());
    return branch.getResult(0);
  }

  /// Copies `count` columns of the block to the panel of rows.
  void copyRows(Value count) {
    Value rest = arith::RemUIOp::create(b, count, constant(lanes));
    Value full = arith::SubIOp::create(b, count, rest);
    Value mask = vector::CreateMaskOp::create(
        b, VectorType::get(lanes, b.getI1Type()), rest);
    loop(constant(0), size, 1, [&](Value k) {
      auto copy = [&](Value column, Value mask) {
        Value at = arith::AddIOp::create(b, begin, k);
        Value from = arith::AddIOp::create(b, firstRow, column);
        vector::StoreOp::create(b, load(lhs, {at, from}, mask), panelOfRows,
                                ValueRange{k, column});
      };
      loop(constant(0), full, lanes, [&](Value column) { copy(column, {}); });
      loop(full, count, lanes, [&](Value column) { copy(column, mask); });
    });
  }

  /// Columns of a block of the right operand, without gaps; zero where there
  /// is none.
  void copyPanel(ArrayRef<Value> columnAt, ArrayRef<Value> masks) {
    loop(constant(0), size, 1, [&](Value k) {
      Value at = arith::AddIOp::create(b, begin, k);
      for (auto [v, column] : llvm::enumerate(columnAt))
        vector::StoreOp::create(b, load(rhs, {at, column}, masks[v]), panel,
                                ValueRange{k, constant(v * lanes)});
    });
  }

  Value load(Value memref, ValueRange place, Value mask) {
    if (!mask)
      return vector::LoadOp::create(b, vectorType, memref, place);
    Value zero = arith::ConstantOp::create(
        b, cast<TypedAttr>(b.getZeroAttr(vectorType)));
    return vector::MaskedLoadOp::create(b, vectorType, memref, place, mask,
                                        zero);
  }

  void store(Value sum, ValueRange place, Value mask) {
    if (mask)
      vector::MaskedStoreOp::create(b, result, place, mask, sum);
    else
      vector::StoreOp::create(b, sum, result, place);
  }

  void emitTile(Value row, int64_t height, ArrayRef<Value> columnAt,
                ArrayRef<Value> masks) {
    SmallVector<Value> rowAt, sums;
    for (int64_t r = 0; r < height; ++r)
      rowAt.push_back(arith::AddIOp::create(b, row, constant(r)));
    for (Value at : rowAt)
      for (auto [column, mask] : llvm::zip_equal(columnAt, masks))
        sums.push_back(load(result, {at, column}, mask));
    sums = emitSums(rowAt, columnAt.size(), sums);
    size_t next = 0;
    for (Value at : rowAt)
      for (auto [column, mask] : llvm::zip_equal(columnAt, masks))
        store(sums[next++], {at, column}, mask);
  }

  SmallVector<Value> emitSums(ArrayRef<Value> rowAt, int64_t vectors,
                              ValueRange sums) {
    auto loop = scf::ForOp::create(b, constant(0), size, constant(1), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value k = loop.getInductionVar();
    SmallVector<Value> right, next;
    for (int64_t v = 0; v < vectors; ++v)
      right.push_back(load(panel, {k, constant(v * lanes)}, {}));
    for (Value at : rowAt) {
      Value number = arith::SubIOp::create(b, at, firstRow);
      Value left = memref::LoadOp::create(b, leftRows, ValueRange{k, number});
      left = vector::BroadcastOp::create(b, vectorType, left);
      for (Value vector : right)
        next.push_back(vector::FMAOp::create(
            b, left, vector, loop.getRegionIterArgs()[next.size()]));
    }
    scf::YieldOp::create(b, next);
    return SmallVector<Value>(loop.getResults());
  }

  ImplicitLocOpBuilder &b;
  int64_t lanes, widest, tallest;
  Value count, lhs, rhs, result;
  VectorType vectorType;
  Value rows, columns;
  /// The block: its first sum, how many there are, and a panel of it.
  Value begin, size, panel;
  /// The rows of the result that are made; memory for a panel of them, and what
  /// the left operand has for them.
  Value firstRow, endRow, panelOfRows, leftRows;
};

} // namespace

/// Rows of numbers, any distance apart.
static MemRefType rowsType(MLIRContext *context) {
  const int64_t any = ShapedType::kDynamic;
  return MemRefType::get({any, any}, Float32Type::get(context),
                         StridedLayoutAttr::get(context, any, {any, 1}));
}

static func::FuncOp kernelOf(Lowering &l) {
  auto module = l.function->getParentOfType<ModuleOp>();
  const std::string name = l.model + "_outer_products";
  if (auto existing = module.lookupSymbol<func::FuncOp>(name))
    return existing;
  ImplicitLocOpBuilder b(l.function.getLoc(), l.function);
  Type rows = rowsType(b.getContext());
  auto kernel = func::FuncOp::create(
      b, name, b.getFunctionType({b.getIndexType(), rows, rows, rows}, {}));
  makeInternal(kernel);
  b.setInsertionPointToStart(kernel.addEntryBlock());
  OuterKernel(b, l.target, kernel.getArguments()).emit();
  func::ReturnOp::create(b);
  return kernel;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static int64_t rankOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getRank();
}

static bool isLeading(ArrayRef<int64_t> axes) {
  for (auto [i, axis] : llvm::enumerate(axes))
    if (axis != static_cast<int64_t>(i))
      return false;
  return true;
}

bool hasOuterForm(Lowering &l, ContractOp op) {
  const int64_t sums = op.getLhsAxes().size();
  Sizes lhs = l.sizes.of(op.getLhs());
  return sums > 0 && op.getLhsBatch().empty() && isLeading(op.getLhsAxes()) &&
         isLeading(op.getRhsAxes()) && lhs.front() == Size::rows() &&
         rankOf(op.getLhs()) <= sums + 1 && rankOf(op.getRhs()) == sums + 1 &&
         op.getType().hasStaticShape();
}

bool isOuterProduct(Lowering &l, ContractOp op) {
  return hasOuterForm(l, op) && hasUnitStride(l.buffers.lookup(op.getResult()));
}

/// How many rows and columns the result has.
static std::pair<int64_t, int64_t> extentOf(ContractOp op) {
  ArrayRef<int64_t> shape = op.getType().getShape();
  return {shape.size() > 1 ? shape.front() : 1, shape.back()};
}

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t outerProductTasks(ContractOp op) {
  auto [rows, columns] = extentOf(op);
  return ceilDiv(rows, kRowsOfTask) * ceilDiv(columns, kColumnsOfTask);
}

namespace {

/// A part of an axis.
struct Span {
  Value begin, size;
};

/// One operand, or the result: where it begins, and how far apart the
/// positions of its leading axes are. What is behind these is a row.
struct Rows {
  Value base, offset;
  SmallVector<Value> strides;
};

/// The loops over what is summed, around calls of the kernel. Where rows end
/// (`seq.lengths` on the contraction), there is a call for each row.
class OuterProduct {
public:
  OuterProduct(Lowering &l, ContractOp op, Span rows, Span columns)
      : l(l), op(op), rows(rows), columns(columns) {}

  /// Adds the products to `addend` (null: to zero), and leaves them in the
  /// buffer of `sum`.

  void emit(Value addend, Value sum) {
    Sizes sizes = l.sizes.of(op.getLhs());
    sizes.resize(op.getLhsAxes().size());
    for (Size size : sizes)
      counts.push_back(l.size(size));
    lhs = rowsOf(l.view(op.getLhs()), rows.begin);
    rhs = rowsOf(l.view(op.getRhs()), columns.begin);
    result = blockOf(l.buffers.lookup(sum));
    Value before = addend ? l.view(addend) : Value();
    if (before != l.buffers.lookup(sum))
      emitFirst(before ? blockOf(before) : Value());
    findLengths();
    joinAxes();
    emitLoops({});
  }

private:
  Value mul(Value x, Value y) { return arith::MulIOp::create(l.b, x, y); }
  Value add(Value x, Value y) { return arith::AddIOp::create(l.b, x, y); }

  /// The rows of an operand, from column `first` on.
  Rows rowsOf(Value memref, Value first) {
    auto metadata = memref::ExtractStridedMetadataOp::create(l.b, memref);
    Rows rows{metadata.getBaseBuffer(), add(metadata.getOffset(), first), {}};
    for (size_t axis = 0; axis < counts.size(); ++axis)
      rows.strides.push_back(metadata.getStrides()[axis]);
    return rows;
  }

  Value matrix(const Rows &rows, Value offset, Value count, Value width,
               Value stride) {
    return memref::ReinterpretCastOp::create(
        l.b, rowsType(l.b.getContext()), rows.base, offset,
        ArrayRef<OpFoldResult>{count, width},
        ArrayRef<OpFoldResult>{stride, l.b.getIndexAttr(1)});
  }

  /// The block of a memref of the result's shape.
  Value blockOf(Value memref) {
    auto metadata = memref::ExtractStridedMetadataOp::create(l.b, memref);
    const bool isMatrix = op.getType().getRank() > 1;
    Value stride = isMatrix ? Value(metadata.getStrides()[0]) : l.constant(0);
    Rows whole{metadata.getBaseBuffer(), {}, {}};
    Value offset =
        add(add(metadata.getOffset(), mul(rows.begin, stride)), columns.begin);
    return matrix(whole, offset, rows.size, columns.size, stride);
  }

  /// What the result begins with: `before`, or zeros.
  void emitFirst(Value before) {
    Value zero = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(0));
    auto first = [&](Value row, Value column) -> Value {
      if (!before)
        return zero;
      return memref::LoadOp::create(l.b, before, ValueRange{row, column});
    };
    forCarried(l, l.constant(0), rows.size, 1, {}, [&](Value row, ValueRange) {
      forCarried(l, l.constant(0), columns.size, 1, {},
                 [&](Value column, ValueRange) {
                   memref::StoreOp::create(l.b, first(row, column), result,
                                           ValueRange{row, column});
                   return SmallVector<Value>();
                 });
      return SmallVector<Value>();
    });
  }

  /// Whether all summed axes lie evenly in `rows`, so that they can be walked
  /// as one.
  Value isOneAxis(const Rows &rows) {
    Value all;
    for (size_t axis = 0; axis + 1 < counts.size(); ++axis) {
      Value same = arith::CmpIOp::create(
          l.b, arith::CmpIPredicate::eq, rows.strides[axis],
          mul(counts[axis + 1], rows.strides[axis + 1]));
      all = all ? Value(arith::AndIOp::create(l.b, all, same)) : same;
    }
    return all;
  }

  void joinAxes() {
    sums = counts.back();
    if (counts.size() == 1)
      return;
    Value even = arith::AndIOp::create(l.b, isOneAxis(lhs), isOneAxis(rhs));
    if (lengths)
      even =
          arith::AndIOp::create(l.b, even, isNull(l.b, l.b.getLoc(), lengths));
    Value product = sums;
    for (Value &count : MutableArrayRef(counts).drop_back()) {
      product = mul(product, count);
      count = arith::SelectOp::create(l.b, even, l.constant(1), count);
    }
    sums = arith::SelectOp::create(l.b, even, product, sums);
  }

  /// The caller's lengths of the dimension at which rows end, if the operands
  /// are zero behind them; at run time null where all rows are full.
  void findLengths() {
    auto dimension = op->getAttrOfType<IntegerAttr>(kLengthsAttr);
    if (!dimension || counts.size() != 2)
      return;
    lengths = loadLengths(l.b, l.b.getLoc(), l.call, dimension.getInt());
  }

  /// How many sums a call walks that stands at `outer` of the other axes.
  Value sumsAt(ArrayRef<Value> outer) {
    if (!lengths)
      return sums;
    const Location loc = l.b.getLoc();
    auto branch =
        scf::IfOp::create(l.b, sums.getType(), isNull(l.b, loc, lengths),
                          /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(l.b);
    l.b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(l.b, sums);
    l.b.setInsertionPointToStart(branch.elseBlock());
    Value length = arith::IndexCastOp::create(
        l.b, sums.getType(), loadI64(l.b, loc, lengths, outer.front()));
    Value most = arith::MinUIOp::create(l.b, length, sums);
    scf::YieldOp::create(l.b, most);
    return branch.getResult(0);
  }

  Value rowsAt(const Rows &rows, ArrayRef<Value> outer, Value count,
               Value width) {
    Value offset = rows.offset;
    for (auto [at, stride] : llvm::zip_first(outer, rows.strides))
      offset = add(offset, mul(at, stride));
    return matrix(rows, offset, count, width, rows.strides.back());
  }

  void emitLoops(SmallVector<Value> outer) {
    if (outer.size() + 1 == counts.size()) {
      Value count = sumsAt(outer);
      func::CallOp::create(
          l.b, kernelOf(l),
          ValueRange{count, rowsAt(lhs, outer, count, rows.size),
                     rowsAt(rhs, outer, count, columns.size), result});
      return;
    }
    forCarried(l, l.constant(0), counts[outer.size()], 1, {},
               [&](Value iv, ValueRange) {
                 SmallVector<Value> next = outer;
                 next.push_back(iv);
                 emitLoops(next);
                 return SmallVector<Value>();
               });
  }

  Lowering &l;
  ContractOp op;
  Span rows, columns;
  SmallVector<Value> counts;
  /// How many of the last axis of `counts` are walked by one call.
  Value sums;
  /// See `findLengths`; null where rows do not end.
  Value lengths;
  Rows lhs, rhs;
  Value result;
};

} // namespace

/// Part number `number` of an axis that is cut into parts of `most`.
static Span spanOf(Lowering &l, Value number, int64_t most, int64_t size) {
  Span span;
  span.begin = arith::MulIOp::create(l.b, number, l.constant(most));
  Value left = arith::SubIOp::create(l.b, l.constant(size), span.begin);
  span.size = arith::MinUIOp::create(l.b, left, l.constant(most));
  return span;
}

void emitOuterProduct(Lowering &l, ContractOp op, Value addend, Value sum,
                      Value task) {
  l.b.setLoc(op.getLoc());
  auto [rows, columns] = extentOf(op);
  Span rowSpan{l.constant(0), l.constant(rows)};
  Span columnSpan{l.constant(0), l.constant(columns)};
  if (task) {
    Value across = l.constant(ceilDiv(columns, kColumnsOfTask));
    rowSpan =
        spanOf(l, arith::DivUIOp::create(l.b, task, across), kRowsOfTask, rows);
    columnSpan = spanOf(l, arith::RemUIOp::create(l.b, task, across),
                        kColumnsOfTask, columns);
  }
  OuterProduct(l, op, rowSpan, columnSpan).emit(addend, sum);
}

} // namespace seqc::loops
