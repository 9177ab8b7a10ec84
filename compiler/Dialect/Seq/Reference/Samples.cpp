//===- Samples.cpp - A batch, one unpadded sample at a time ---------------===//
// Cuts samples out of their padding and puts results back into zeros.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Reference/Samples.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace seqc::reference {

namespace {

using runtime::TensorSpec;

/// Sizes of the dynamic dimensions by ordinal: of a sample, or padded.
using Sizes = std::vector<int64_t>;

/// The shape of `spec` where dynamic dimensions have `sizes`.
SmallVector<int64_t> shapeOf(const TensorSpec &spec, const Sizes &sizes) {
  SmallVector<int64_t> shape(spec.shape.begin(), spec.shape.end());
  for (auto [extent, dimension] : llvm::zip(shape, spec.axes))
    if (dimension >= 0)
      extent = sizes[dimension];
  return shape;
}

ElementKind kindOf(const TensorSpec &spec) {
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

SmallVector<int64_t> withBatch(int64_t batch, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result = {batch};
  llvm::append_range(result, shape);
  return result;
}

/// The unpadded tensor of a sample.
Tensor cut(const Tensor &padded, int64_t sample, ArrayRef<int64_t> shape) {
  const auto strides = padded.strides();
  return view(padded, shape, ArrayRef(strides).drop_front(),
              sample * strides[0]);
}

/// Puts what lies below `axis` of a sample's tensor into a padded one.
void paste(Tensor &to, ArrayRef<int64_t> toStrides, int64_t at,
           const Tensor &from, ArrayRef<int64_t> fromStrides, int64_t fromAt,
           int64_t axis = 0) {
  if (axis == from.rank())
    return to.copy(at, from, fromAt);
  for (int64_t i = 0; i < from.shape[axis]; ++i)
    paste(to, toStrides, at + i * toStrides[axis], from, fromStrides,
          fromAt + i * fromStrides[axis], axis + 1);
}

void paste(Tensor &padded, int64_t sample, const Tensor &tensor) {
  const auto strides = padded.strides();
  paste(padded, ArrayRef(strides).drop_front(), sample * strides[0], tensor,
        tensor.strides(), 0);
}

std::optional<size_t> indexOf(ArrayRef<TensorSpec> specs, StringRef name) {
  const auto *found = llvm::find_if(
      specs, [&](const TensorSpec &spec) { return spec.name == name; });
  if (found == specs.end())
    return std::nullopt;
  return found - specs.begin();
}

//===----------------------------------------------------------------------===//
// The run of a batch
//===----------------------------------------------------------------------===//

class SampleRunner {
public:
  SampleRunner(ModuleOp module, const runtime::Signature &signature,
               const Batch &batch, RunError &error)
      : module(module), signature(signature), batch(batch), error(error) {
    for (const runtime::ParamSpec &param : signature.params)
      params.push_back(param.tensor);
  }

  FailureOr<BatchResults> run();

private:
  LogicalResult fail(const Twine &message) {
    error = {{}, message.str()};
    return failure();
  }

  FailureOr<func::FuncOp> function(StringRef name);
  LogicalResult checkCounts();
  LogicalResult findSizes();
  LogicalResult checkLengths();
  LogicalResult checkShapes(ArrayRef<TensorSpec> specs,
                            ArrayRef<Tensor> tensors, bool batched);
  LogicalResult computeInitialStates();
  Sizes sizesOfSample(int64_t sample) const;
  LogicalResult runSample(func::FuncOp main, int64_t sample);
  FailureOr<std::vector<Tensor>> run(func::FuncOp function, int64_t sample);
  const Tensor *cutSample(ArrayRef<TensorSpec> specs, ArrayRef<Tensor> tensors,
                          size_t index, int64_t sample);
  const Tensor *argument(func::FuncOp function, unsigned index, int64_t sample);
  LogicalResult keep(func::FuncOp main, ArrayRef<Tensor> values,
                     int64_t sample);
  LogicalResult keepOne(ArrayRef<TensorSpec> specs,
                        std::vector<Tensor> &results, StringRef name,
                        const Tensor &value, int64_t sample);

  ModuleOp module;
  const runtime::Signature &signature;
  const Batch &batch;
  RunError &error;
  std::vector<TensorSpec> params;
  /// Padded sizes of the dynamic dimensions.
  Sizes padded;
  /// What @init gives, if it was asked.
  std::vector<Tensor> initialStates;
  /// The tensors cut for the sample that runs; addresses must last.
  std::vector<std::unique_ptr<Tensor>> ofSample;
  BatchResults results;
};

FailureOr<func::FuncOp> SampleRunner::function(StringRef name) {
  if (auto found = module.lookupSymbol<func::FuncOp>(name))
    return found;
  return fail("the program has no function @" + name);
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult SampleRunner::checkCounts() {
  if (batch.inputs.size() != signature.inputs.size() ||
      batch.params.size() != signature.params.size() ||
      (!batch.states.empty() &&
       batch.states.size() != signature.states.size()) ||
      (!batch.lengths.empty() && batch.lengths.size() != signature.dims.size()))
    return fail("the call does not have what the signature asks for");
  return success();
}

/// Reads the padded size of each dynamic dimension from the inputs.
LogicalResult SampleRunner::findSizes() {
  padded.assign(signature.dims.size(), -1);
  for (auto [spec, tensor] : llvm::zip(signature.inputs, batch.inputs)) {
    if (tensor.shape.size() != spec.axes.size() + 1)
      return fail("`" + spec.name + "` has another rank");
    for (auto [extent, dimension] :
         llvm::zip(ArrayRef(tensor.shape).drop_front(), spec.axes))
      if (dimension >= 0)
        padded[dimension] = extent;
  }
  for (auto [size, name] : llvm::zip(padded, signature.dims))
    if (size < 0)
      return fail("no input has the dimension `" + name + "`");
  return success();
}

LogicalResult SampleRunner::checkLengths() {
  for (auto [dimension, lengths] : llvm::enumerate(batch.lengths)) {
    const int64_t size = padded[dimension];
    auto isFull = [&](int64_t length) { return length == size; };
    auto isInside = [&](int64_t length) {
      return length >= 0 && length <= size;
    };
    if (signature.enclosing[dimension] >= 0) {
      if (!llvm::all_of(lengths, isFull))
        return fail("the reference interpreter runs `" +
                    signature.dims[dimension] +
                    "`, a dimension inside another, only in full");
      continue;
    }
    if (!lengths.empty() && static_cast<int64_t>(lengths.size()) != batch.size)
      return fail("`" + signature.dims[dimension] +
                  "` does not have one length for each sample");
    if (!llvm::all_of(lengths, isInside))
      return fail("a length of `" + signature.dims[dimension] +
                  "` is not from 0 to " + Twine(size));
  }
  return success();
}

LogicalResult SampleRunner::checkShapes(ArrayRef<TensorSpec> specs,
                                        ArrayRef<Tensor> tensors,
                                        bool batched) {
  for (auto [spec, tensor] : llvm::zip(specs, tensors)) {
    auto shape = shapeOf(spec, padded);
    if (batched)
      shape = withBatch(batch.size, shape);
    if (tensor.shape != shape || tensor.kind != kindOf(spec))
      return fail("`" + spec.name + "` has another shape or type");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// One sample
//===----------------------------------------------------------------------===//

Sizes SampleRunner::sizesOfSample(int64_t sample) const {
  Sizes sizes = padded;
  for (auto [dimension, lengths] : llvm::enumerate(batch.lengths))
    if (!lengths.empty() && signature.enclosing[dimension] < 0)
      sizes[dimension] = lengths[sample];
  return sizes;
}

const Tensor *SampleRunner::cutSample(ArrayRef<TensorSpec> specs,
                                      ArrayRef<Tensor> tensors, size_t index,
                                      int64_t sample) {
  ofSample.push_back(std::make_unique<Tensor>(cut(
      tensors[index], sample, shapeOf(specs[index], sizesOfSample(sample)))));
  return ofSample.back().get();
}

/// The argument that the attributes of `function` ask for; null: none.
const Tensor *SampleRunner::argument(func::FuncOp function, unsigned index,
                                     int64_t sample) {
  if (auto name = function.getArgAttrOfType<StringAttr>(index, "seq.input"))
    if (auto found = indexOf(signature.inputs, name))
      return cutSample(signature.inputs, batch.inputs, *found, sample);
  if (auto name = function.getArgAttrOfType<StringAttr>(index, "seq.param"))
    if (auto found = indexOf(params, name))
      return &batch.params[*found];
  if (auto name = function.getArgAttrOfType<StringAttr>(index, "seq.state"))
    if (auto found = indexOf(signature.states, name)) {
      if (batch.states.empty())
        return &initialStates[*found];
      return cutSample(signature.states, batch.states, *found, sample);
    }
  return nullptr;
}

FailureOr<std::vector<Tensor>> SampleRunner::run(func::FuncOp function,
                                                 int64_t sample) {
  ofSample.clear();
  SmallVector<const Tensor *> arguments;
  for (unsigned index = 0; index < function.getNumArguments(); ++index) {
    arguments.push_back(argument(function, index, sample));
    if (!arguments.back())
      return fail("argument " + Twine(index) + " of @" + function.getName() +
                  " is nothing that the signature knows");
  }
  return interpret(function, arguments, error);
}

LogicalResult SampleRunner::computeInitialStates() {
  if (signature.states.empty() || !batch.states.empty())
    return success();
  auto init = function("init");
  if (failed(init))
    return failure();
  auto states = run(*init, 0);
  if (failed(states))
    return failure();
  initialStates = std::move(*states);
  if (initialStates.size() != signature.states.size())
    return fail("@init does not give each state");
  return checkShapes(signature.states, initialStates, /*batched=*/false);
}

LogicalResult SampleRunner::keepOne(ArrayRef<TensorSpec> specs,
                                    std::vector<Tensor> &kept, StringRef name,
                                    const Tensor &value, int64_t sample) {
  auto found = indexOf(specs, name);
  if (!found)
    return fail("the signature has no result `" + name + "`");
  const TensorSpec &spec = specs[*found];
  if (value.kind != kindOf(spec) ||
      value.shape != shapeOf(spec, sizesOfSample(sample)))
    return fail("the result `" + name + "` has another shape or type");
  paste(kept[*found], sample, value);
  return success();
}

LogicalResult SampleRunner::keep(func::FuncOp main, ArrayRef<Tensor> values,
                                 int64_t sample) {
  for (auto [index, value] : llvm::enumerate(values)) {
    auto output = main.getResultAttrOfType<StringAttr>(index, "seq.output");
    auto state = main.getResultAttrOfType<StringAttr>(index, "seq.state");
    if (output && failed(keepOne(signature.outputs, results.outputs, output,
                                 value, sample)))
      return failure();
    if (state &&
        failed(keepOne(signature.states, results.states, state, value, sample)))
      return failure();
  }
  return success();
}

LogicalResult SampleRunner::runSample(func::FuncOp main, int64_t sample) {
  auto values = run(main, sample);
  if (succeeded(values))
    return keep(main, *values, sample);
  error.record.sample = sample;
  return failure();
}

FailureOr<BatchResults> SampleRunner::run() {
  auto main = function("main");
  if (failed(main) || failed(checkCounts()) || failed(findSizes()) ||
      failed(checkLengths()) ||
      failed(checkShapes(signature.inputs, batch.inputs, /*batched=*/true)) ||
      failed(checkShapes(params, batch.params, /*batched=*/false)) ||
      failed(checkShapes(signature.states, batch.states, /*batched=*/true)) ||
      failed(computeInitialStates()))
    return failure();
  auto allocate = [&](ArrayRef<TensorSpec> specs, std::vector<Tensor> &kept) {
    for (const TensorSpec &spec : specs)
      kept.push_back(Tensor::zeros(
          kindOf(spec), withBatch(batch.size, shapeOf(spec, padded))));
  };
  allocate(signature.outputs, results.outputs);
  allocate(signature.states, results.states);
  for (int64_t sample = 0; sample < batch.size; ++sample)
    if (failed(runSample(*main, sample)))
      return failure();
  return std::move(results);
}

} // namespace

FailureOr<BatchResults> runSamples(ModuleOp module,
                                   const runtime::Signature &signature,
                                   const Batch &batch, RunError &error) {
  return SampleRunner(module, signature, batch, error).run();
}

} // namespace seqc::reference
