//===- PanelProduct.cpp - Products with packed weights --------------------===//
// The kernel: a tile of rows by one panel of columns stays in registers while
// it walks along K. One private function for each shape, which all products of
// that shape call.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

namespace {

/// Emits the body of a kernel. Its arguments: the number of rows, the left
/// operand [rows, K], the panels, the result [rows, N], and, if it has one,
/// the addend [rows, N]; rows of the operands and the result may be strided.
class PanelKernel {
public:
  PanelKernel(ImplicitLocOpBuilder &b, const PanelShape &shape,
              const TargetDescription &target, ValueRange arguments)
      : b(b), shape(shape), rows(arguments[0]), lhs(arguments[1]),
        panels(arguments[2]), result(arguments[3]),
        addend(arguments.size() > 4 ? arguments[4] : Value()),
        vectorType(VectorType::get(shape.lanes, b.getF32Type())) {
    // A row takes a register for each sum, and the panel one for each vector;
    // one more holds the broadcast element.
    int64_t forSums = target.vectorRegisters - shape.vectors - 2;
    tallest = std::clamp<int64_t>(forSums / shape.vectors, 1, 6);
  }

  void emit() {
    int64_t fullPanels = shape.n / shape.width();
    int64_t left = shape.n - fullPanels * shape.width();
    if (fullPanels > 0)
      loop(constant(0), constant(fullPanels), 1,
           [&](Value p) { emitPanel(p, shape.width()); });
    if (left > 0)
      emitPanel(constant(fullPanels), left);
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

  /// All rows of panel `p`, of which `columns` columns exist: tall tiles, then
  /// what is left in pairs and singly.
  void emitPanel(Value p, int64_t columns) {
    SmallVector<int64_t> heights = {tallest};
    for (int64_t smaller : {2, 1})
      if (smaller < tallest)
        heights.push_back(smaller);
    Value begin = constant(0);
    for (int64_t height : heights) {
      Value left = arith::SubIOp::create(b, rows, begin);
      Value rest = arith::RemUIOp::create(b, left, constant(height));
      Value end = arith::SubIOp::create(b, rows, rest);
      loop(begin, end, height,
           [&](Value row) { emitTile(p, row, height, columns); });
      begin = end;
    }
  }

  /// The mask of vector `v` of a panel that has `columns` columns; null: full.
  Value maskOf(int64_t v, int64_t columns) {
    int64_t left = columns - v * shape.lanes;
    if (left >= shape.lanes)
      return {};
    return vector::CreateMaskOp::create(
        b, VectorType::get(shape.lanes, b.getI1Type()),
        ValueRange{constant(left)});
  }

  Value zero() {
    return arith::ConstantOp::create(
        b, cast<TypedAttr>(b.getZeroAttr(vectorType)));
  }

  /// The sums of `height` rows from `row` on, by the vectors of panel `p`.
  void emitTile(Value p, Value row, int64_t height, int64_t columns) {
    int64_t vectors = (columns + shape.lanes - 1) / shape.lanes;
    SmallVector<Value> rowAt, columnAt, masks;
    for (int64_t r = 0; r < height; ++r)
      rowAt.push_back(arith::AddIOp::create(b, row, constant(r)));
    Value first = arith::MulIOp::create(b, p, constant(shape.width()));
    for (int64_t v = 0; v < vectors; ++v) {
      columnAt.push_back(
          arith::AddIOp::create(b, first, constant(v * shape.lanes)));
      masks.push_back(maskOf(v, columns));
    }

    SmallVector<Value> sums;
    for (int64_t r = 0; r < height; ++r)
      for (int64_t v = 0; v < vectors; ++v)
        sums.push_back(beginSum({rowAt[r], columnAt[v]}, masks[v]));
    sums = emitSums(p, rowAt, vectors, sums);
    for (int64_t r = 0; r < height; ++r)
      for (int64_t v = 0; v < vectors; ++v)
        endSum(sums[r * vectors + v], {rowAt[r], columnAt[v]}, masks[v]);
  }

  Value beginSum(ValueRange place, Value mask) {
    if (!addend)
      return zero();
    if (mask)
      return vector::MaskedLoadOp::create(b, vectorType, addend, place, mask,
                                          zero());
    return vector::LoadOp::create(b, vectorType, addend, place);
  }

  void endSum(Value sum, ValueRange place, Value mask) {
    if (mask)
      vector::MaskedStoreOp::create(b, result, place, mask, sum);
    else
      vector::StoreOp::create(b, sum, result, place);
  }

  SmallVector<Value> emitSums(Value p, ArrayRef<Value> rowAt, int64_t vectors,
                              ValueRange sums) {
    auto loop = scf::ForOp::create(b, constant(0), constant(shape.k),
                                   constant(1), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value k = loop.getInductionVar();
    SmallVector<Value> weights, next;
    for (int64_t v = 0; v < vectors; ++v)
      weights.push_back(vector::LoadOp::create(
          b, vectorType, panels, ValueRange{p, k, constant(v * shape.lanes)}));
    for (auto [r, at] : llvm::enumerate(rowAt)) {
      Value x = memref::LoadOp::create(b, lhs, ValueRange{at, k});
      x = vector::BroadcastOp::create(b, vectorType, x);
      for (int64_t v = 0; v < vectors; ++v)
        next.push_back(vector::FMAOp::create(
            b, x, weights[v], loop.getRegionIterArgs()[r * vectors + v]));
    }
    scf::YieldOp::create(b, next);
    return SmallVector<Value>(loop.getResults());
  }

  ImplicitLocOpBuilder &b;
  const PanelShape &shape;
  Value rows, lhs, panels, result, addend;
  VectorType vectorType;
  int64_t tallest;
};

} // namespace

/// Rows of `columns` numbers, any distance apart.
static MemRefType rowsType(MLIRContext *context, int64_t columns) {
  auto layout = StridedLayoutAttr::get(context, ShapedType::kDynamic,
                                       {ShapedType::kDynamic, 1});
  return MemRefType::get({ShapedType::kDynamic, columns},
                         Float32Type::get(context), layout);
}

/// The private function for products of a shape.
static func::FuncOp kernelFor(Lowering &l, const PanelShape &shape,
                              bool hasAddend, Type panelsType) {
  auto module = l.function->getParentOfType<ModuleOp>();
  std::string name = llvm::formatv("{0}_product_{1}x{2}{3}", l.model, shape.n,
                                   shape.k, hasAddend ? "_add" : "");
  if (auto existing = module.lookupSymbol<func::FuncOp>(name))
    return existing;

  MLIRContext *context = l.b.getContext();
  SmallVector<Type> inputs = {l.b.getIndexType(), rowsType(context, shape.k),
                              panelsType, rowsType(context, shape.n)};
  if (hasAddend)
    inputs.push_back(rowsType(context, shape.n));
  ImplicitLocOpBuilder b(l.b.getLoc(), l.function);
  auto kernel = func::FuncOp::create(b, name, b.getFunctionType(inputs, {}));
  makeInternal(kernel);
  b.setInsertionPointToStart(kernel.addEntryBlock());
  PanelKernel(b, shape, l.target, kernel.getArguments()).emit();
  func::ReturnOp::create(b);
  return kernel;
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

namespace {

/// A tensor in memory, seen as rows: where it begins and how far apart the
/// positions of each leading axis are.
struct Rows {
  Value base, offset;
  SmallVector<Value> strides;
  int64_t columns;
};

} // namespace

static Rows rowsOf(Lowering &l, Value memref, int64_t leading) {
  auto metadata = memref::ExtractStridedMetadataOp::create(l.b, memref);
  auto type = cast<MemRefType>(memref.getType());
  Rows rows;
  rows.base = metadata.getBaseBuffer();
  rows.offset = metadata.getOffset();
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
      l.b, rowsType(l.b.getContext(), rows.columns), rows.base, offset,
      ArrayRef<OpFoldResult>{count, l.b.getIndexAttr(rows.columns)},
      ArrayRef<OpFoldResult>{stride, l.b.getIndexAttr(1)});
}

/// The product on memrefs: the left operand, the result, and the addend, if
/// there is one. `counts` has the sizes of the leading axes.
static void emitOnMemrefs(Lowering &l, ContractOp op, ArrayRef<Value> memrefs,
                          SmallVector<Value> counts) {
  auto weights = cast<RankedTensorType>(op.getRhs().getType());
  auto shape =
      PanelShape::of(weights.getDimSize(0), weights.getDimSize(1), l.target);
  Value panels = l.panels.lookup(l.resolve(op.getRhs()));
  func::FuncOp kernel =
      kernelFor(l, shape, /*hasAddend=*/memrefs.size() > 2, panels.getType());
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
      func::CallOp::create(l.b, kernel, arguments);
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
  emitOnMemrefs(l, op, memrefs, leadingCounts(l, result));
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
  emitOnMemrefs(l, op, memrefs, counts);
}

} // namespace seqc::loops
