//===- ScatterAdd.cpp - Rows added at their tokens ------------------------===//
// Clears the table, then walks all tokens in order: so each sum has one order,
// and workers share the table by its columns.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Columns of a task: some cache lines of each row.
static constexpr int64_t kColumnsOfTask = 64;

/// Only the columns of a matrix are cut.
static bool isCut(ScatterAddOp op) {
  return op.getType().getRank() == 2 && op.getType().hasStaticShape();
}

int64_t scatterAddTasks(ScatterAddOp op) {
  if (!isCut(op))
    return 1;
  return (op.getType().getDimSize(1) + kColumnsOfTask - 1) / kColumnsOfTask;
}

namespace {

class ScatterAdd {
public:
  ScatterAdd(Lowering &l, ScatterAddOp op, Value task)
      : l(l), op(op), result(l.buffers.lookup(op.getResult())),
        sizes(l.sizes.of(op.getResult())), f32(l.b.getF32Type()) {
    if (sizes.size() < 2)
      return;
    begin = l.constant(0);
    end = l.size(sizes.back());
    if (task && isCut(op)) {
      Value most = l.constant(kColumnsOfTask);
      begin = arith::MulIOp::create(l.b, task, most);
      end = arith::MinUIOp::create(l.b, arith::AddIOp::create(l.b, begin, most),
                                   end);
    }
  }

  void emit() {
    clear();
    forEach(l, l.sizes.of(op.getTokens()),
            [&](ArrayRef<Value> at) { addRow(at); });
  }

private:
  /// Along what lies side by side: a table may be stored by columns.
  void clear() {
    Value zero = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(0));
    SmallVector<Range> all = columns();
    all.insert(all.begin(), {l.constant(0), l.size(sizes.front())});
    const bool isTransposed = sizes.size() == 2 && !hasUnitStride(result);
    if (isTransposed)
      std::swap(all.front(), all.back());
    forAll(l, all, [&](ArrayRef<Value> at) {
      SmallVector<Value> place(at);
      if (isTransposed)
        std::swap(place.front(), place.back());
      Puller(l).store(zero, result, Position(place));
    });
  }

  /// What of a row is this task's.
  SmallVector<Range> columns() {
    SmallVector<Range> ranges = rangesOf(l, ArrayRef(sizes).drop_front());
    if (!ranges.empty())
      ranges.back() = {begin, end};
    return ranges;
  }

  /// The place of `columns` behind `leading`.
  static Position place(ArrayRef<Value> leading, ArrayRef<Value> columns) {
    SmallVector<Value> all(leading);
    all.append(columns.begin(), columns.end());
    return Position(all);
  }

  void addRow(ArrayRef<Value> at) {
    Value token = Puller(l).at(op.getTokens(), Position(at));
    Value rows = arith::ConstantIntOp::create(l.b, l.b.getI64Type(),
                                              op.getType().getDimSize(0));
    // One comparison without sign refuses negative tokens too.
    Value isRow =
        arith::CmpIOp::create(l.b, arith::CmpIPredicate::ult, token, rows);
    auto branch = scf::IfOp::create(l.b, isRow, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(l.b);
    l.b.setInsertionPointToStart(branch.thenBlock());
    Value row = arith::IndexCastOp::create(l.b, l.b.getIndexType(), token);
    forAll(l, columns(), [&](ArrayRef<Value> columns) {
      Puller puller(l);
      Position to = place(row, columns);
      Value sum = puller.load(result, f32, to);
      Value more = puller.at(op.getUpdates(), place(at, columns));
      puller.store(arith::AddFOp::create(l.b, sum, more), result, to);
    });
  }

  Lowering &l;
  ScatterAddOp op;
  Value result;
  Sizes sizes;
  Type f32;
  /// Of the last axis, what this task takes.
  Value begin, end;
};

} // namespace

void emitScatterAdd(Lowering &l, ScatterAddOp op, Value task) {
  l.b.setLoc(op.getLoc());
  ScatterAdd(l, op, task).emit();
}

} // namespace seqc::loops
