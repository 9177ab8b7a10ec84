//===- VectorBody.cpp - A parallel loop on lanes --------------------------===//
// Makes the body a second time: scalars where all lanes have the same, vectors
// where they differ. Lanes that do not exist are masked in memory alone.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/ParallelToVector/VectorBody.h"
#include "compiler/Conversion/ParallelToVector/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace seqc {

namespace {

class VectorBody {
public:
  VectorBody(scf::ParallelOp loop, const LaneAnalysis &analysis, int64_t width)
      : loop(loop),
        reduce(cast<scf::ReduceOp>(loop.getBody()->getTerminator())),
        analysis(analysis), width(width), b(loop.getLoc(), loop) {}

  /// Makes the loops in front of `loop`; gives its results.
  SmallVector<Value> emit();

private:
  VectorType vectorOf(Type element) { return VectorType::get(width, element); }
  bool isVector(Value v) const { return analysis.of(v) == Lanes::Apart; }

  Value scalar(Value v) { return scalars.lookupOrDefault(v); }
  SmallVector<Value> scalarsOf(ValueRange values);
  /// `v` in all lanes.
  Value vector(Value v);
  Value makeVector(Value v);
  /// `v` as what `like` is: a scalar or a vector.
  Value as(Value like, Value v) {
    return isVector(like) ? vector(v) : scalar(v);
  }
  void define(Value v, Value made);
  void setPlaceBehind(Value made);

  void emit(Block &block);
  void emit(memref::LoadOp op);
  void emit(memref::StoreOp op);
  void emit(scf::ForOp op);
  void emit(scf::IfOp op);
  void emit(scf::ParallelOp op);
  void emitElementwise(Operation *op);
  void emitBranch(Block &block, scf::IfOp op);
  TypedAttr identityOf(unsigned i);
  Value identityLanes(unsigned i);
  Value addLanes(unsigned i, Value sum);
  SmallVector<Value> emitLanes(ValueRange ivs, ValueRange sums);
  Value reduceLanes(unsigned i, Value lanes);

  scf::ParallelOp loop;
  scf::ReduceOp reduce;
  const LaneAnalysis &analysis;
  int64_t width;
  ImplicitLocOpBuilder b;
  /// What stands for values of the loop: scalars (of an index that counts
  /// lanes, the first), and vectors, made where they are first asked for.
  IRMapping scalars;
  llvm::DenseMap<Value, Value> vectors;
  /// The lanes that exist; null: all.
  Value mask;
  /// What stands in front of the loops that are made.
  Operation *front = nullptr;
};

} // namespace

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

SmallVector<Value> VectorBody::scalarsOf(ValueRange values) {
  return llvm::map_to_vector(values, [&](Value v) { return scalar(v); });
}

void VectorBody::define(Value v, Value made) {
  if (isVector(v))
    vectors[v] = made;
  else
    scalars.map(v, made);
}

/// Behind what makes `made`: there a vector of it is seen wherever it is.
void VectorBody::setPlaceBehind(Value made) {
  if (Operation *op = made.getDefiningOp())
    b.setInsertionPointAfter(op);
  else
    b.setInsertionPointToStart(cast<BlockArgument>(made).getOwner());
}

Value VectorBody::makeVector(Value v) {
  VectorType type = vectorOf(v.getType());
  OpBuilder::InsertionGuard guard(b);
  // What is there before the loop is spread once.
  if (!loop.getRegion().isAncestor(v.getParentRegion()))
    b.setInsertionPoint(front);
  else
    setPlaceBehind(scalar(v));
  Attribute constant;
  if (matchPattern(v, m_Constant(&constant)))
    return arith::ConstantOp::create(b, DenseElementsAttr::get(type, constant));
  Value all = vector::BroadcastOp::create(b, type, scalar(v));
  if (analysis.of(v) == Lanes::Same)
    return all;
  return arith::AddIOp::create(b, all, vector::StepOp::create(b, type));
}

Value VectorBody::vector(Value v) {
  Value &made = vectors[v];
  if (!made)
    made = makeVector(v);
  return made;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void VectorBody::emit(Block &block) {
  for (Operation &op : block.without_terminator()) {
    // Nothing asks for it, or the loop would not be here.
    if (analysis.of(op.getResults()) == Lanes::None)
      continue;
    b.setLoc(op.getLoc());
    llvm::TypeSwitch<Operation *>(&op)
        .Case<memref::LoadOp, memref::StoreOp, scf::ForOp, scf::IfOp,
              scf::ParallelOp>([&](auto op) { emit(op); })
        .Default([&](Operation *op) { emitElementwise(op); });
  }
}

void VectorBody::emitElementwise(Operation *op) {
  if (op->getNumResults() == 0 || !isVector(op->getResult(0))) {
    b.clone(*op, scalars);
    return;
  }
  SmallVector<Value> operands;
  for (OpOperand &operand : op->getOpOperands()) {
    // A condition of all lanes chooses whole vectors.
    const bool isChoice = isa<arith::SelectOp>(op) &&
                          operand.getOperandNumber() == 0 &&
                          analysis.of(operand.get()) == Lanes::Same;
    operands.push_back(isChoice ? scalar(operand.get())
                                : vector(operand.get()));
  }
  SmallVector<Type> types;
  for (Type type : op->getResultTypes())
    types.push_back(vectorOf(type));
  Operation *made = clone(b, op, types, operands);
  for (auto [result, vector] :
       llvm::zip_equal(op->getResults(), made->getResults()))
    define(result, vector);
}

void VectorBody::emit(memref::LoadOp op) {
  if (!isVector(op)) {
    b.clone(*op, scalars);
    return;
  }
  VectorType type = vectorOf(op.getType());
  Value memref = scalar(op.getMemRef());
  SmallVector<Value> indices = scalarsOf(op.getIndices());
  if (!mask)
    return define(op, vector::LoadOp::create(b, type, memref, indices));
  Value zero =
      arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)));
  define(op,
         vector::MaskedLoadOp::create(b, type, memref, indices, mask, zero));
}

void VectorBody::emit(memref::StoreOp op) {
  Value memref = scalar(op.getMemRef()), value = vector(op.getValueToStore());
  SmallVector<Value> indices = scalarsOf(op.getIndices());
  if (mask)
    vector::MaskedStoreOp::create(b, memref, indices, mask, value);
  else
    vector::StoreOp::create(b, value, memref, indices);
}

void VectorBody::emit(scf::ForOp op) {
  SmallVector<Value> inits;
  for (auto [argument, init] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getInits()))
    inits.push_back(as(argument, init));
  auto made = scf::ForOp::create(b, scalar(op.getLowerBound()),
                                 scalar(op.getUpperBound()),
                                 scalar(op.getStep()), inits);
  scalars.map(op.getInductionVar(), made.getInductionVar());
  for (auto [argument, carried] :
       llvm::zip_equal(op.getRegionIterArgs(), made.getRegionIterArgs()))
    define(argument, carried);
  OpBuilder::InsertionGuard guard(b);
  if (inits.empty()) {
    b.setInsertionPoint(made.getBody()->getTerminator());
    return emit(*op.getBody());
  }
  b.setInsertionPointToEnd(made.getBody());
  emit(*op.getBody());
  SmallVector<Value> next;
  for (auto [argument, value] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getYieldedValues()))
    next.push_back(as(argument, value));
  scf::YieldOp::create(b, next);
  for (auto [result, value] :
       llvm::zip_equal(op.getResults(), made.getResults()))
    define(result, value);
}

void VectorBody::emitBranch(Block &block, scf::IfOp op) {
  emit(block);
  SmallVector<Value> given;
  for (auto [result, value] :
       llvm::zip_equal(op.getResults(), block.getTerminator()->getOperands()))
    given.push_back(as(result, value));
  if (!given.empty())
    scf::YieldOp::create(b, given);
}

void VectorBody::emit(scf::IfOp op) {
  SmallVector<Type> types;
  for (Value result : op.getResults())
    types.push_back(isVector(result) ? vectorOf(result.getType())
                                     : result.getType());
  auto made = scf::IfOp::create(b, types, scalar(op.getCondition()),
                                op.elseBlock() != nullptr);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(made.thenBlock());
  emitBranch(*op.thenBlock(), op);
  if (op.elseBlock()) {
    b.setInsertionPointToStart(made.elseBlock());
    emitBranch(*op.elseBlock(), op);
  }
  for (auto [result, value] :
       llvm::zip_equal(op.getResults(), made.getResults()))
    define(result, value);
}

/// Each lane walks all of a loop in its own order: of a parallel one too.
void VectorBody::emit(scf::ParallelOp op) {
  auto given = cast<scf::ReduceOp>(op.getBody()->getTerminator());
  NestBounds bounds = {scalarsOf(op.getLowerBound()),
                       scalarsOf(op.getUpperBound()), scalarsOf(op.getStep())};
  SmallVector<Value> inits;
  for (auto [result, init] : llvm::zip_equal(op.getResults(), op.getInitVals()))
    inits.push_back(as(result, init));
  auto body = [&](ValueRange ivs, ValueRange sums) {
    scalars.map(op.getInductionVars(), ivs);
    emit(*op.getBody());
    SmallVector<Value> next;
    for (auto [i, sum] : llvm::enumerate(sums)) {
      Value result = op.getResult(i), value = given.getOperands()[i];
      if (arith::MulFOp product = contractedProduct(given, i))
        next.push_back(addProduct(b, as(result, product.getLhs()),
                                  as(result, product.getRhs()), sum));
      else
        next.push_back(combine(b, given, i, sum, as(result, value)));
    }
    return next;
  };
  SmallVector<Value> sums = buildNest(b, bounds, inits, body);
  for (auto [result, value] : llvm::zip_equal(op.getResults(), sums))
    define(result, value);
}

//===----------------------------------------------------------------------===//
// The loop itself
//===----------------------------------------------------------------------===//

/// What changes nothing that value number `i` is combined with.
TypedAttr VectorBody::identityOf(unsigned i) {
  auto type = cast<FloatType>(loop.getInitVals()[i].getType());
  const auto &semantics = type.getFloatSemantics();
  const vector::CombiningKind kind = *combiningKindOf(reduce, i);
  if (kind == vector::CombiningKind::ADD)
    return FloatAttr::get(type, APFloat::getZero(semantics));
  const bool isLargest = kind == vector::CombiningKind::MAXIMUMF;
  return FloatAttr::get(type, APFloat::getInf(semantics, isLargest));
}

Value VectorBody::identityLanes(unsigned i) {
  TypedAttr identity = identityOf(i);
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(vectorOf(identity.getType()),
                                Attribute(identity)));
}

/// What each lane has of value number `i` so far; lanes that do not exist add
/// nothing.
Value VectorBody::addLanes(unsigned i, Value sum) {
  if (arith::MulFOp product = contractedProduct(reduce, i)) {
    Value added =
        addProduct(b, vector(product.getLhs()), vector(product.getRhs()), sum);
    return mask ? arith::SelectOp::create(b, mask, added, sum) : added;
  }
  Value value = vector(reduce.getOperands()[i]);
  if (mask)
    value = arith::SelectOp::create(b, mask, value, identityLanes(i));
  return combine(b, reduce, i, sum, value);
}

/// The body for the lanes from the last of `ivs` on.
SmallVector<Value> VectorBody::emitLanes(ValueRange ivs, ValueRange sums) {
  scalars.map(loop.getInductionVars(), ivs);
  Value begin = loop.getLowerBound().back(), end = loop.getUpperBound().back();
  if (!isMultipleOf(begin, width) || !isMultipleOf(end, width)) {
    Value left = arith::SubIOp::create(b, end, ivs.back());
    mask = vector::CreateMaskOp::create(b, vectorOf(b.getI1Type()), left);
  }
  emit(*loop.getBody());
  SmallVector<Value> next;
  for (auto [i, sum] : llvm::enumerate(sums))
    next.push_back(addLanes(i, sum));
  return next;
}

/// What all lanes have of value number `i`, and the loop had before.
Value VectorBody::reduceLanes(unsigned i, Value lanes) {
  const vector::CombiningKind kind = *combiningKindOf(reduce, i);
  const bool isSum = kind == vector::CombiningKind::ADD;
  Value all = vector::ReductionOp::create(b, kind, lanes,
                                          isSum ? arith::FastMathFlags::reassoc
                                                : arith::FastMathFlags::none);
  Value init = loop.getInitVals()[i];
  Attribute constant;
  if (matchPattern(init, m_Constant(&constant)) && constant == identityOf(i))
    return all;
  return combine(b, reduce, i, init, all);
}

SmallVector<Value> VectorBody::emit() {
  front = arith::ConstantIndexOp::create(b, width);
  NestBounds bounds = boundsOf(loop);
  bounds.steps.back() = front->getResult(0);
  SmallVector<Value> inits, results;
  for (unsigned i = 0; i < loop.getNumReductions(); ++i)
    inits.push_back(identityLanes(i));
  SmallVector<Value> sums =
      buildNest(b, bounds, inits, [&](ValueRange ivs, ValueRange sums) {
        return emitLanes(ivs, sums);
      });
  b.setLoc(loop.getLoc());
  for (auto [i, lanes] : llvm::enumerate(sums))
    results.push_back(reduceLanes(i, lanes));
  return results;
}

void lowerToVectorLoops(scf::ParallelOp loop, const LaneAnalysis &analysis,
                        int64_t width) {
  loop.replaceAllUsesWith(VectorBody(loop, analysis, width).emit());
  loop.erase();
}

} // namespace seqc
