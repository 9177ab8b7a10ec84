//===- ProductStream.cpp - Products made in blocks of a scan's steps ------===//
// The size of a block, its buffer, and the memref through which the steps see
// it.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/ProductStream.h"

#include "compiler/Conversion/SeqToLoops/RoundedRows.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

static int64_t columnsOf(Value result) {
  return cast<RankedTensorType>(result.getType()).getShape().back();
}

bool canStream(Lowering &l, ScanOp scan, Value result) {
  Sizes sizes = l.sizes.of(result);
  return scan.getAxis() == 1 && sizes.size() == 3 &&
         sizes.front() == Size::rows() && !sizes.back().isSymbol;
}

/// The elements of a block: as many as stay in a cache from where they are made
/// to where they are read; a step of a tile at least. Weights that take more
/// are worth a block of their size, so that they come in as rarely as the block
/// goes out.
static int64_t elementsOfBlock(Lowering &l, ContractOp op) {
  auto weights = cast<RankedTensorType>(op.getRhs().getType());
  const int64_t ofStep =
      l.mostRows * std::max(columnsOf(op.getResult()), columnsOf(op.getLhs()));
  return std::max({l.target.blockElements, weights.getNumElements(), ofStep});
}

/// The steps of which both operand and result of `op` fit a block.
static Value stepsThatFit(Lowering &l, ContractOp op) {
  const int64_t columns =
      std::max(columnsOf(op.getResult()), columnsOf(op.getLhs()));
  Value one = l.constant(1);
  Value perStep =
      arith::MulIOp::create(l.b, l.size(Size::rows()), l.constant(columns));
  return arith::DivUIOp::create(l.b, l.constant(elementsOfBlock(l, op)),
                                arith::MaxUIOp::create(l.b, perStep, one));
}

ProductStream::ProductStream(Lowering &l, ArrayRef<StreamedProduct> products,
                             Value steps)
    : l(l), products(products), steps(steps) {
  for (const StreamedProduct &product : products) {
    Value fit = stepsThatFit(l, product.op);
    most = most ? Value(arith::MinUIOp::create(l.b, most, fit)) : fit;
  }
}

/// A buffer of a block's size: of shorter numbers than f32, as many more as
/// there is room for.
Value ProductStream::allocate(const StreamedProduct &product, int which,
                              Type element) {
  Value &buffer = l.workspace[{product.result, which}];
  const int64_t bytes =
      elementsOfBlock(l, product.op) * bytesOf(l.b.getF32Type());
  if (!buffer)
    buffer = l.plan->allocate({Size::fixed(bytes / bytesOf(element))}, element);
  return buffer;
}

/// A memref of `size` steps in which the rows of those from `begin` on lie side
/// by side in `buffer`. The others are nowhere, and nobody reads them.
Value ProductStream::blockOf(Value buffer, int64_t columns, Value begin,
                             Value rowSteps, Value size) {
  const int64_t any = ShapedType::kDynamic;
  auto number = [&](int64_t n) { return OpFoldResult(l.b.getIndexAttr(n)); };
  auto type = MemRefType::get(
      {any, any, columns}, cast<MemRefType>(buffer.getType()).getElementType(),
      StridedLayoutAttr::get(l.b.getContext(), any, {any, columns, 1}));
  Value before = arith::MulIOp::create(l.b, begin, l.constant(-columns));
  Value row = arith::MulIOp::create(l.b, rowSteps, l.constant(columns));
  return memref::ReinterpretCastOp::create(
      l.b, type, buffer, before,
      ArrayRef<OpFoldResult>{l.size(Size::rows()), size, number(columns)},
      ArrayRef<OpFoldResult>{row, number(columns), number(1)});
}

/// Copies `size` steps of all rows, rounds them to what `to` holds, and sets to
/// zero what that has behind them.
void ProductStream::copy(Value from, Value to, Value size) {
  auto type = cast<MemRefType>(to.getType());
  const int64_t given = cast<MemRefType>(from.getType()).getShape().back();
  const int64_t columns = type.getShape().back();
  Value zero = l.constant(0), end = l.constant(given);
  Range rows = {zero, l.size(Size::rows())}, steps = {zero, size};
  forAll(l, {rows, steps, {zero, end}}, [&](ArrayRef<Value> at) {
    Value element = memref::LoadOp::create(l.b, from, at);
    if (!type.getElementType().isF32())
      element = arith::TruncFOp::create(l.b, type.getElementType(), element);
    memref::StoreOp::create(l.b, element, to, at);
  });
  if (given == columns)
    return;
  forAll(l, {rows, steps, {end, l.constant(columns)}}, [&](ArrayRef<Value> at) {
    Value nothing =
        arith::ConstantOp::create(l.b, l.b.getZeroAttr(type.getElementType()));
    memref::StoreOp::create(l.b, nothing, to, at);
  });
}

/// The left operand's part as the kernel takes it, without gaps between its
/// rows: one call then takes all, and reads the weights once.
Value ProductStream::copyOperand(const StreamedProduct &product,
                                 const AxisPart &part) {
  ContractOp op = product.op;
  RowForm form = RowForm::of(l, l.packed.panelsOf(op));
  // The kernel finds scales itself.
  if (form.hasScales())
    form = {l.b.getF32Type(), columnsOf(op.getLhs())};
  Value from = l.slice(l.view(op.getLhs()), part.axis, part.begin, part.size);
  if (l.isSingle && form.element.isF32())
    return from;
  Value to = blockOf(allocate(product, 1, form.element), form.length,
                     l.constant(0), part.size, part.size);
  copy(from, to, part.size);
  return to;
}

void ProductStream::fill(const AxisPart &part) {
  for (const StreamedProduct &product : products) {
    const int64_t columns = columnsOf(product.result);
    l.buffers[product.result] = blockOf(allocate(product, 0, l.b.getF32Type()),
                                        columns, part.begin, part.size, steps);
    Value lhs = copyOperand(product, part);
    emitPanelProduct(l, product.op, product.addend, product.result, part, lhs);
  }
}

} // namespace seqc::loops
