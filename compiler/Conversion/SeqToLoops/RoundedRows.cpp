//===- RoundedRows.cpp - Rows as products take them -----------------------===//
// The loop that rounds.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/RoundedRows.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

RowForm RowForm::of(const Lowering &l, const PanelShape &shape) {
  MLIRContext *context = l.b.getContext();
  if (!l.packed.roundsRows())
    return {Float32Type::get(context), shape.k};
  return {shape.element(context), shape.steps() * shape.pack()};
}

static void
forRows(ImplicitLocOpBuilder &b, Value rows, int64_t begin, int64_t end,
        llvm::function_ref<void(ImplicitLocOpBuilder &, ValueRange)> body) {
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, n);
  };
  Value one = constant(1);
  scf::ParallelOp::create(b, ValueRange{constant(0), constant(begin)},
                          ValueRange{rows, constant(end)}, ValueRange{one, one},
                          [&](OpBuilder &inside, Location loc, ValueRange at) {
                            ImplicitLocOpBuilder inner(loc, inside);
                            body(inner, at);
                          });
}

void roundRows(ImplicitLocOpBuilder &b, Value rows, Value from, Value to,
               const RowForm &form) {
  const int64_t given = cast<MemRefType>(from.getType()).getDimSize(1);
  forRows(b, rows, 0, given, [&](ImplicitLocOpBuilder &b, ValueRange at) {
    Value number = memref::LoadOp::create(b, from, at);
    number = arith::TruncFOp::create(b, form.element, number);
    memref::StoreOp::create(b, number, to, at);
  });
  if (given == form.length)
    return;
  forRows(
      b, rows, given, form.length, [&](ImplicitLocOpBuilder &b, ValueRange at) {
        Value zero = arith::ConstantOp::create(b, b.getZeroAttr(form.element));
        memref::StoreOp::create(b, zero, to, at);
      });
}

} // namespace seqc::loops
