//===- Call.cpp - A call of a program, checked against its signature ------===//
// Everything that a run of samples and a run of a batch do alike.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Reference/Call.h"
#include "compiler/Dialect/Seq/IR/Program.h"

using namespace mlir;

namespace seqc::reference {

//===----------------------------------------------------------------------===//
// Descriptions of tensors
//===----------------------------------------------------------------------===//

SmallVector<int64_t> shapeOf(const TensorSpec &spec, const Sizes &sizes) {
  SmallVector<int64_t> shape(spec.shape.begin(), spec.shape.end());
  for (auto [extent, dimension] : llvm::zip(shape, spec.axes))
    if (dimension >= 0)
      extent = sizes[dimension];
  return shape;
}

void setDerived(const runtime::Signature &signature, Sizes &sizes) {
  sizes.resize(signature.dims.size());
  for (const runtime::DerivedDim &derived : signature.derived)
    sizes.push_back(derived.count(sizes[derived.source]));
}

SmallVector<int64_t> withBatch(int64_t batch, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result = {batch};
  llvm::append_range(result, shape);
  return result;
}

std::optional<size_t> indexOf(ArrayRef<TensorSpec> specs, StringRef name) {
  const auto *found = llvm::find_if(
      specs, [&](const TensorSpec &spec) { return spec.name == name; });
  if (found == specs.end())
    return std::nullopt;
  return found - specs.begin();
}

static ElementKind kindOf(const TensorSpec &spec) {
  switch (spec.type) {
  case runtime::ElementType::F32:
    return ElementKind::F32;
  case runtime::ElementType::Token:
    return ElementKind::Token;
  case runtime::ElementType::Bool:
    return ElementKind::Bool;
  }
  llvm_unreachable("all types have a kind");
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

Call::Call(ModuleOp module, const runtime::Signature &signature,
           const Batch &batch, RunError &error)
    : module(module), signature(signature), batch(batch), error(error) {
  for (const runtime::ParamSpec &param : signature.params)
    params.push_back(param.tensor);
}

LogicalResult Call::fail(const Twine &message) {
  error = {{}, message.str()};
  return failure();
}

LogicalResult Call::checkCounts() {
  const bool stateless = batch.states.empty(), full = batch.lengths.empty();
  if (batch.inputs.size() != signature.inputs.size() ||
      batch.params.size() != signature.params.size() ||
      (!stateless && batch.states.size() != signature.states.size()) ||
      (!full && batch.lengths.size() != signature.dims.size()) ||
      signature.enclosing.size() != signature.dims.size())
    return fail("the call does not have what the signature asks for");
  return success();
}

/// Reads the padded size of each dynamic dimension from the inputs.
LogicalResult Call::findSizes() {
  padded.assign(signature.dims.size(), -1);
  for (auto [spec, tensor] : llvm::zip(signature.inputs, batch.inputs)) {
    if (tensor.shape.size() != spec.axes.size() + 1)
      return fail("`" + spec.name + "` has another rank");
    for (auto [extent, dimension] :
         llvm::zip(ArrayRef(tensor.shape).drop_front(), spec.axes))
      // One that follows from others is checked with the shapes.
      if (dimension >= 0 && dimension < static_cast<int64_t>(padded.size()))
        padded[dimension] = extent;
  }
  for (auto [size, name] : llvm::zip(padded, signature.dims))
    if (size < 0)
      return fail("no input has the dimension `" + name + "`");
  setDerived(signature, padded);
  return success();
}

LogicalResult Call::checkLengths() {
  for (auto [dimension, lengths] : llvm::enumerate(batch.lengths)) {
    const std::string &name = signature.dims[dimension];
    const int64_t size = padded[dimension];
    const int64_t rows =
        isNested(dimension)
            ? batch.size * padded[signature.enclosing[dimension]]
            : batch.size;
    if (!lengths.empty() && static_cast<int64_t>(lengths.size()) != rows)
      return fail("`" + name + "` does not have one length for each row");
    for (int64_t length : lengths)
      if (length < 0 || length > size)
        return fail("a length of `" + name + "` is not from 0 to " +
                    Twine(size));
  }
  return success();
}

LogicalResult Call::checkShape(const TensorSpec &spec, const Tensor &tensor,
                               ArrayRef<int64_t> shape) {
  if (ArrayRef<int64_t>(tensor.shape) == shape && tensor.kind == kindOf(spec))
    return success();
  return fail("`" + spec.name + "` has another shape or type");
}

LogicalResult Call::check() {
  if (failed(checkCounts()) || failed(findSizes()) || failed(checkLengths()))
    return failure();
  auto checkBatched = [&](ArrayRef<TensorSpec> specs,
                          ArrayRef<Tensor> tensors) -> LogicalResult {
    for (auto [spec, tensor] : llvm::zip(specs, tensors))
      if (failed(checkShape(spec, tensor,
                            withBatch(batch.size, shapeOf(spec, padded)))))
        return failure();
    return success();
  };
  for (auto [spec, tensor] : llvm::zip(params, batch.params))
    if (failed(checkShape(spec, tensor, shapeOf(spec, padded))))
      return failure();
  if (failed(checkBatched(signature.inputs, batch.inputs)))
    return failure();
  return checkBatched(signature.states, batch.states);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

const Tensor *Call::param(Attribute name) const {
  auto found = indexOf(params, cast<StringAttr>(name));
  return found ? &batch.params[*found] : nullptr;
}

FailureOr<std::vector<Tensor>>
Call::run(StringRef name, Binding bind, ProgramOf program, const Draws &draws) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  if (!function)
    return fail("the program has no function @" + name);
  SmallVector<const Tensor *> arguments;
  for (unsigned index = 0; index < function.getNumArguments(); ++index) {
    const Tensor *bound = nullptr;
    for (StringRef role :
         {"input", "param", "state", "lengths", "packed", "kept"})
      if (Attribute value = function.getArgAttr(index, ("seq." + role).str()))
        bound = bind(role, value);
    if (!bound)
      return fail("argument " + Twine(index) + " of @" + name +
                  " is nothing that the signature knows");
    arguments.push_back(bound);
  }
  return interpret(function, arguments, error, program, draws);
}

FailureOr<std::vector<Tensor>> Call::initialStates() {
  auto bind = [&](StringRef role, Attribute value) {
    return role == "param" ? param(value) : nullptr;
  };
  auto states = run("init", bind, ProgramOf::Sample);
  if (failed(states))
    return failure();
  if (states->size() != signature.states.size())
    return fail("@init does not give each state");
  for (auto [spec, state] : llvm::zip(signature.states, *states))
    if (failed(checkShape(spec, state, shapeOf(spec, padded))))
      return failure();
  return states;
}

/// The description of a gradient, and whether each sample has one.
static const runtime::GradientSpec *
findGradient(const runtime::Signature &signature, StringAttr name,
             StringAttr of) {
  for (const runtime::GradientSpec &gradient : signature.gradients)
    if (gradient.tensor.name == name.getValue() &&
        (gradient.of == runtime::GradientSpec::Of::Param) ==
            (of.getValue() == seq::kOfParam))
      return &gradient;
  return nullptr;
}

LogicalResult Call::keepGradient(func::FuncOp function, unsigned index,
                                 const Tensor &value, BatchResults &results,
                                 Keep keep) {
  auto name =
      function.getResultAttrOfType<StringAttr>(index, seq::kGradientAttr);
  if (!name)
    return success();
  const runtime::GradientSpec *spec = findGradient(
      signature, name,
      function.getResultAttrOfType<StringAttr>(index, seq::kOfAttr));
  if (!spec)
    return fail("the signature has no gradient of `" + name.getValue() + "`");
  return keep(spec->tensor, spec->of != runtime::GradientSpec::Of::Param,
              results.gradients[spec - signature.gradients.data()], value);
}

LogicalResult Call::keepResults(StringRef name, ArrayRef<Tensor> values,
                                BatchResults &results, Keep keep) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  auto keepAs = [&](unsigned index, StringRef attribute,
                    ArrayRef<TensorSpec> specs,
                    std::vector<Tensor> &kept) -> LogicalResult {
    auto name = function.getResultAttrOfType<StringAttr>(index, attribute);
    if (!name)
      return success();
    auto found = indexOf(specs, name);
    if (!found)
      return fail("the signature has no result `" + name.getValue() + "`");
    return keep(specs[*found], /*hasBatch=*/true, kept[*found], values[index]);
  };
  for (unsigned index = 0; index < values.size(); ++index)
    if (failed(
            keepAs(index, "seq.output", signature.outputs, results.outputs)) ||
        failed(keepAs(index, "seq.state", signature.states, results.states)) ||
        failed(keepGradient(function, index, values[index], results, keep)))
      return failure();
  return success();
}

BatchResults Call::emptyResults() const {
  auto zeros = [&](const TensorSpec &spec, bool hasBatch) {
    auto shape = shapeOf(spec, padded);
    return Tensor::zeros(kindOf(spec),
                         hasBatch ? withBatch(batch.size, shape) : shape);
  };
  BatchResults results;
  for (const TensorSpec &spec : signature.outputs)
    results.outputs.push_back(zeros(spec, true));
  for (const TensorSpec &spec : signature.states)
    results.states.push_back(zeros(spec, true));
  for (const runtime::GradientSpec &gradient : signature.gradients)
    results.gradients.push_back(zeros(
        gradient.tensor, gradient.of != runtime::GradientSpec::Of::Param));
  return results;
}

} // namespace seqc::reference
