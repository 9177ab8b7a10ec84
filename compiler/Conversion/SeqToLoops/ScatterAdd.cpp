//===- ScatterAdd.cpp - Rows added at their tokens ------------------------===//
// Clears the table, then walks all tokens in order: so each sum has one order,
// and workers share the table by its columns.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

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
    const int64_t last = op.getUpdates().getType().getRank() - 1;
    if (!sizes.back().is(1) && hasUnitStride(result) &&
        canVectorize(l, op.getUpdates(), last))
      width = l.target.lanes();
  }

  void emit() {
    Type type = width > 1 ? Type(VectorType::get(width, f32)) : f32;
    Value zero =
        arith::ConstantOp::create(l.b, cast<TypedAttr>(l.b.getZeroAttr(type)));
    forEach(l, sizes.front(), [&](ArrayRef<Value> row) {
      forColumns([&](Puller &puller, ArrayRef<Value> columns) {
        puller.store(zero, result, place(row, columns));
      });
    });
    forEach(l, l.sizes.of(op.getTokens()),
            [&](ArrayRef<Value> at) { addRow(at); });
  }

private:
  /// The place of `columns` behind `leading`, lanes on the last axis.
  Position place(ArrayRef<Value> leading, ArrayRef<Value> columns) {
    Position position;
    for (Value iv : leading)
      position.coords.push_back({iv, 0});
    for (Value iv : columns)
      position.coords.push_back({iv, 0});
    if (width > 1)
      position.lane = static_cast<int64_t>(position.coords.size()) - 1;
    return position;
  }

  /// Calls `body` with the indices of all elements of a row that are this
  /// task's.
  void forColumns(llvm::function_ref<void(Puller &, ArrayRef<Value>)> body) {
    if (sizes.size() < 2) {
      Puller puller(l, 1, {});
      return body(puller, {});
    }
    forEach(l, ArrayRef(sizes).drop_front().drop_back(),
            [&](ArrayRef<Value> outer) {
              forCarried(l, begin, end, width, {}, [&](Value iv, ValueRange) {
                SmallVector<Value> columns(outer);
                columns.push_back(iv);
                Puller puller(l, width, maskAt(iv));
                body(puller, columns);
                return SmallVector<Value>();
              });
            });
  }

  /// The lanes that exist; null: all.
  Value maskAt(Value column) {
    const bool isExact = !sizes.back().isSymbol &&
                         sizes.back().value % width == 0 &&
                         kColumnsOfTask % width == 0;
    if (width == 1 || isExact)
      return {};
    Value left = arith::SubIOp::create(l.b, end, column);
    return vector::CreateMaskOp::create(
        l.b, VectorType::get(width, l.b.getI1Type()), left);
  }

  void addRow(ArrayRef<Value> at) {
    Value token = Puller(l, 1, {}).at(op.getTokens(), scalarPlace(at));
    Value rows = arith::ConstantIntOp::create(l.b, l.b.getI64Type(),
                                              op.getType().getDimSize(0));
    // One comparison without sign refuses negative tokens too.
    Value isRow =
        arith::CmpIOp::create(l.b, arith::CmpIPredicate::ult, token, rows);
    auto branch = scf::IfOp::create(l.b, isRow, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(l.b);
    l.b.setInsertionPointToStart(branch.thenBlock());
    Value row = arith::IndexCastOp::create(l.b, l.b.getIndexType(), token);
    forColumns([&](Puller &puller, ArrayRef<Value> columns) {
      Position to = place(row, columns);
      Value sum = puller.load(result, f32, to);
      Value more = puller.at(op.getUpdates(), place(at, columns));
      puller.store(arith::AddFOp::create(l.b, sum, more), result, to);
    });
  }

  static Position scalarPlace(ArrayRef<Value> at) {
    Position position;
    for (Value iv : at)
      position.coords.push_back({iv, 0});
    return position;
  }

  Lowering &l;
  ScatterAddOp op;
  Value result;
  Sizes sizes;
  Type f32;
  /// Of the last axis, what this task takes; and how many at a time.
  Value begin, end;
  int64_t width = 1;
};

} // namespace

void emitScatterAdd(Lowering &l, ScatterAddOp op, Value task) {
  l.b.setLoc(op.getLoc());
  ScatterAdd(l, op, task).emit();
}

} // namespace seqc::loops
