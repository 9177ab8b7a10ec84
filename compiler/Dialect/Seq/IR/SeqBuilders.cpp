//===- SeqBuilders.cpp - Builders that know the result's type -------------===//
// What a caller need not spell out: results follow from operands, attributes
// and bodies.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace seqc::seq;

static RankedTensorType tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Types of what stands at one position of `axis` of each sequence.
static SmallVector<Type> elementTypes(ValueRange sequences, int64_t axis) {
  return llvm::map_to_vector(sequences, [&](Value sequence) -> Type {
    return dropAxis(tensorType(sequence), axis);
  });
}

/// Appends the types of `steps` stacked along `axis`.
static void appendStacked(SmallVectorImpl<Type> &types, TypeRange steps,
                          ValueRange sequences, int64_t axis) {
  const int64_t size = tensorType(sequences.front()).getDimSize(axis);
  for (Type step : steps)
    types.push_back(insertAxis(cast<RankedTensorType>(step), axis, size));
}

/// Adds the body's block with arguments of the types of `values`.
static Block *addBody(OpBuilder &builder, OperationState &state,
                      ArrayRef<Type> elements, ValueRange rest) {
  SmallVector<Type> types(elements);
  llvm::append_range(types, rest.getTypes());
  SmallVector<Location> locations(types.size(), state.location);
  Region *region = state.addRegion();
  OpBuilder::InsertionGuard guard(builder);
  return builder.createBlock(region, region->end(), types, locations);
}

/// Fills in everything of a scan but its results.
static Block *buildScan(OpBuilder &builder, OperationState &state,
                        ValueRange sequences, ValueRange inits,
                        ValueRange invariants, Value lengths, int64_t axis,
                        bool reverse) {
  state.addOperands(sequences);
  state.addOperands(inits);
  state.addOperands(invariants);
  if (lengths)
    state.addOperands(lengths);
  auto &properties = state.getOrAddProperties<ScanOp::Properties>();
  properties.axis = builder.getI64IntegerAttr(axis);
  if (reverse)
    properties.reverse = builder.getUnitAttr();
  llvm::copy(ArrayRef<int32_t>({static_cast<int32_t>(sequences.size()),
                                static_cast<int32_t>(inits.size()),
                                static_cast<int32_t>(invariants.size()),
                                lengths ? 1 : 0}),
             properties.operandSegmentSizes.begin());
  SmallVector<Value> carried(inits);
  llvm::append_range(carried, invariants);
  return addBody(builder, state, elementTypes(sequences, axis), carried);
}

void ScanOp::build(OpBuilder &builder, OperationState &state,
                   ValueRange sequences, ValueRange inits,
                   ValueRange invariants, Value lengths, int64_t axis,
                   bool reverse, TypeRange stepOutputs) {
  buildScan(builder, state, sequences, inits, invariants, lengths, axis,
            reverse);
  SmallVector<Type> results(inits.getTypes());
  appendStacked(results, stepOutputs, sequences, axis);
  state.addTypes(results);
}

void ScanOp::build(OpBuilder &builder, OperationState &state,
                   ValueRange sequences, ValueRange inits,
                   ValueRange invariants, Value lengths, int64_t axis,
                   bool reverse, ScanBodyFn body) {
  Block *block = buildScan(builder, state, sequences, inits, invariants,
                           lengths, axis, reverse);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(block);
  ValueRange arguments = block->getArguments();
  SmallVector<Value> yielded =
      body(builder, state.location, arguments.take_front(sequences.size()),
           arguments.slice(sequences.size(), inits.size()),
           arguments.take_back(invariants.size()));
  YieldOp::create(builder, state.location, yielded);
  SmallVector<Type> results(inits.getTypes());
  appendStacked(results,
                ValueRange(yielded).drop_front(inits.size()).getTypes(),
                sequences, axis);
  state.addTypes(results);
}

void MapOp::build(OpBuilder &builder, OperationState &state,
                  ValueRange sequences, ValueRange invariants, MapBodyFn body) {
  state.addOperands(sequences);
  state.addOperands(invariants);
  auto &properties = state.getOrAddProperties<MapOp::Properties>();
  properties.operandSegmentSizes = {static_cast<int32_t>(sequences.size()),
                                    static_cast<int32_t>(invariants.size())};
  Block *block =
      addBody(builder, state, elementTypes(sequences, 0), invariants);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(block);
  ValueRange arguments = block->getArguments();
  SmallVector<Value> yielded =
      body(builder, state.location, arguments.take_front(sequences.size()),
           arguments.take_back(invariants.size()));
  YieldOp::create(builder, state.location, yielded);
  SmallVector<Type> results;
  appendStacked(results, ValueRange(yielded).getTypes(), sequences, 0);
  state.addTypes(results);
}

//===----------------------------------------------------------------------===//
// Products, reductions, tokens
//===----------------------------------------------------------------------===//

RankedTensorType
ContractOp::inferType(RankedTensorType lhs, RankedTensorType rhs,
                      ArrayRef<int64_t> lhsAxes, ArrayRef<int64_t> rhsAxes,
                      ArrayRef<int64_t> lhsBatch, ArrayRef<int64_t> rhsBatch) {
  SmallVector<int64_t> shape;
  for (int64_t axis : lhsBatch)
    shape.push_back(lhs.getDimSize(axis));
  auto appendFree = [&](RankedTensorType type, ArrayRef<int64_t> axes,
                        ArrayRef<int64_t> batch) {
    for (auto [axis, size] : llvm::enumerate(type.getShape()))
      if (!llvm::is_contained(axes, axis) && !llvm::is_contained(batch, axis))
        shape.push_back(size);
  };
  appendFree(lhs, lhsAxes, lhsBatch);
  appendFree(rhs, rhsAxes, rhsBatch);
  return lhs.clone(shape);
}

void ContractOp::build(OpBuilder &builder, OperationState &state, Value lhs,
                       Value rhs, ArrayRef<int64_t> lhsAxes,
                       ArrayRef<int64_t> rhsAxes, ArrayRef<int64_t> lhsBatch,
                       ArrayRef<int64_t> rhsBatch) {
  build(builder, state,
        inferType(tensorType(lhs), tensorType(rhs), lhsAxes, rhsAxes, lhsBatch,
                  rhsBatch),
        lhs, rhs, lhsAxes, rhsAxes, lhsBatch, rhsBatch);
}

void ReduceOp::build(OpBuilder &builder, OperationState &state,
                     ReductionKind kind, Value input, int64_t axis) {
  build(builder, state, dropAxis(tensorType(input), axis), kind, input, axis);
}

RankedTensorType GatherOp::inferType(RankedTensorType table,
                                     RankedTensorType tokens) {
  SmallVector<int64_t> shape(tokens.getShape());
  llvm::append_range(shape, table.getShape().drop_front());
  return table.clone(shape);
}

void GatherOp::build(OpBuilder &builder, OperationState &state, Value table,
                     Value tokens) {
  build(builder, state, inferType(tensorType(table), tensorType(tokens)), table,
        tokens);
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

void BroadcastOp::build(OpBuilder &builder, OperationState &state, Value input,
                        ArrayRef<int64_t> dims, ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> staticSizes;
  SmallVector<Value> dynamicSizes;
  dispatchIndexOpFoldResults(sizes, dynamicSizes, staticSizes);
  RankedTensorType type = tensorType(input);
  SmallVector<int64_t> shape(dims.size() + sizes.size());
  const int64_t *size = staticSizes.begin();
  for (auto [axis, entry] : llvm::enumerate(shape)) {
    const auto *kept = llvm::find(dims, static_cast<int64_t>(axis));
    entry = kept == dims.end() ? *size++ : type.getDimSize(kept - dims.begin());
  }
  build(builder, state, type.clone(shape), input, dynamicSizes, dims);
}

void ConcatOp::build(OpBuilder &builder, OperationState &state,
                     ValueRange inputs, int64_t axis) {
  int64_t size = 0;
  for (Value input : inputs)
    size += tensorType(input).getDimSize(axis);
  build(builder, state, resizeAxis(tensorType(inputs.front()), axis, size),
        inputs, axis);
}

void SliceOp::build(OpBuilder &builder, OperationState &state, Value input,
                    int64_t axis, int64_t offset, int64_t size) {
  build(builder, state, resizeAxis(tensorType(input), axis, size), input, axis,
        offset);
}

void AtOp::build(OpBuilder &builder, OperationState &state, Value input,
                 int64_t axis, int64_t index, Value lengths) {
  build(builder, state, dropAxis(tensorType(input), axis), input, lengths, axis,
        index);
}

RankedTensorType TransposeOp::inferType(RankedTensorType input,
                                        ArrayRef<int64_t> permutation) {
  return input.clone(llvm::map_to_vector(
      permutation, [&](int64_t axis) { return input.getDimSize(axis); }));
}

void TransposeOp::build(OpBuilder &builder, OperationState &state, Value input,
                        ArrayRef<int64_t> permutation) {
  build(builder, state, inferType(tensorType(input), permutation), input,
        permutation);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

RankedTensorType WindowsOp::inferType(RankedTensorType input, int64_t axis,
                                      int64_t size, const WindowShape &shape) {
  RankedTensorType counted = input;
  if (!input.isDynamicDim(axis))
    counted = resizeAxis(input, axis, shape.count(input.getDimSize(axis)));
  return insertAxis(counted, axis + 1, size);
}

void WindowsOp::build(OpBuilder &builder, OperationState &state, Value input,
                      int64_t axis, int64_t size, int64_t stride,
                      int64_t before, int64_t after) {
  build(
      builder, state,
      inferType(tensorType(input), axis, size, {before + after - size, stride}),
      input, axis, size, stride, before, after);
}

void WindowCountOp::build(OpBuilder &builder, OperationState &state,
                          Value input, const WindowShape &shape) {
  build(builder, state, input.getType(), input, shape.offset, shape.stride);
}

void OverlapAddOp::build(OpBuilder &builder, OperationState &state, Value input,
                         int64_t axis, int64_t stride, int64_t before,
                         OpFoldResult size) {
  auto dynamic = dyn_cast<Value>(size);
  const int64_t fixed =
      dynamic ? ShapedType::kDynamic : *getConstantIntValue(size);
  build(builder, state,
        resizeAxis(dropAxis(tensorType(input), axis + 1), axis, fixed), input,
        dynamic, axis, stride, before);
}

//===----------------------------------------------------------------------===//
// Random
//===----------------------------------------------------------------------===//

void UniformOp::build(OpBuilder &builder, OperationState &state, Value time,
                      Value sample, int64_t site, ArrayRef<int64_t> elements) {
  SmallVector<int64_t> shape(tensorType(time).getShape());
  llvm::append_range(shape, elements);
  build(builder, state, RankedTensorType::get(shape, builder.getF32Type()),
        time, sample, site);
}
