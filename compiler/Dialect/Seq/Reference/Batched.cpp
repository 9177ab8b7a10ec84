//===- Batched.cpp - A batch, by the program of a batch -------------------===//
// Runs what passes made of a program, on the same call as the original.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Reference/Call.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"
#include "compiler/Dialect/Seq/Reference/Samples.h"

#include <map>

using namespace mlir;

namespace seqc::reference {

/// One state, the same for each sample.
static Tensor repeat(const Tensor &state, int64_t batch) {
  SmallVector<int64_t> strides = {0};
  llvm::append_range(strides, state.strides());
  return view(state, withBatch(batch, state.shape), strides);
}

/// The lengths of a dimension as the program takes them; full if none are
/// given.
static Tensor lengthsOf(const Call &call, size_t dimension) {
  SmallVector<int64_t> shape = {call.batch.size};
  if (call.isNested(dimension))
    shape.push_back(call.padded[call.signature.enclosing[dimension]]);
  Tensor lengths = Tensor::zeros(ElementKind::Token, shape);
  if (call.batch.lengths.empty() || call.batch.lengths[dimension].empty())
    llvm::fill(lengths.integers, call.padded[dimension]);
  else
    lengths.integers = call.batch.lengths[dimension];
  return lengths;
}

namespace {

/// What depends on parameters alone.
struct Prepared {
  std::vector<Tensor> packed;
  /// The states' first values, of one sample.
  std::vector<Tensor> initialStates;
};

} // namespace

/// The results of a function that have a number by `attribute`, in its order.
static std::vector<Tensor> numberedResults(func::FuncOp function,
                                           ArrayRef<Tensor> results,
                                           StringRef attribute) {
  std::map<int64_t, Tensor> byNumber;
  for (auto [index, result] : llvm::enumerate(results))
    if (auto number =
            function.getResultAttrOfType<IntegerAttr>(index, attribute))
      byNumber[number.getInt()] = result;
  std::vector<Tensor> ordered;
  for (auto &[number, result] : byNumber)
    ordered.push_back(std::move(result));
  return ordered;
}

/// Runs @pack, which does the work of @init too; or @init, where nothing is
/// packed yet.
static FailureOr<Prepared> prepare(Call &call) {
  Prepared prepared;
  if (auto pack = call.module.lookupSymbol<func::FuncOp>("pack")) {
    auto bind = [&](StringRef role, Attribute value) {
      return role == "param" ? call.param(value) : nullptr;
    };
    auto results = call.run("pack", bind, ProgramOf::Sample);
    if (failed(results))
      return failure();
    prepared.packed = numberedResults(pack, *results, "seq.packed");
    prepared.initialStates = numberedResults(pack, *results, "seq.initial");
    return prepared;
  }
  if (call.signature.states.empty() || !call.batch.states.empty())
    return prepared;
  auto states = call.initialStates();
  if (failed(states))
    return failure();
  prepared.initialStates = std::move(*states);
  return prepared;
}

/// The states [B, ...] that the call begins with.
static std::vector<Tensor> statesOf(const Call &call,
                                    const Prepared &prepared) {
  if (!call.batch.states.empty())
    return call.batch.states;
  std::vector<Tensor> states;
  for (const Tensor &state : prepared.initialStates)
    states.push_back(repeat(state, call.batch.size));
  return states;
}

FailureOr<BatchResults> runBatched(ModuleOp module,
                                   const runtime::Signature &signature,
                                   const Batch &batch, RunError &error) {
  Call call(module, signature, batch, error);
  if (failed(call.check()))
    return failure();
  auto prepared = prepare(call);
  if (failed(prepared))
    return failure();
  const std::vector<Tensor> states = statesOf(call, *prepared);
  std::vector<Tensor> lengths;
  for (size_t dimension = 0; dimension < signature.dims.size(); ++dimension)
    lengths.push_back(lengthsOf(call, dimension));

  auto named = [](ArrayRef<TensorSpec> specs, ArrayRef<Tensor> tensors,
                  Attribute name) {
    auto index = indexOf(specs, cast<StringAttr>(name));
    return index && *index < tensors.size() ? &tensors[*index] : nullptr;
  };
  auto numbered = [](ArrayRef<Tensor> tensors, Attribute number) {
    const auto index = cast<IntegerAttr>(number).getValue().getZExtValue();
    return index < tensors.size() ? &tensors[index] : nullptr;
  };
  std::vector<Tensor> kept;
  auto bind = [&](StringRef role, Attribute value) -> const Tensor * {
    if (role == "input")
      return named(signature.inputs, batch.inputs, value);
    if (role == "state")
      return named(signature.states, states, value);
    if (role == "param")
      return call.param(value);
    if (role == "kept")
      return numbered(kept, value);
    return numbered(role == "lengths" ? lengths : prepared->packed, value);
  };
  auto keep = [&](const TensorSpec &spec, bool /*hasBatch*/, Tensor &place,
                  const Tensor &value) {
    if (failed(call.checkShape(spec, value, place.shape)))
      return failure();
    place = value;
    return success();
  };
  BatchResults results = call.emptyResults();
  auto run = [&](func::FuncOp function) -> LogicalResult {
    StringRef name = function.getSymName();
    auto values = call.run(name, bind, ProgramOf::Batch, batch.draws);
    if (failed(values))
      return failure();
    kept = numberedResults(function, *values, seq::kKeptAttr);
    return call.keepResults(name, *values, results, keep);
  };
  // @sums, where it is, reads what @main keeps.
  for (StringRef name : {seq::kMainName, seq::kSumsName})
    if (auto function = module.lookupSymbol<func::FuncOp>(name))
      if (failed(run(function)))
        return failure();
  return results;
}

} // namespace seqc::reference
