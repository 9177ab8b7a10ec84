//===- EmitRecurrence.cpp - Layers and directions of scans ----------------===//
// A recurrence is one `seq.scan` for each layer and direction.
//===----------------------------------------------------------------------===//

#include "dsl/Emit/Emitter.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace seqc::dsl {

/// The states of a cell before its first step.
Emitted Emitter::initialStates(const Instance &cell, Location loc) {
  Frame frame{*cell.definition, &cell, cell.dims, loc};
  completeDims(*cell.definition, frame.dims);
  Emitted states;
  for (const State &state : cell.definition->states)
    states.parts.push_back(emit(*state.initial, frame));
  for (auto [i, use] : llvm::enumerate(cell.definition->uses))
    if (!use.recurrence && use.definition->kind == DefinitionKind::Cell)
      states.parts.push_back(
          initialStates(*cell.uses[i].instances.front(), loc));
  return states;
}

/// The same structure with the arguments of @main that carry it.
Emitted Emitter::carriedStates(const Instance &cell, unsigned &next) {
  Emitted states;
  for (size_t i = 0; i < cell.definition->states.size(); ++i)
    states.parts.push_back(statesIn[next++]);
  for (auto [i, use] : llvm::enumerate(cell.definition->uses))
    if (!use.recurrence && use.definition->kind == DefinitionKind::Cell)
      states.parts.push_back(
          carriedStates(*cell.uses[i].instances.front(), next));
  return states;
}

/// Adds the names of a cell's states, and of those that it holds.
static void addStateNames(const Instance &cell, StringRef suffix,
                          SmallVectorImpl<std::string> &names) {
  for (const State &state : cell.definition->states)
    names.push_back(cell.path + state.name + suffix.str());
  for (auto [i, use] : llvm::enumerate(cell.definition->uses))
    if (!use.recurrence && use.definition->kind == DefinitionKind::Cell)
      addStateNames(*cell.uses[i].instances.front(), suffix, names);
}

/// Where a scan comes from, with its states' names for whoever asks of them.
static Location namedLocation(const Instance &cell, int64_t layer,
                              bool isBackward, Location loc) {
  SmallVector<std::string> names;
  addStateNames(cell,
                ("_l" + Twine(layer) + (isBackward ? "_reverse" : "")).str(),
                names);
  return NameLoc::get(StringAttr::get(loc.getContext(), llvm::join(names, ",")),
                      loc);
}

/// `given` where it has a part, and `otherwise` where it is left out.
static Emitted merge(const Emitted &given, const Emitted &otherwise) {
  if (given.isAbsent() || given.tensor)
    return given.isAbsent() ? otherwise : given;
  Emitted merged;
  for (auto [part, rest] : llvm::zip(given.parts, otherwise.parts))
    merged.parts.push_back(merge(part, rest));
  return merged;
}

Emitted Emitter::emitScan(const CallNode &call, const Instance &cell,
                          bool reverse, const std::vector<Emitted> &arguments,
                          const Emitted &initial, Frame &frame, Location loc) {
  SmallVector<Value> sequences, inits;
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (call.isSequence[i])
      sequences.push_back(argument.tensor);
  flatten(initial, inits);
  Emitted structure;
  auto body = [&](OpBuilder &, Location, ValueRange elements, ValueRange states,
                  ValueRange) {
    Frame step = calleeFrame(call, &cell, frame, loc);
    for (auto [i, argument] : llvm::enumerate(arguments)) {
      step.locals.push_back(call.isSequence[i] ? Emitted(elements.front())
                                               : argument);
      if (call.isSequence[i])
        elements = elements.drop_front();
    }
    step.before = step.after = unflatten(initial, states);
    structure = emitBody(step);
    SmallVector<Value> yielded;
    flatten(step.after, yielded);
    flatten(structure, yielded);
    return yielded;
  };
  auto scan = seq::ScanOp::create(builder, loc, sequences, inits, ValueRange(),
                                  Value(), 0, reverse, body);
  isolate(scan.getBody(), scan.getInvariantsMutable());
  ValueRange results = scan.getResults();
  Emitted both;
  both.parts.push_back(unflatten(initial, results));
  both.parts.push_back(unflatten(structure, results));
  // One result or several: a tuple in either case.
  if (both.parts[1].tensor) {
    Emitted only = both.parts[1].tensor;
    both.parts[1] = Emitted();
    both.parts[1].parts.push_back(only);
  }
  return both;
}

static Emitted pair(Emitted forward, Emitted backward) {
  Emitted both;
  both.parts.push_back(std::move(forward));
  both.parts.push_back(std::move(backward));
  return both;
}

/// The first result on its last axis, the others as `r.forward`, `r.backward`.
Emitted Emitter::joinDirections(const Emitted &forward, const Emitted &backward,
                                Location loc) {
  Emitted joined;
  Value first = forward.parts.front().tensor;
  int64_t last = cast<RankedTensorType>(first.getType()).getRank() - 1;
  SmallVector<Value> both{first, backward.parts.front().tensor};
  joined.parts.push_back(
      Emitted(seq::ConcatOp::create(builder, loc, both, last)));
  for (size_t i = 1; i < forward.parts.size(); ++i)
    joined.parts.push_back(pair(forward.parts[i], backward.parts[i]));
  return joined;
}

/// The results in time, then `final`.
Emitted Emitter::emitRecurrence(const CallNode &call,
                                std::vector<Emitted> arguments,
                                const Emitted &given, Frame &frame,
                                Location loc) {
  const UseInstance &use = frame.instance->uses[*call.use];
  const Recurrence &recurrence = *frame.definition.uses[*call.use].recurrence;
  bool isBidirectional = recurrence.bidirectional;
  size_t first = 0;
  while (!call.isSequence[first])
    ++first;
  unsigned carried = use.carried.value_or(0);
  unsigned nextOut = carried;

  // What `given` holds for a layer and a direction.
  auto givenFor = [&](int64_t layer, size_t direction) {
    Emitted part = given;
    if (recurrence.layers && !part.isAbsent())
      part = Emitted(part.parts[layer]);
    if (isBidirectional && !part.isAbsent())
      part = Emitted(part.parts[direction]);
    return part;
  };
  auto run = [&](int64_t layer, size_t direction) {
    const Instance &cell =
        *use.instances[layer * (isBidirectional ? 2 : 1) + direction];
    Emitted initial = use.carried ? carriedStates(cell, carried)
                                  : merge(givenFor(layer, direction),
                                          initialStates(cell, loc));
    Emitted both = emitScan(call, cell, recurrence.reverse || direction == 1,
                            arguments, initial, frame, loc);
    SmallVector<Value> finals;
    flatten(both.parts[0], finals);
    if (!finals.empty())
      finals.front().getDefiningOp()->setLoc(namedLocation(
          cell, layer, recurrence.reverse || direction == 1, loc));
    for (Value state : finals)
      if (use.carried)
        statesOut[nextOut++] = state;
    return both;
  };

  Emitted final, results;
  for (int64_t layer = 0; layer < use.layers; ++layer) {
    Emitted forward = run(layer, 0);
    Emitted states = forward.parts[0];
    results = forward.parts[1];
    if (isBidirectional) {
      Emitted backward = run(layer, 1);
      states = pair(std::move(states), backward.parts[0]);
      results = joinDirections(results, backward.parts[1], loc);
    }
    if (layer + 1 < use.layers)
      arguments[first] = emitDropout(results.parts.front().tensor, use.dropout,
                                     recurrence.isVariational, loc);
    if (recurrence.layers)
      final.parts.push_back(std::move(states));
    else
      final = std::move(states);
  }
  results.parts.push_back(std::move(final));
  return results;
}

} // namespace seqc::dsl
