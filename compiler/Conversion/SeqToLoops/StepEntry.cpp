//===- StepEntry.cpp - A training step in one call ------------------------===//
// Gradients, sums of squares, the scale, the update, the parameters packed
// again. What follows from sizes alone is the same for any number of workers.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/StepEntry.h"

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/BufferPlan.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

/// Added to the norm of the gradients before it divides.
static constexpr double kNormEpsilon = 1e-6;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

static std::string tableName(const StepPlan &plan) {
  return plan.name + "_step_gradients";
}

static void buildTable(ImplicitLocOpBuilder &b, const StepPlan &plan) {
  SmallVector<int64_t> numbers;
  for (const StepPlan::Gradient &gradient : plan.gradients)
    numbers.append({gradient.elements, gradient.param, gradient.firstTask});
  auto type = MemRefType::get({plan.gradientCount(), 3}, b.getI64Type());
  auto elements = DenseElementsAttr::get(
      RankedTensorType::get(type.getShape(), b.getI64Type()),
      ArrayRef<int64_t>(numbers));
  memref::GlobalOp::create(b, tableName(plan), b.getStringAttr("private"), type,
                           elements, /*constant=*/true,
                           /*alignment=*/IntegerAttr());
}

Value loadGradient(ImplicitLocOpBuilder &b, const StepPlan &plan,
                   Value gradient, GradientField field) {
  auto type = MemRefType::get({plan.gradientCount(), 3}, b.getI64Type());
  Value table = memref::GetGlobalOp::create(b, type, tableName(plan));
  Value column = arith::ConstantIndexOp::create(b, static_cast<int64_t>(field));
  Value number = memref::LoadOp::create(b, table, ValueRange{gradient, column});
  return arith::IndexCastOp::create(b, b.getIndexType(), number);
}

Value workspaceOf(ImplicitLocOpBuilder &b, Value step, Value offset) {
  Location loc = b.getLoc();
  Value call = loadField(b, loc, step, StepField::Call);
  return advance(b, loc, loadField(b, loc, call, CallField::Workspace), offset);
}

Value workspaceOf(ImplicitLocOpBuilder &b, Value step, int64_t offset) {
  return workspaceOf(b, step, arith::ConstantIndexOp::create(b, offset));
}

Value makeRow(ImplicitLocOpBuilder &b, Type element, Value data, Value size) {
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  return makeMemRef(b, b.getLoc(),
                    MemRefType::get({ShapedType::kDynamic}, element), data,
                    zero, size, one);
}

//===----------------------------------------------------------------------===//
// The entry
//===----------------------------------------------------------------------===//

namespace {

class StepBuilder {
public:
  StepBuilder(ModuleOp module, const StepPlan &plan)
      : b(ImplicitLocOpBuilder::atBlockEnd(module.getLoc(), module.getBody())),
        plan(plan) {}

  void build() {
    buildTable(b, plan);
    buildParts();
    buildWorkspace();
    sumTask = buildSumTask(b, plan);
    updateTask = buildUpdateTask(b, plan);
    buildUpdate();
    buildStep();
  }

private:
  void buildParts();
  void buildWorkspace();
  void buildUpdate();
  void buildStep();

  func::FuncOp enter(StringRef suffix, ArrayRef<Type> arguments, Type result);
  Value callStatus(const Twine &function, ValueRange arguments);
  Value runTasks(Value step, func::FuncOp task);
  Value ifElse(Value condition, function_ref<Value()> then,
               function_ref<Value()> otherwise);
  Value gradients(Value call);
  Value addOutput(Value call, int64_t output);
  Value addNorms(Value step);
  Value isFinite(ValueRange numbers);
  Value scaleOf(Value step, Value weight, Value norm);
  void copyShared(Value step);

  Value index(int64_t n) { return arith::ConstantIndexOp::create(b, n); }
  Value status(int32_t n) {
    return arith::ConstantIntOp::create(b, b.getI32Type(), n);
  }
  Value number(double x) {
    return arith::ConstantOp::create(b, b.getF64FloatAttr(x));
  }
  Type pointer() { return pointerType(b.getContext()); }

  ImplicitLocOpBuilder b;
  const StepPlan &plan;
  func::FuncOp sumTask, updateTask;
};

} // namespace

/// Begins a function of the step's; the caller ends it, and goes on behind it.
func::FuncOp StepBuilder::enter(StringRef suffix, ArrayRef<Type> arguments,
                                Type result) {
  auto function =
      func::FuncOp::create(b, plan.name + suffix.str(),
                           b.getFunctionType(arguments, TypeRange(result)));
  makeSmall(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  return function;
}

Value StepBuilder::callStatus(const Twine &function, ValueRange arguments) {
  return func::CallOp::create(b, function.str(), b.getI32Type(), arguments)
      .getResult(0);
}

Value StepBuilder::ifElse(Value condition, function_ref<Value()> then,
                          function_ref<Value()> otherwise) {
  auto branch = scf::IfOp::create(b, b.getI32Type(), condition,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, then());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise());
  return branch.getResult(0);
}

//===----------------------------------------------------------------------===//
// The workspace
//===----------------------------------------------------------------------===//

/// Where the part of worker N begins, which is how much all before it take: the
/// optimizer's workspace for the largest chunk, once for each.
void StepBuilder::buildParts() {
  Location loc = b.getLoc();
  OpBuilder::InsertionGuard guard(b);
  Type i64 = b.getI64Type();
  func::FuncOp function = enter("_step_parts", b.getI32Type(), i64);
  makeInternal(function);
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIntOp::create(b, i64, n);
  };
  Value dims = makeArray(b, loc, i64, 2);
  storeSize(b, loc, dims, 0, index(1));
  storeSize(b, loc, dims, 1, index(plan.chunk));
  Value one = status(1);
  Value own = func::CallOp::create(b, plan.optimizer() + "_workspace", i64,
                                   ValueRange{dims, one})
                  .getResult(0);
  Value workers = arith::ExtUIOp::create(b, i64, function.getArgument(0));
  Value packed =
      func::CallOp::create(b, plan.optimizer() + "_packed", i64, ValueRange())
          .getResult(0);
  packed = arith::AndIOp::create(
      b, arith::AddIOp::create(b, packed, constant(SEQC_ALIGNMENT - 1)),
      constant(-SEQC_ALIGNMENT));
  Value begin = arith::AddIOp::create(b, packed, constant(plan.constants));
  Value bytes = saturatedAdd(b, loc, begin, saturatedMul(b, loc, own, workers));
  func::ReturnOp::create(b, bytes);
}

/// The call that makes gradients is done with its workspace when the rest
/// begins.
void StepBuilder::buildWorkspace() {
  OpBuilder::InsertionGuard guard(b);
  Type i64 = b.getI64Type();
  func::FuncOp function =
      enter("_step_workspace", {pointer(), b.getI32Type()}, i64);
  Value ofCall = func::CallOp::create(b, plan.name + "_workspace", i64,
                                      ValueRange(function.getArguments()))
                     .getResult(0);
  Value ofStep = func::CallOp::create(b, plan.name + "_step_parts", i64,
                                      ValueRange{function.getArgument(1)})
                     .getResult(0);
  func::ReturnOp::create(b, Value(arith::MaxUIOp::create(b, ofCall, ofStep)));
}

//===----------------------------------------------------------------------===//
// The update
//===----------------------------------------------------------------------===//

/// Hands the tasks of a level to the runtime; gives the status.
Value StepBuilder::runTasks(Value step, func::FuncOp task) {
  Location loc = b.getLoc();
  Value call = makeCall(b, loc);
  Value given = loadField(b, loc, step, StepField::Call);
  storeField(b, loc, call, CallField::Workspace, step);
  for (CallField field : {CallField::Team, CallField::Error})
    storeField(b, loc, call, field, loadField(b, loc, given, field));
  Value tasks = arith::ConstantIntOp::create(b, b.getI64Type(), plan.tasks);
  Value address = func::ConstantOp::create(
      b, task.getFunctionType(), FlatSymbolRefAttr::get(task.getSymNameAttr()));
  address =
      UnrealizedConversionCastOp::create(b, pointer(), address).getResult(0);
  return callStatus("seqc_run_tiles", {call, tasks, address});
}

/// By what the optimizer multiplies the gradients: they become those of the
/// mean loss, of which `norm` is the norm, and no longer than they may be.
Value StepBuilder::scaleOf(Value step, Value weight, Value norm) {
  Value bound = loadField(b, b.getLoc(), step, StepField::ClipNorm);
  Value one = number(1);
  Value ratio = arith::DivFOp::create(
      b, bound, arith::AddFOp::create(b, norm, number(kNormEpsilon)));
  Value isSmall =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, ratio, one);
  Value isBound =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, bound, number(0));
  Value clips = arith::AndIOp::create(b, isSmall, isBound);
  Value factor = arith::SelectOp::create(b, clips, ratio, one);
  Value scale =
      arith::MulFOp::create(b, arith::DivFOp::create(b, one, weight), factor);
  return arith::TruncFOp::create(b, b.getF32Type(), scale);
}

/// Of what the chunks of a tensor have left of a state that they share, that of
/// the first one is kept.
void StepBuilder::copyShared(Value step) {
  if (plan.sharedBytes == 0)
    return;
  Location loc = b.getLoc();
  Value states = loadField(b, loc, step, StepField::States);
  auto loop =
      scf::ForOp::create(b, index(0), index(plan.gradientCount()), index(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value gradient = loop.getInductionVar();
  Value task = loadGradient(b, plan, gradient, GradientField::FirstTask);
  Value left = arith::MulIOp::create(b, task, index(plan.sharedBytes));
  Value first = arith::MulIOp::create(b, gradient, index(plan.ownStates()));
  for (auto [i, state] : llvm::enumerate(plan.states)) {
    if (state.offset < 0)
      continue;
    Value place = arith::AddIOp::create(b, first, index(int64_t(i) - 1));
    Value next = workspaceOf(
        b, step,
        arith::AddIOp::create(b, left, index(plan.shared + state.offset)));
    LLVM::StoreOp::create(b, LLVM::LoadOp::create(b, b.getF32Type(), next),
                          loadPointer(b, loc, states, place));
  }
}

/// NAME_step_change: from gradients whose squares add up to the third argument
/// and whose weights to the second.
void StepBuilder::buildUpdate() {
  OpBuilder::InsertionGuard guard(b);
  Type f64 = b.getF64Type();
  func::FuncOp function =
      enter("_step_change", {pointer(), f64, f64}, b.getI32Type());
  makeInternal(function);
  Location loc = b.getLoc();
  Value step = function.getArgument(0), weight = function.getArgument(1);
  Value root = LLVM::SqrtOp::create(b, function.getArgument(2));
  Value norm = arith::DivFOp::create(b, root, LLVM::FAbsOp::create(b, weight));
  LLVM::StoreOp::create(b, norm, loadField(b, loc, step, StepField::Norm));
  LLVM::StoreOp::create(b, scaleOf(step, weight, norm),
                        workspaceOf(b, step, plan.scale));
  callStatus(plan.optimizer() + "_pack",
             {nullPointer(b, loc), workspaceOf(b, step, plan.constants)});
  Value updated = runTasks(step, updateTask);
  copyShared(step);
  callStatus(plan.name + "_pack", {loadField(b, loc, step, StepField::Params),
                                   loadField(b, loc, step, StepField::Packed)});
  func::ReturnOp::create(b, updated);
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

/// The call, unless there is nothing to be computed.
Value StepBuilder::gradients(Value call) {
  Value batch = loadSize(b, b.getLoc(),
                         loadField(b, b.getLoc(), call, CallField::Dims), 0);
  Value isEmpty =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, batch, index(0));
  return ifElse(
      isEmpty, [&] { return status(SEQC_OK); },
      [&] { return callStatus(plan.name, call); });
}

/// The samples of an output, added up in their order.
Value StepBuilder::addOutput(Value call, int64_t output) {
  Location loc = b.getLoc();
  Value batch = loadSize(b, loc, loadField(b, loc, call, CallField::Dims), 0);
  AbiTensor tensor = loadTensor(
      b, loc, loadField(b, loc, call, CallField::Outputs), output, /*rank=*/1);
  auto type = MemRefType::get(
      {ShapedType::kDynamic}, b.getF32Type(),
      StridedLayoutAttr::get(b.getContext(), 0, {ShapedType::kDynamic}));
  Value samples =
      makeMemRef(b, loc, type, tensor.data, index(0), batch, tensor.strides);
  auto loop =
      scf::ForOp::create(b, index(0), batch, index(1), ValueRange{number(0)});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value narrow = memref::LoadOp::create(b, samples, loop.getInductionVar());
  Value sample = arith::ExtFOp::create(b, b.getF64Type(), narrow);
  scf::YieldOp::create(
      b, Value(arith::AddFOp::create(b, loop.getRegionIterArgs()[0], sample)));
  return loop.getResult(0);
}

/// What the tasks have left, in their order.
Value StepBuilder::addNorms(Value step) {
  Value norms = makeRow(b, b.getF64Type(), workspaceOf(b, step, int64_t(0)),
                        index(plan.tasks));
  auto loop = scf::ForOp::create(b, index(0), index(plan.tasks), index(1),
                                 ValueRange{number(0)});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value norm = memref::LoadOp::create(b, norms, loop.getInductionVar());
  scf::YieldOp::create(
      b, Value(arith::AddFOp::create(b, loop.getRegionIterArgs()[0], norm)));
  return loop.getResult(0);
}

/// Zero times anything else is NaN.
Value StepBuilder::isFinite(ValueRange numbers) {
  Value sum = number(0);
  for (Value x : numbers)
    sum = arith::AddFOp::create(b, sum, arith::MulFOp::create(b, x, number(0)));
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, sum, number(0));
}

void StepBuilder::buildStep() {
  OpBuilder::InsertionGuard guard(b);
  func::FuncOp function = enter("_step", pointer(), b.getI32Type());
  Location loc = b.getLoc();
  Value step = function.getArgument(0);
  Value call = loadField(b, loc, step, StepField::Call);
  auto isOk = [&](Value of) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, of,
                                 status(SEQC_OK));
  };
  Value made = gradients(call);
  auto update = [&](Value weight, Value norm) {
    Value isWanted = arith::CmpIOp::create(
        b, arith::CmpIPredicate::ne, loadField(b, loc, step, StepField::Update),
        status(0));
    Value isMeasured =
        arith::CmpFOp::create(b, arith::CmpFPredicate::ONE, weight, number(0));
    return ifElse(
        arith::AndIOp::create(b, isWanted, isMeasured),
        [&] {
          return callStatus(plan.name + "_step_change", {step, weight, norm});
        },
        [&] { return status(SEQC_OK); });
  };
  auto goOn = [&] {
    Value loss = addOutput(call, plan.loss);
    Value weight = addOutput(call, plan.weight);
    // Its tasks report no errors.
    runTasks(step, sumTask);
    Value norm = addNorms(step);
    Value finite = isFinite({loss, weight, norm});
    Value all = arith::AddFOp::create(
        b, loadField(b, loc, step, StepField::Weight), weight);
    return ifElse(
        finite, [&] { return update(all, norm); },
        [&] { return status(SEQC_ERROR_NOT_FINITE); });
  };
  Value result = ifElse(isOk(made), goOn, [&] { return made; });
  func::ReturnOp::create(b, result);
}

void buildStep(ModuleOp module, const StepPlan &plan) {
  StepBuilder(module, plan).build();
}

} // namespace seqc::loops
