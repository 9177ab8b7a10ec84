//===- StepTasks.cpp - The tasks of a training step -----------------------===//
// Each finds its chunk by its number, and writes what no other task does.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/ModelContext.h"
#include "compiler/Conversion/SeqToLoops/StepEntry.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// A task's chunk
//===----------------------------------------------------------------------===//

namespace {

/// What both kinds of tasks begin with.
class StepTask {
public:
  StepTask(ImplicitLocOpBuilder &outer, const StepPlan &plan, StringRef suffix)
      : plan(plan),
        function(func::FuncOp::create(outer, plan.name + suffix.str(),
                                      taskType(outer.getContext()))),
        b(ImplicitLocOpBuilder::atBlockBegin(outer.getLoc(),
                                             function.addEntryBlock())) {
    makeInternal(function);
    given = function.getArgument(0);
    task = arith::IndexCastOp::create(b, b.getIndexType(),
                                      function.getArgument(1));
    step = loadField(b, b.getLoc(), given, CallField::Workspace);
    findChunk();
  }

protected:
  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }
  /// The address of element `index` of an array of f32.
  Value at(Value data, Value index) {
    return advance(b, b.getLoc(), data,
                   arith::MulIOp::create(b, index, constant(sizeof(float))));
  }
  /// The chunk's part of what lies at `data`.
  Value part(Value data) { return at(data, begin); }

  void findChunk();
  Value batchGradient();
  Value sumsOr(function_ref<Value()> without, function_ref<void(Value)> with);

  const StepPlan &plan;
  func::FuncOp function;
  ImplicitLocOpBuilder b;
  /// What the runtime gave, the `seqc_step`, the number of the task.
  Value given, step, task;
  /// The gradient, and which elements of it.
  Value gradient, begin, size;
};

} // namespace

/// The gradient is the last one that begins with no later task.
void StepTask::findChunk() {
  auto search =
      scf::ForOp::create(b, constant(1), constant(plan.gradientCount()),
                         constant(1), ValueRange{constant(0)});
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(search.getBody());
    Value next = search.getInductionVar();
    Value first = loadGradient(b, plan, next, GradientField::FirstTask);
    Value isBehind =
        arith::CmpIOp::create(b, arith::CmpIPredicate::uge, task, first);
    Value found = arith::SelectOp::create(b, isBehind, next,
                                          search.getRegionIterArgs()[0]);
    scf::YieldOp::create(b, found);
  }
  gradient = search.getResult(0);
  Value first = loadGradient(b, plan, gradient, GradientField::FirstTask);
  Value chunk = constant(plan.chunk);
  begin =
      arith::MulIOp::create(b, arith::SubIOp::create(b, task, first), chunk);
  Value all = loadGradient(b, plan, gradient, GradientField::Elements);
  size = arith::MinUIOp::create(b, chunk, arith::SubIOp::create(b, all, begin));
}

/// The chunk of the gradient that this step's call has made.
Value StepTask::batchGradient() {
  Location loc = b.getLoc();
  Value call = loadField(b, loc, step, StepField::Call);
  Value outputs = loadField(b, loc, call, CallField::Outputs);
  Value place = arith::AddIOp::create(b, gradient, constant(plan.outputs));
  return part(loadData(b, loc, outputs, place));
}

/// The chunk of the gradient of all batches: of this one alone, what `without`
/// gives; otherwise of the sums, after `with` was told of it.
Value StepTask::sumsOr(function_ref<Value()> without,
                       function_ref<void(Value)> with) {
  Location loc = b.getLoc();
  Value sums = loadField(b, loc, step, StepField::Sums);
  auto branch =
      scf::IfOp::create(b, pointerType(b.getContext()), isNull(b, loc, sums),
                        /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, without());
  b.setInsertionPointToStart(branch.elseBlock());
  Value sum = part(loadPointer(b, loc, sums, gradient));
  with(sum);
  scf::YieldOp::create(b, sum);
  return branch.getResult(0);
}

//===----------------------------------------------------------------------===//
// Sums and norms
//===----------------------------------------------------------------------===//

namespace {

/// Adds a chunk of a gradient to that of the batches before, and leaves the sum
/// of its squares.
class SumTask : public StepTask {
public:
  SumTask(ImplicitLocOpBuilder &outer, const StepPlan &plan)
      : StepTask(outer, plan, "_step_sum") {}

  func::FuncOp build() {
    Value left = arith::RemUIOp::create(b, size, constant(plan.lanes));
    whole = arith::SubIOp::create(b, size, left);
    Value batch = batchGradient();
    Value values =
        sumsOr([&] { return batch; },
               [&](Value sum) {
                 add(row(sum), row(batch), constant(0), whole, plan.lanes);
                 add(row(sum), row(batch), whole, size, 1);
               });
    Value norm = arith::AddFOp::create(
        b, squares(row(values), constant(0), whole, plan.lanes),
        squares(row(values), whole, size, 1));
    Value norms = makeRow(b, b.getF64Type(), workspaceOf(b, step, int64_t(0)),
                          constant(plan.tasks));
    memref::StoreOp::create(b, norm, norms, task);
    func::ReturnOp::create(b);
    return function;
  }

private:
  Value row(Value data) { return makeRow(b, b.getF32Type(), data, size); }
  void add(Value sum, Value batch, Value first, Value end, int64_t width);
  Value squares(Value values, Value first, Value end, int64_t width);

  /// As many elements as whole vectors have.
  Value whole;
};

} // namespace

void SumTask::add(Value sum, Value batch, Value first, Value end,
                  int64_t width) {
  auto type = VectorType::get(width, b.getF32Type());
  auto loop = scf::ForOp::create(b, first, end, constant(width));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar();
  Value both = arith::AddFOp::create(b, vector::LoadOp::create(b, type, sum, i),
                                     vector::LoadOp::create(b, type, batch, i));
  vector::StoreOp::create(b, both, sum, i);
}

/// In double precision: it is finite if and only if every element is. Lanes
/// take turns, and are added in order.
Value SumTask::squares(Value values, Value first, Value end, int64_t width) {
  auto type = VectorType::get(width, b.getF32Type());
  auto wide = VectorType::get(width, b.getF64Type());
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(wide));
  auto loop =
      scf::ForOp::create(b, first, end, constant(width), ValueRange{zero});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value narrow =
      vector::LoadOp::create(b, type, values, loop.getInductionVar());
  Value x = arith::ExtFOp::create(b, wide, narrow);
  Value sum = arith::AddFOp::create(b, loop.getRegionIterArgs()[0],
                                    arith::MulFOp::create(b, x, x));
  scf::YieldOp::create(b, sum);
  b.setInsertionPointAfter(loop);
  return vector::ReductionOp::create(b, vector::CombiningKind::ADD,
                                     loop.getResult(0));
}

//===----------------------------------------------------------------------===//
// The update
//===----------------------------------------------------------------------===//

namespace {

/// Runs the optimizer on a chunk of a parameter, as a call with a batch of 1.
class UpdateTask : public StepTask {
public:
  UpdateTask(ImplicitLocOpBuilder &outer, const StepPlan &plan)
      : StepTask(outer, plan, "_step_update") {}

  func::FuncOp build() {
    Location loc = b.getLoc();
    call = makeCall(b, loc);
    strides = makePair(constant(1), constant(1));
    set(CallField::Dims, makePair(constant(1), size));
    set(CallField::Packed, workspaceOf(b, step, plan.constants));
    // The record of errors that belongs to this task's level.
    set(CallField::Error, loadField(b, loc, given, CallField::Error));
    bindWorkspace();
    bindInputs();
    bindStates();
    Value tile = arith::ConstantIntOp::create(b, b.getI64Type(), 0);
    Value worker = arith::ConstantIntOp::create(b, b.getI32Type(), 0);
    func::CallOp::create(b, plan.optimizer() + "_tile", TypeRange(),
                         ValueRange{call, tile, worker});
    func::ReturnOp::create(b);
    return function;
  }

private:
  void set(CallField field, Value value) {
    storeField(b, b.getLoc(), call, field, value);
  }
  Value makePair(Value first, Value second);
  void bindWorkspace();
  void bindInputs();
  void bindStates();
  Value nextOf(const StepPlan::State &state);

  Value call;
  /// Of whatever the optimizer is given: rows of elements, and numbers. Of one
  /// sample no step is made along the batch.
  Value strides;
};

} // namespace

Value UpdateTask::makePair(Value first, Value second) {
  Value array = makeArray(b, b.getLoc(), b.getI64Type(), 2);
  storeSize(b, b.getLoc(), array, 0, first);
  storeSize(b, b.getLoc(), array, 1, second);
  return array;
}

/// Behind the parts of the workers before this one.
void UpdateTask::bindWorkspace() {
  Value start = func::CallOp::create(b, plan.name + "_step_parts",
                                     b.getI64Type(), function.getArgument(2))
                    .getResult(0);
  start = arith::IndexCastOp::create(b, b.getIndexType(), start);
  set(CallField::Workspace, workspaceOf(b, step, start));
}

void UpdateTask::bindInputs() {
  Location loc = b.getLoc();
  Value inputs = makeTensors(b, loc, plan.inputs.size());
  Value scalars = loadField(b, loc, step, StepField::Scalars);
  auto bind = [&](int64_t i, Value data) {
    storeTensor(b, loc, inputs, i, data, strides);
  };
  bind(0, sumsOr([&] { return batchGradient(); }, [](Value) {}));
  bind(1, workspaceOf(b, step, plan.scale));
  for (int64_t i = 2; i < int64_t(plan.inputs.size()); ++i)
    bind(i, at(scalars, constant(i - 2)));
  set(CallField::Inputs, inputs);
}

/// States of elements are overwritten, as the parameter is.
void UpdateTask::bindStates() {
  Location loc = b.getLoc();
  Value before = makeTensors(b, loc, plan.states.size());
  Value after = makeTensors(b, loc, plan.states.size());
  Value table = loadField(b, loc, step, StepField::States);
  Value first = arith::MulIOp::create(b, gradient, constant(plan.ownStates()));
  for (auto [i, state] : llvm::enumerate(plan.states)) {
    Value now;
    if (i == 0)
      now = loadData(b, loc, loadField(b, loc, step, StepField::Params),
                     loadGradient(b, plan, gradient, GradientField::Param));
    else
      now = loadPointer(
          b, loc, table,
          arith::AddIOp::create(b, first, constant(int64_t(i) - 1)));
    if (state.isOfElements())
      now = part(now);
    storeTensor(b, loc, before, i, now, strides);
    storeTensor(b, loc, after, i, state.offset < 0 ? now : nextOf(state),
                strides);
  }
  set(CallField::StatesIn, before);
  set(CallField::StatesOut, after);
}

/// The chunk's own place: other chunks read the state meanwhile.
Value UpdateTask::nextOf(const StepPlan::State &state) {
  Value start = arith::MulIOp::create(b, task, constant(plan.sharedBytes));
  start = arith::AddIOp::create(b, start, constant(plan.shared + state.offset));
  return workspaceOf(b, step, start);
}

func::FuncOp buildSumTask(ImplicitLocOpBuilder &b, const StepPlan &plan) {
  return SumTask(b, plan).build();
}

func::FuncOp buildUpdateTask(ImplicitLocOpBuilder &b, const StepPlan &plan) {
  return UpdateTask(b, plan).build();
}

} // namespace seqc::loops
