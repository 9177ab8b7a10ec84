//===- EmitCall.cpp - Calls: inlining and lifting -------------------------===//
// A callee's body is emitted where it is called, under a map for each axis
// that the call is lifted over.
//===----------------------------------------------------------------------===//

#include "dsl/Emit/Emitter.h"

using namespace mlir;

namespace seqc::dsl {

void Emitter::emitStatements(ArrayRef<Statement> statements, Frame &frame) {
  for (const Statement &statement : statements) {
    Emitted value = emit(*statement.value, frame);
    bool isTuple = statement.value->type.kind == Type::Kind::Tuple;
    for (auto [i, target] : llvm::enumerate(statement.targets))
      if (target)
        frame.locals[*target] = isTuple ? value.parts[i] : value;
  }
}

/// Runs the statements of a body; gives its results.
Emitted Emitter::emitBody(Frame &frame) {
  const Definition &definition = frame.definition;
  frame.locals.resize(definition.locals.size());
  for (auto [i, state] : llvm::enumerate(definition.states))
    frame.locals[state.before] = frame.before.parts[i];
  emitStatements(definition.body, frame);
  for (auto [i, state] : llvm::enumerate(definition.states))
    frame.after.parts[i] = frame.locals[state.after];
  if (definition.returns.size() == 1)
    return emit(*definition.returns.front(), frame);
  Emitted results;
  for (const TypedPtr &value : definition.returns)
    results.parts.push_back(emit(*value, frame));
  return results;
}

Frame Emitter::calleeFrame(const CallNode &call, const Instance *instance,
                           const Frame &frame, Location loc) {
  Frame callee{*call.callee, instance, {}, loc};
  for (const Dim &dim : call.dims)
    callee.dims.push_back(*dim.substitute(valuesOf(frame.dims)));
  // Above the first layer of a recurrence one dimension has another value.
  if (instance)
    llvm::copy(instance->dims, callee.dims.begin());
  completeDims(callee.definition, callee.dims);
  return callee;
}

/// Which part of a cell's states belongs to the cell that it holds as `use`.
static size_t statePart(const Definition &cell, unsigned use) {
  size_t part = cell.states.size();
  for (unsigned i = 0; i < use; ++i)
    if (!cell.uses[i].recurrence &&
        cell.uses[i].definition->kind == DefinitionKind::Cell)
      ++part;
  return part;
}

Emitted Emitter::emitInlined(const CallNode &call,
                             std::vector<Emitted> arguments, Frame &frame,
                             Location loc) {
  const Instance *instance =
      call.use ? frame.instance->uses[*call.use].instances.front().get()
               : nullptr;
  Frame callee = calleeFrame(call, instance, frame, loc);
  callee.locals = std::move(arguments);
  bool isCell = call.callee->kind == DefinitionKind::Cell;
  size_t part = isCell ? statePart(frame.definition, *call.use) : 0;
  if (isCell) {
    callee.before = frame.before.parts[part];
    callee.after = callee.before;
  }
  Emitted result = emitBody(callee);
  if (isCell)
    frame.after.parts[part] = callee.after;
  return result;
}

static bool isScalar(const Emitted &value) {
  return value.tensor &&
         cast<RankedTensorType>(value.tensor.getType()).getRank() == 0;
}

Emitted Emitter::emitCall(const TypedExpr &expr, const CallNode &call,
                          Frame &frame, Location loc) {
  std::vector<Emitted> arguments = emitOperands(expr, frame);
  Emitted initial = call.initial ? emit(*call.initial, frame) : Emitted();
  if (!call.callee->isElementwise)
    return emitLifted(call, std::move(arguments), std::move(initial), call.lift,
                      frame, loc);
  // An elementwise function applies to tensors as it stands.
  Frame callee = calleeFrame(call, nullptr, frame, loc);
  const Type &first = expr.type.isTensor() ? expr.type : expr.type.parts[0];
  callee.shape = call.lift ? shapeOf(first, frame) : frame.shape;
  callee.locals = std::move(arguments);
  Emitted result = emitBody(callee);
  if (call.lift == 0)
    return result;
  if (isScalar(result))
    result.tensor = broadcast(result.tensor, {}, callee.shape, loc);
  for (Emitted &part : result.parts)
    if (isScalar(part))
      part.tensor = broadcast(part.tensor, {}, callee.shape, loc);
  return result;
}

/// Maps the call over the first of `lift` leading axes of its lifted arguments
/// and of the initial states; the map's body does the others.
Emitted Emitter::emitLifted(const CallNode &call,
                            std::vector<Emitted> arguments, Emitted initial,
                            unsigned lift, Frame &frame, Location loc) {
  if (lift == 0) {
    bool isRecurrence = call.use && frame.definition.uses[*call.use].recurrence;
    return isRecurrence
               ? emitRecurrence(call, std::move(arguments), initial, frame, loc)
               : emitInlined(call, std::move(arguments), frame, loc);
  }
  SmallVector<Value> sequences;
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (call.isLifted[i])
      sequences.push_back(argument.tensor);
  flatten(initial, sequences);
  Emitted structure;
  auto body = [&](OpBuilder &, Location, ValueRange elements, ValueRange) {
    for (auto [i, argument] : llvm::enumerate(arguments))
      if (call.isLifted[i]) {
        argument = elements.front();
        elements = elements.drop_front();
      }
    structure = emitLifted(call, std::move(arguments),
                           unflatten(initial, elements), lift - 1, frame, loc);
    SmallVector<Value> results;
    flatten(structure, results);
    return results;
  };
  auto map = seq::MapOp::create(builder, loc, sequences, ValueRange(), body);
  isolate(map.getBody(), map.getInvariantsMutable());
  ValueRange results = map.getResults();
  return unflatten(structure, results);
}

/// A map whose body sees the caller's values and one position of each
/// sequence.
Emitted Emitter::emitFor(const TypedExpr &expr, const ForNode &loop,
                         Frame &frame, Location loc) {
  SmallVector<Value> sequences;
  for (const TypedPtr &sequence : expr.operands)
    sequences.push_back(emitTensor(*sequence, frame));
  auto body = [&](OpBuilder &, Location, ValueRange elements, ValueRange) {
    for (auto [local, element] : llvm::zip(loop.elements, elements))
      if (local)
        frame.locals[*local] = Emitted(element);
    emitStatements(loop.body, frame);
    SmallVector<Value> results;
    for (const TypedPtr &value : loop.results)
      flatten(emit(*value, frame), results);
    return results;
  };
  auto map = seq::MapOp::create(builder, loc, sequences, ValueRange(), body);
  isolate(map.getBody(), map.getInvariantsMutable());
  if (map.getNumResults() == 1)
    return map.getResult(0);
  Emitted results;
  for (Value result : map.getResults())
    results.parts.emplace_back(result);
  return results;
}

/// Makes arguments of the body of what it uses from outside. Its nested bodies
/// are isolated already, so that their uses are operands in it.
void Emitter::isolate(Region &body, MutableOperandRange invariants) {
  llvm::MapVector<Value, Value> captured;
  SmallVector<Value> appended;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body.front());
  for (Operation &op : body.front())
    for (OpOperand &use : op.getOpOperands()) {
      Value outer = use.get();
      if (outer.getParentRegion() == &body)
        continue;
      Value &inner = captured[outer];
      Operation *definition = outer.getDefiningOp();
      if (!inner && definition && definition->hasTrait<OpTrait::ConstantLike>())
        inner = builder.clone(*definition)->getResult(0);
      if (!inner) {
        inner = body.addArgument(outer.getType(), outer.getLoc());
        appended.push_back(outer);
      }
      use.set(inner);
    }
  invariants.append(appended);
}

} // namespace seqc::dsl
