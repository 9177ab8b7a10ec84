//===- RoundedRows.cpp - Rows as products take them -----------------------===//
// The loops that round.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/RoundedRows.h"

#include "compiler/Conversion/SeqToLoops/Quantization.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

RowForm RowForm::of(const Lowering &l, const PanelShape &shape) {
  if (!l.packed.roundsRows(shape))
    return {Float32Type::get(l.b.getContext()), shape.k};
  return {shape.element(l.b.getContext()), shape.steps() * shape.pack()};
}

namespace {

/// Makes the loops of one rounding.
class Rounding {
public:
  Rounding(ImplicitLocOpBuilder &b, Value rows, Value from,
           const RoundedRows &to, const RowForm &form)
      : b(b), rows(rows), from(from), to(to), form(form),
        given(cast<MemRefType>(from.getType()).getDimSize(1)) {}

  void emit() {
    if (form.hasScales())
      emitQuantized();
    else
      emitRounded();
  }

private:
  using Body = llvm::function_ref<void(ValueRange)>;

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }
  scf::ParallelOp forAll(ArrayRef<Value> begins, ArrayRef<Value> ends,
                         Body body, ValueRange inits = {});
  Value largestOf(Value row);
  void emitRounded();
  void emitQuantized();

  ImplicitLocOpBuilder &b;
  Value rows, from;
  const RoundedRows &to;
  const RowForm &form;
  /// Numbers of a row that there are.
  int64_t given;
};

} // namespace

scf::ParallelOp Rounding::forAll(ArrayRef<Value> begins, ArrayRef<Value> ends,
                                 Body body, ValueRange inits) {
  const SmallVector<Value> steps(begins.size(), constant(1));
  return scf::ParallelOp::create(
      b, begins, ends, steps, inits,
      [&](OpBuilder &inside, Location, ValueRange at, ValueRange) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPoint(inside.getInsertionBlock(),
                            inside.getInsertionPoint());
        body(at);
      });
}

void Rounding::emitRounded() {
  Value none = constant(0), end = constant(given);
  forAll({none, none}, {rows, end}, [&](ValueRange at) {
    Value number = memref::LoadOp::create(b, from, at);
    number = arith::TruncFOp::create(b, form.element, number);
    memref::StoreOp::create(b, number, to.numbers, at);
  });
  if (given == form.length)
    return;
  forAll({none, end}, {rows, constant(form.length)}, [&](ValueRange at) {
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(form.element));
    memref::StoreOp::create(b, zero, to.numbers, at);
  });
}

/// The largest absolute value of a row.
Value Rounding::largestOf(Value row) {
  Value zero = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  auto loop = forAll(
      {constant(0)}, {constant(given)},
      [&](ValueRange at) {
        Value number = memref::LoadOp::create(b, from, ValueRange{row, at[0]});
        Value size = math::AbsFOp::create(b, number);
        auto reduce = scf::ReduceOp::create(b, size);
        Block &region = reduce.getReductions().front().front();
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToEnd(&region);
        scf::ReduceReturnOp::create(
            b, arith::MaximumFOp::create(b, region.getArgument(0),
                                         region.getArgument(1)));
      },
      zero);
  return loop.getResult(0);
}

/// Behind a row stands anything: weights there are zero.
void Rounding::emitQuantized() {
  auto loop = scf::ForOp::create(b, constant(0), rows, constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value row = loop.getInductionVar();
  const Scale scale = Scale::of(b, largestOf(row));
  memref::StoreOp::create(b, scale.scale, to.scales, ValueRange{row});
  forAll({constant(0)}, {constant(given)}, [&](ValueRange at) {
    const Value place[] = {row, at[0]};
    Value number = memref::LoadOp::create(b, from, place);
    Value zero =
        arith::ConstantOp::create(b, b.getI32IntegerAttr(kUnsignedZero));
    Value multiple = arith::AddIOp::create(b, quantize(b, number, scale), zero);
    memref::StoreOp::create(b,
                            arith::TruncIOp::create(b, form.element, multiple),
                            to.numbers, place);
  });
}

void roundRows(ImplicitLocOpBuilder &b, Value rows, Value from,
               const RoundedRows &to, const RowForm &form) {
  Rounding(b, rows, from, to, form).emit();
}

} // namespace seqc::loops
