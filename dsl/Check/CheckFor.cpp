//===- CheckFor.cpp - `for`
//------------------------------------------------===//
// The sequences agree on their first axis; the body sees one position of each
// in a scope of its own.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Match.h"

#include <algorithm>

namespace seqc::dsl {

/// The checked sequences; none where one is at fault.
std::vector<TypedPtr>
DefinitionChecker::checkForSequences(const ForExpr &loop) {
  std::vector<TypedPtr> sequences;
  bool good = true;
  for (const ExprPtr &written : loop.sequences) {
    TypedPtr sequence = checkTensor(*written);
    if (sequence && sequence->type.shape.empty()) {
      engine.report<Diag::ForNeedsAxis>(written->range,
                                        toString(sequence->type));
      sequence = nullptr;
    }
    good &= sequence != nullptr;
    sequences.push_back(std::move(sequence));
  }
  if (!good)
    return {};
  const TypedExpr &first = *sequences.front();
  for (const TypedPtr &sequence : sequences) {
    const Dim &walked = sequence->type.shape.front();
    const Dim &expected = first.type.shape.front();
    if (walked == expected)
      continue;
    engine
        .report<Diag::TimeMismatch>(sequence->range, walked.str(),
                                    expected.str())
        .label(first.range, "this one walks along `" + expected.str() + "`");
    return {};
  }
  if (sequences.size() == loop.names.size())
    return sequences;
  engine.report<Diag::PatternCount>(
      cover(loop.sequences.front()->range, loop.sequences.back()->range),
      count(sequences.size(), "sequence"), count(loop.names.size(), "name"));
  return {};
}

/// One tensor; or, where it is the body's only value, a call's several.
TypedPtr DefinitionChecker::checkForValue(const Expr &expr, bool isAlone) {
  TypedPtr value = checkExpr(expr);
  if (!value || value->type.isTensor())
    return value;
  const std::vector<Type> &parts = value->type.parts;
  bool isTuple = value->type.kind == Type::Kind::Tuple;
  if (isAlone && isTuple &&
      std::all_of(parts.begin(), parts.end(),
                  [](const Type &part) { return part.isTensor(); }))
    return value;
  engine.report<Diag::NotOneTensor>(expr.range, toString(value->type));
  return nullptr;
}

/// The names of the elements; where the sequences are at fault nothing is known
/// of them.
void DefinitionChecker::declareElements(
    const ForExpr &loop, ForNode &node,
    const std::vector<TypedPtr> &sequences) {
  if (sequences.empty())
    for (const Identifier &name : loop.names)
      poison(name.name);
  for (size_t i = 0; i < sequences.size(); ++i) {
    const Type &type = sequences[i]->type;
    Shape element(type.shape.begin() + 1, type.shape.end());
    const Identifier &name = loop.names[i];
    std::optional<LocalId> local;
    if (!name.isWildcard()) {
      local =
          addLocal(name.name, type.withShape(std::move(element)), name.range);
      declare(name, Entity::Kind::Local, *local);
    }
    node.elements.push_back(local);
  }
}

/// The values of the body; none where it has a fault.
std::vector<TypedPtr> DefinitionChecker::checkForBody(const ForExpr &loop) {
  bool good = true;
  for (const LetMember &let : loop.lets)
    checkLet(let);
  std::vector<TypedPtr> values;
  for (const ExprPtr &value : loop.values) {
    values.push_back(checkForValue(*value, loop.values.size() == 1));
    good &= values.back() != nullptr;
  }
  return good ? std::move(values) : std::vector<TypedPtr>();
}

TypedPtr DefinitionChecker::checkFor(const Expr &expr, const ForExpr &loop) {
  std::vector<TypedPtr> sequences = checkForSequences(loop);
  Shape around = loops;
  if (!sequences.empty())
    loops.push_back(sequences.front()->type.shape.front());
  ForNode node;
  // What the body declares ends with it, and its statements are its own.
  std::swap(def.body, node.body);
  enterLoop();
  declareElements(loop, node, sequences);
  node.results = checkForBody(loop);
  leaveLoop();
  std::swap(loops, around);
  std::swap(def.body, node.body);
  if (sequences.empty() || node.results.empty())
    return nullptr;
  const Dim &walked = sequences.front()->type.shape.front();
  std::vector<Type> types;
  for (const TypedPtr &value : node.results) {
    bool isTensor = value->type.isTensor();
    const Type *parts = isTensor ? &value->type : value->type.parts.data();
    size_t count = isTensor ? 1 : value->type.parts.size();
    for (size_t i = 0; i < count; ++i)
      types.push_back(withPrefix(parts[i], {walked}));
  }
  Type type = types.size() == 1 ? types.front() : Type::tuple(std::move(types));
  return make(expr.range, std::move(type), std::move(node),
              std::move(sequences));
}

} // namespace seqc::dsl
