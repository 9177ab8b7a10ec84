//===- ScanRule.cpp - Adjoint of the time loop ----------------------------===//
// A scan that runs the other way, over the same rows and lengths. Its states
// are the gradients of the forward states, and sums for the invariants; its
// sequences the gradients of the outputs and what was saved of the steps; its
// outputs the gradients of the sequences.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Differentiate/Residuals.h"
#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace seqc::seq {

namespace {

/// Operands of a kind, with the arguments that stand for them in a step.
struct Operands {
  SmallVector<Value> values;
  SmallVector<BlockArgument> arguments;
};

class ScanReversal {
public:
  ScanReversal(ScanOp scan, Adjoints &outer)
      : scan(scan), outer(outer), body(&region.emplaceBlock()),
        inner(ImplicitLocOpBuilder(scan.getLoc(), scan.getContext()),
              outer.activity, outer.policy) {
    inner.b.setInsertionPointToEnd(body);
  }

  LogicalResult run();

private:
  void takeGradients();
  void findUsefulStates();
  LogicalResult reverseBody();
  void collectResults();
  SmallVector<Value> findNeeded();
  void provide(const Residuals &residuals);
  void addOutputs(ArrayRef<Value> steps);
  void save(ArrayRef<Value> values, IRMapping &known);
  Value stepOperand(Value needed);
  void create();

  BlockArgument add(Operands &operands, Value value, Type stepType) {
    operands.values.push_back(value);
    operands.arguments.push_back(body->addArgument(stepType, value.getLoc()));
    return operands.arguments.back();
  }
  BlockArgument addSequence(Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    return add(sequences, value, dropAxis(type, scan.getAxis()));
  }
  ScanOp scan;
  Adjoints &outer;
  /// Where the step stands until the scan is made.
  Region region;
  Block *body;
  Adjoints inner;

  /// Gradients of the results; null where nothing flows back.
  SmallVector<Value> finalGradients, outputGradients;
  /// The states whose gradient the backward scan carries.
  SmallVector<int64_t> useful;
  Operands sequences, states, invariants;
  /// What the step yields, and whose gradient the results are.
  SmallVector<Value> nextStates, stepOutputs;
  SmallVector<Value> ofStates, ofOutputs;
};

} // namespace

/// A scan over segments stays one.
static void copySegments(ScanOp from, ScanOp to) {
  if (Attribute mark = from->getAttr(kSegmentsAttr))
    to->setAttr(kSegmentsAttr, mark);
}

void ScanReversal::takeGradients() {
  for (Value final : scan.getFinals())
    finalGradients.push_back(outer.take(final));
  for (Value output : scan.getOutputs())
    outputGradients.push_back(outer.take(output));
}

/// The states that what has a gradient depends on, in this step or a later one.
void ScanReversal::findUsefulStates() {
  Block *forward = &scan.getBody().front();
  DenseSet<Value> seen;
  SmallVector<Value> open;
  auto visit = [&](Value value) {
    if (outer.isActive(value) && seen.insert(value).second)
      open.push_back(value);
  };
  for (auto [step, gradient] :
       llvm::zip_equal(scan.getStepOutputs(), outputGradients))
    if (gradient)
      visit(step);
  for (auto [argument, gradient] :
       llvm::zip_equal(scan.getStateArgs(), finalGradients))
    if (gradient)
      visit(argument);
  while (!open.empty()) {
    Value value = open.pop_back_val();
    if (Operation *op = value.getDefiningOp())
      llvm::for_each(op->getOperands(), visit);
    for (auto [argument, next] :
         llvm::zip_equal(scan.getStateArgs(), scan.getNextStates()))
      if (argument == value)
        visit(next);
  }
  for (auto [i, argument] : llvm::enumerate(scan.getStateArgs()))
    if (argument.getOwner() == forward && seen.contains(argument))
      useful.push_back(i);
}

LogicalResult ScanReversal::reverseBody() {
  for (auto [step, gradient] :
       llvm::zip_equal(scan.getStepOutputs(), outputGradients))
    if (gradient)
      inner.add(step, addSequence(gradient));
  for (int64_t i : useful) {
    Value init =
        finalGradients[i] ? finalGradients[i] : outer.zeros(scan.getInits()[i]);
    inner.add(scan.getNextStates()[i], add(states, init, init.getType()));
  }
  return inner.reverse(scan.getBody().front());
}

void ScanReversal::collectResults() {
  inner.b.setLoc(scan.getLoc());
  for (auto [place, i] : llvm::enumerate(useful)) {
    Value gradient = inner.take(scan.getStateArgs()[i]);
    nextStates.push_back(gradient ? gradient
                                  : inner.zeros(states.arguments[place]));
    ofStates.push_back(scan.getInits()[i]);
  }
  for (auto [argument, sequence] :
       llvm::zip_equal(scan.getElementArgs(), scan.getSequences()))
    if (Value gradient = inner.take(argument)) {
      stepOutputs.push_back(gradient);
      ofOutputs.push_back(sequence);
    }
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
    if (Value gradient = inner.take(argument)) {
      Value sum = add(states, outer.zeros(invariant), invariant.getType());
      nextStates.push_back(inner.add2(sum, gradient));
      ofStates.push_back(invariant);
    }
}

/// The values of the forward step that the backward step reads.
SmallVector<Value> ScanReversal::findNeeded() {
  Block *forward = &scan.getBody().front();
  SetVector<Value> needed;
  auto visit = [&](Value value) {
    if (value.getParentBlock() == forward)
      needed.insert(value);
  };
  for (Operation &op : *body)
    llvm::for_each(op.getOperands(), visit);
  llvm::for_each(nextStates, visit);
  llvm::for_each(stepOutputs, visit);
  return needed.takeVector();
}

/// Replaces the scan by one that gives what is saved as outputs too.
void ScanReversal::addOutputs(ArrayRef<Value> steps) {
  YieldOp yield = scan.getYield();
  for (Value step : steps)
    if (!llvm::is_contained(scan.getStepOutputs(), step))
      yield.getValuesMutable().append(step);
  OpBuilder builder(scan);
  ValueRange outputs =
      ValueRange(yield.getValues()).drop_front(scan.getInits().size());
  auto more =
      ScanOp::create(builder, scan.getLoc(), scan.getSequences(),
                     scan.getInits(), scan.getInvariants(), scan.getLengths(),
                     scan.getAxis(), scan.getReverse(), outputs.getTypes());
  copySegments(scan, more);
  more.getBody().takeBody(scan.getBody());
  scan.replaceAllUsesWith(more->getResults().take_front(scan.getNumResults()));
  scan.erase();
  scan = more;
}

/// Saved values are elements of the scan's outputs.
void ScanReversal::save(ArrayRef<Value> values, IRMapping &known) {
  addOutputs(values);
  for (Value value : values) {
    auto steps = scan.getStepOutputs();
    const auto place = llvm::find(steps, value) - steps.begin();
    known.map(value, addSequence(scan.getOutputs()[place]));
  }
}

/// What `needed`, an operand of the forward step, is in the backward one.
Value ScanReversal::stepOperand(Value needed) {
  for (auto [argument, sequence] :
       llvm::zip_equal(scan.getElementArgs(), scan.getSequences()))
    if (argument == needed)
      return addSequence(sequence);
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
    if (argument == needed)
      return add(invariants, invariant, invariant.getType());
  llvm_unreachable("neither saved nor an operand");
}

/// Brings in what the backward step reads of the forward one.
void ScanReversal::provide(const Residuals &residuals) {
  IRMapping known;
  save(residuals.saved.getArrayRef(), known);
  Block *forward = &scan.getBody().front();
  auto bring = [&](Value value) {
    if (value.getParentBlock() == forward && !known.contains(value))
      known.map(value, stepOperand(value));
  };
  SmallVector<Operation *> own =
      llvm::map_to_vector(*body, [](Operation &op) { return &op; });
  OpBuilder builder(scan.getContext());
  builder.setInsertionPointToStart(body);
  for (Operation *op : residuals.recomputed) {
    llvm::for_each(op->getOperands(), bring);
    builder.clone(*op, known);
  }
  auto replace = [&](Value value) {
    bring(value);
    return known.lookupOrDefault(value);
  };
  for (Operation *op : own)
    for (OpOperand &operand : op->getOpOperands())
      operand.set(replace(operand.get()));
  for (SmallVector<Value> *list : {&nextStates, &stepOutputs})
    for (Value &value : *list)
      value = replace(value);
}

/// Makes the scan of the step that stands in `body`.
void ScanReversal::create() {
  OpBuilder &b = outer.b;
  // It must have a sequence to run over.
  if (sequences.values.empty())
    addSequence(scan.getSequences().front());
  auto backward =
      ScanOp::create(b, scan.getLoc(), sequences.values, states.values,
                     invariants.values, scan.getLengths(), scan.getAxis(),
                     !scan.getReverse(), ValueRange(stepOutputs).getTypes());
  copySegments(scan, backward);
  Block &step = backward.getBody().front();
  SmallVector<BlockArgument> arguments;
  for (const Operands *operands : {&sequences, &states, &invariants})
    llvm::append_range(arguments, operands->arguments);
  for (auto [from, to] : llvm::zip_equal(arguments, step.getArguments())) {
    from.replaceAllUsesWith(to);
    for (SmallVector<Value> *list : {&nextStates, &stepOutputs})
      llvm::replace(*list, Value(from), Value(to));
  }
  step.getOperations().splice(step.end(), body->getOperations());
  OpBuilder end = OpBuilder::atBlockEnd(&step);
  SmallVector<Value> yielded(nextStates);
  llvm::append_range(yielded, stepOutputs);
  YieldOp::create(end, scan.getLoc(), yielded);
  outer.b.setLoc(scan.getLoc());
  for (auto [value, gradient] : llvm::zip_equal(ofStates, backward.getFinals()))
    outer.add(value, gradient);
  for (auto [value, gradient] :
       llvm::zip_equal(ofOutputs, backward.getOutputs()))
    outer.add(value, gradient);
}

LogicalResult ScanReversal::run() {
  takeGradients();
  findUsefulStates();
  if (failed(reverseBody()))
    return failure();
  collectResults();
  provide(chooseResiduals(scan, findNeeded(), outer.policy));
  create();
  return success();
}

LogicalResult reverseScan(ScanOp scan, Adjoints &adjoints) {
  return ScanReversal(scan, adjoints).run();
}

} // namespace seqc::seq
