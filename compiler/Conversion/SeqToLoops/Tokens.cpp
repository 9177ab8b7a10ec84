//===- Tokens.cpp - Rows of tables, and what may fail at run time ---------===//
// Gathers and required lengths report what is wrong and go on with a value that
// does no harm.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

/// The private function that fills in a record: its stack is gone when it
/// returns, however often a loop reports.
static func::FuncOp reporter(Lowering &l) {
  auto module = l.function->getParentOfType<ModuleOp>();
  std::string name = l.model + "_report";
  if (auto existing = module.lookupSymbol<func::FuncOp>(name))
    return existing;
  Type i32 = l.b.getI32Type(), i64 = l.b.getI64Type();
  auto b = ImplicitLocOpBuilder(l.function.getLoc(), l.function);
  auto function =
      func::FuncOp::create(b, name,
                           b.getFunctionType({pointerType(b.getContext()), i32,
                                              i32, i32, i64, i64, i64, i64},
                                             {}));
  makeInternal(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  auto arg = [&](unsigned i) { return function.getArgument(i); };
  reportError(b, b.getLoc(), arg(0),
              {arg(1), arg(2), arg(3), arg(4), arg(5), arg(6), arg(7)});
  func::ReturnOp::create(b);
  return function;
}

/// Reports `value` unless `isRight`. `row` is the row of the tile, or null.
static void check(Lowering &l, Value isRight, seqc_status kind, Value row,
                  Value position, Value value, int64_t bound) {
  // Nothing is known of a caller where parameters are packed.
  if (!l.call)
    return;
  auto i32 = [&](int64_t n) -> Value {
    return arith::ConstantIntOp::create(l.b, l.b.getI32Type(), n);
  };
  auto i64 = [&](int64_t n) -> Value {
    return arith::ConstantIntOp::create(l.b, l.b.getI64Type(), n);
  };
  FileLineColLoc place =
      getPlaceInModel(l.b.getLoc(), l.function->getParentOfType<ModuleOp>());
  func::FuncOp function = reporter(l);
  Value yes = arith::ConstantIntOp::create(l.b, l.b.getI1Type(), 1);
  Value isWrong = arith::XOrIOp::create(l.b, isRight, yes);
  auto branch = scf::IfOp::create(l.b, isWrong, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(l.b);
  l.b.setInsertionPointToStart(branch.thenBlock());
  Value sample =
      row ? Value(arith::AddIOp::create(l.b, l.firstRow, row)) : l.firstRow;
  sample = arith::IndexCastOp::create(l.b, l.b.getI64Type(), sample);
  position =
      position
          ? Value(arith::IndexCastOp::create(l.b, l.b.getI64Type(), position))
          : i64(-1);
  func::CallOp::create(l.b, function,
                       ValueRange{l.call, i32(kind),
                                  i32(place ? place.getLine() : 0),
                                  i32(place ? place.getColumn() : 0), sample,
                                  position, value, i64(bound)});
}

//===----------------------------------------------------------------------===//
// The operations
//===----------------------------------------------------------------------===//

/// Copies row `token` of the table to its place in the result.
static void copyRow(Lowering &l, GatherOp op, Value token,
                    ArrayRef<Value> tokenAt) {
  Value result = l.buffers.lookup(op);
  Sizes table = l.sizes.of(op.getTable());
  forAll(l, ArrayRef(table).drop_front(), [&](ArrayRef<Value> ivs) {
    Position from(token), to(tokenAt);
    for (Value iv : ivs) {
      from.coords.push_back({iv, 0});
      to.coords.push_back({iv, 0});
    }
    Puller puller(l);
    puller.store(puller.at(op.getTable(), from), result, to);
  });
}

/// The row that a place belongs to; null where there are no rows.
static Value rowOf(ArrayRef<Size> sizes, ArrayRef<Value> ivs) {
  return !sizes.empty() && sizes[0] == Size::rows() ? ivs[0] : Value();
}

/// Where a place stands in its sample's sequences, row by row; null if it is in
/// none. `outer` is the position of the scan around it.
static Value positionOf(Lowering &l, ArrayRef<Size> sizes, ArrayRef<Value> ivs,
                        Value outer) {
  Value position = outer;
  for (size_t axis = 1; axis < ivs.size(); ++axis)
    position = l.positionInside(position, ivs[axis], l.size(sizes[axis]));
  return position;
}

/// Calls `body` with the indices and the value of each element of `tensor`.
static void
forEachElement(Lowering &l, Value tensor,
               llvm::function_ref<void(ArrayRef<Value>, Value)> body) {
  forEach(l, l.sizes.of(tensor), [&](ArrayRef<Value> ivs) {
    body(ivs, Puller(l).at(tensor, Position(ivs)));
  });
}

/// Calls `body` with the indices of each token and the token, which is below
/// `bound`: zero in place of one that is reported.
static void
forEachToken(Lowering &l, Value tokens, int64_t bound,
             llvm::function_ref<void(ArrayRef<Value>, Value)> body) {
  Sizes sizes = l.sizes.of(tokens);
  forEachElement(l, tokens, [&](ArrayRef<Value> ivs, Value token) {
    Value end = arith::ConstantIntOp::create(l.b, l.b.getI64Type(), bound);
    // One comparison without sign refuses negative tokens too.
    Value isRight =
        arith::CmpIOp::create(l.b, arith::CmpIPredicate::ult, token, end);
    Value position = positionOf(l, sizes, ivs, l.scanPosition);
    check(l, isRight, SEQC_ERROR_TOKEN, rowOf(sizes, ivs), position, token,
          bound);
    Value zero = arith::ConstantIntOp::create(l.b, l.b.getI64Type(), 0);
    body(ivs, arith::SelectOp::create(l.b, isRight, token, zero));
  });
}

void emitGather(Lowering &l, GatherOp op) {
  int64_t rows = cast<RankedTensorType>(op.getTable().getType()).getDimSize(0);
  forEachToken(l, op.getTokens(), rows, [&](ArrayRef<Value> ivs, Value token) {
    copyRow(l, op, arith::IndexCastOp::create(l.b, l.b.getIndexType(), token),
            ivs);
  });
}

void emitOneHot(Lowering &l, OneHotOp op) {
  Value result = l.buffers.lookup(op);
  int64_t width = op.getType().getShape().back();
  Value zero = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(0));
  Value one = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(1));
  forEachToken(l, op.getTokens(), width, [&](ArrayRef<Value> ivs, Value token) {
    SmallVector<Value> place(ivs);
    place.push_back({});
    auto store = [&](Value value, Value column) {
      place.back() = column;
      memref::StoreOp::create(l.b, value, result, place);
    };
    forAll(l, Size::fixed(width),
           [&](ArrayRef<Value> column) { store(zero, column.front()); });
    store(one, arith::IndexCastOp::create(l.b, l.b.getIndexType(), token));
  });
}

void emitRequireLength(Lowering &l, RequireLengthOp op) {
  Sizes sizes = l.sizes.of(op.getLengths());
  int64_t minimum = op.getMinimum();
  forEachElement(l, op.getLengths(), [&](ArrayRef<Value> ivs, Value length) {
    Value bound = arith::ConstantIntOp::create(l.b, l.b.getI64Type(), minimum);
    Value isRight =
        arith::CmpIOp::create(l.b, arith::CmpIPredicate::sge, length, bound);
    Value position = positionOf(l, sizes, ivs, {});
    check(l, isRight, SEQC_ERROR_LENGTH, rowOf(sizes, ivs), position, length,
          minimum);
  });
}

} // namespace seqc::loops
