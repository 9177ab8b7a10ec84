//===- AbiLayout.cpp - The structs of abi.h, as compiled code sees them ---===//
// Reads and writes calls and tensors, makes memrefs of them, writes error
// records.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "runtime/core/abi.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

Type pointerType(MLIRContext *context) {
  return LLVM::LLVMPointerType::get(context);
}

static Type callType(MLIRContext *context) {
  Type i32 = IntegerType::get(context, 32), ptr = pointerType(context);
  SmallVector<Type> fields(13, ptr);
  fields[0] = fields[1] = i32;
  return LLVM::LLVMStructType::getLiteral(context, fields);
}

/// The fields of a `seqc_step`; what pads it does not matter.
static SmallVector<Type> stepFields(MLIRContext *context) {
  SmallVector<Type> fields(7, pointerType(context));
  fields.append(2, Float64Type::get(context));
  fields.push_back(IntegerType::get(context, 32));
  return fields;
}

static Type tensorType(MLIRContext *context) {
  Type ptr = pointerType(context);
  return LLVM::LLVMStructType::getLiteral(context, {ptr, ptr});
}

static Type errorType(MLIRContext *context) {
  Type i32 = IntegerType::get(context, 32), i64 = IntegerType::get(context, 64);
  return LLVM::LLVMStructType::getLiteral(
      context, {i32, i32, i32, i32, i64, i64, i64, i64});
}

static Value element(OpBuilder &b, Location loc, Type type, Value array,
                     ArrayRef<LLVM::GEPArg> indices) {
  return LLVM::GEPOp::create(b, loc, pointerType(b.getContext()), type, array,
                             indices);
}

Value loadField(OpBuilder &b, Location loc, Value call, CallField field) {
  MLIRContext *context = b.getContext();
  Type type =
      field == CallField::Version ? b.getI32Type() : pointerType(context);
  Value address = element(b, loc, callType(context), call,
                          {0, static_cast<int32_t>(field)});
  return LLVM::LoadOp::create(b, loc, type, address);
}

Value loadField(OpBuilder &b, Location loc, Value step, StepField field) {
  SmallVector<Type> fields = stepFields(b.getContext());
  const auto place = static_cast<int32_t>(field);
  Type type = LLVM::LLVMStructType::getLiteral(b.getContext(), fields);
  return LLVM::LoadOp::create(b, loc, fields[place],
                              element(b, loc, type, step, {0, place}));
}

Value makeArray(OpBuilder &b, Location loc, Type type, int64_t size) {
  // Where the function begins, so that the frame has it from there on.
  OpBuilder::InsertionGuard guard(b);
  Operation *around = b.getInsertionBlock()->getParentOp();
  auto function = dyn_cast<func::FuncOp>(around);
  if (!function)
    function = around->getParentOfType<func::FuncOp>();
  b.setInsertionPointToStart(&function.front());
  Value count = LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(size));
  return LLVM::AllocaOp::create(b, loc, pointerType(b.getContext()), type,
                                count);
}

Value makeTensors(OpBuilder &b, Location loc, int64_t size) {
  return makeArray(b, loc, tensorType(b.getContext()), size);
}

Value makeCall(OpBuilder &b, Location loc) {
  Type type = callType(b.getContext());
  Value call = makeArray(b, loc, type, 1);
  LLVM::StoreOp::create(b, loc, LLVM::ZeroOp::create(b, loc, type), call);
  storeField(
      b, loc, call, CallField::Version,
      arith::ConstantIntOp::create(b, loc, b.getI32Type(), SEQC_ABI_VERSION));
  return call;
}

void storeField(OpBuilder &b, Location loc, Value call, CallField field,
                Value value) {
  LLVM::StoreOp::create(b, loc, value,
                        element(b, loc, callType(b.getContext()), call,
                                {0, static_cast<int32_t>(field)}));
}

void storeSize(OpBuilder &b, Location loc, Value array, int64_t index,
               Value value) {
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), value);
  LLVM::StoreOp::create(
      b, loc, wide,
      element(b, loc, b.getI64Type(), array, {static_cast<int32_t>(index)}));
}

void storeTensor(OpBuilder &b, Location loc, Value array, int64_t index,
                 Value data, Value strides) {
  const Value fields[] = {data, strides};
  for (auto [field, value] : llvm::enumerate(fields))
    LLVM::StoreOp::create(
        b, loc, value,
        element(b, loc, tensorType(b.getContext()), array,
                {static_cast<int32_t>(index), static_cast<int32_t>(field)}));
}

Value loadSize(OpBuilder &b, Location loc, Value array, int64_t index) {
  Value address =
      element(b, loc, b.getI64Type(), array, {static_cast<int32_t>(index)});
  Value loaded = LLVM::LoadOp::create(b, loc, b.getI64Type(), address);
  return arith::IndexCastOp::create(b, loc, b.getIndexType(), loaded);
}

Value loadPointer(OpBuilder &b, Location loc, Value array, int64_t index) {
  Type ptr = pointerType(b.getContext());
  Value address = element(b, loc, ptr, array, {static_cast<int32_t>(index)});
  return LLVM::LoadOp::create(b, loc, ptr, address);
}

/// Loads the pointer with which element `index`, a `type`, of an array begins.
static Value loadPointerOf(OpBuilder &b, Location loc, Type type, Value array,
                           Value index) {
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  return LLVM::LoadOp::create(b, loc, pointerType(b.getContext()),
                              element(b, loc, type, array, {wide}));
}

Value loadPointer(OpBuilder &b, Location loc, Value array, Value index) {
  return loadPointerOf(b, loc, pointerType(b.getContext()), array, index);
}

Value loadData(OpBuilder &b, Location loc, Value array, Value index) {
  return loadPointerOf(b, loc, tensorType(b.getContext()), array, index);
}

AbiTensor loadTensor(OpBuilder &b, Location loc, Value array, int64_t index,
                     int64_t rank) {
  Type ptr = pointerType(b.getContext()), type = tensorType(b.getContext());
  auto field = [&](int32_t which) -> Value {
    Value address =
        element(b, loc, type, array, {static_cast<int32_t>(index), which});
    return LLVM::LoadOp::create(b, loc, ptr, address);
  };
  AbiTensor tensor;
  tensor.data = field(0);
  Value strides = field(1);
  for (int64_t axis = 0; axis < rank; ++axis)
    tensor.strides.push_back(loadSize(b, loc, strides, axis));
  return tensor;
}

Value loadLengths(OpBuilder &b, Location loc, Value call, int64_t n) {
  Value arrays = loadField(b, loc, call, CallField::Lengths);
  auto branch =
      scf::IfOp::create(b, loc, arrays.getType(), isNull(b, loc, arrays),
                        /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, loc, nullPointer(b, loc));
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, loadPointer(b, loc, arrays, n));
  return branch.getResult(0);
}

RuntimeBlock loadRuntime(OpBuilder &b, Location loc, Value call) {
  MLIRContext *context = b.getContext();
  Type i64 = b.getI64Type(), ptr = pointerType(context);
  Type type = LLVM::LLVMStructType::getLiteral(context, {i64, i64, ptr, ptr});
  Value block = loadField(b, loc, call, CallField::Runtime);
  const SmallVector<Type> types = {i64, i64, ptr};
  auto branch = scf::IfOp::create(b, loc, types, isNull(b, loc, block),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Value zero = arith::ConstantIntOp::create(b, loc, i64, 0);
  scf::YieldOp::create(b, loc, ValueRange{zero, zero, nullPointer(b, loc)});
  b.setInsertionPointToStart(branch.elseBlock());
  SmallVector<Value> fields;
  for (auto [field, fieldType] : llvm::enumerate(types))
    fields.push_back(LLVM::LoadOp::create(
        b, loc, fieldType,
        element(b, loc, type, block, {0, static_cast<int32_t>(field)})));
  scf::YieldOp::create(b, loc, fields);
  return {branch.getResult(0), branch.getResult(1), branch.getResult(2)};
}

Value loadI64(OpBuilder &b, Location loc, Value array, Value index) {
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  return LLVM::LoadOp::create(b, loc, b.getI64Type(),
                              element(b, loc, b.getI64Type(), array, {wide}));
}

Value nullPointer(OpBuilder &b, Location loc) {
  return LLVM::ZeroOp::create(b, loc, pointerType(b.getContext()));
}

Value isNull(OpBuilder &b, Location loc, Value pointer) {
  return LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, pointer,
                              nullPointer(b, loc));
}

Value advance(OpBuilder &b, Location loc, Value pointer, Value bytes) {
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), bytes);
  return element(b, loc, b.getI8Type(), pointer, {wide});
}

Value makeMemRef(OpBuilder &b, Location loc, MemRefType type, Value data,
                 Value offset, ValueRange sizes, ValueRange strides) {
  LLVMTypeConverter converter(b.getContext());
  auto wide = [&](Value v) -> Value {
    return arith::IndexCastOp::create(b, loc, b.getI64Type(), v);
  };
  auto descriptor =
      MemRefDescriptor::poison(b, loc, converter.convertType(type));
  descriptor.setAllocatedPtr(b, loc, data);
  descriptor.setAlignedPtr(b, loc, data);
  descriptor.setOffset(b, loc, wide(offset));
  for (auto [axis, size] : llvm::enumerate(sizes))
    descriptor.setSize(b, loc, axis, wide(size));
  for (auto [axis, stride] : llvm::enumerate(strides))
    descriptor.setStride(b, loc, axis, wide(stride));
  return UnrealizedConversionCastOp::create(b, loc, type, Value(descriptor))
      .getResult(0);
}

void makeInternal(func::FuncOp function) {
  function.setPrivate();
  function->setAttr(
      "llvm.linkage",
      LLVM::LinkageAttr::get(function.getContext(), LLVM::Linkage::Internal));
}

void makeSmall(func::FuncOp function) {
  Builder b(function.getContext());
  function->setAttr("passthrough", b.getStrArrayAttr({"minsize", "optsize"}));
}

void reportError(OpBuilder &b, Location loc, Value call,
                 const ErrorRecord &record) {
  MLIRContext *context = b.getContext();
  Type type = errorType(context);
  Value one = LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(1));
  Value place = LLVM::AllocaOp::create(b, loc, pointerType(context), type, one);
  auto set = [&](int32_t field, Value value) {
    LLVM::StoreOp::create(b, loc, value,
                          element(b, loc, type, place, {0, field}));
  };
  set(0, record.kind);
  set(1, record.line);
  set(2, record.column);
  set(3, LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(0)));
  set(4, record.sample);
  set(5, record.position);
  set(6, record.value);
  set(7, record.bound);
  func::CallOp::create(b, loc, "seqc_report", TypeRange(),
                       ValueRange{call, place});
}

} // namespace seqc::loops
