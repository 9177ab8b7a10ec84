//===- Samples.cpp - A batch, one unpadded sample at a time ---------------===//
// Cuts samples out of their padding and puts results back into zeros.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Reference/Samples.h"
#include "compiler/Dialect/Seq/Reference/Call.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"

using namespace mlir;

namespace seqc::reference {

/// The unpadded tensor of a sample.
static Tensor cut(const Tensor &padded, int64_t sample,
                  ArrayRef<int64_t> shape) {
  const auto strides = padded.strides();
  return view(padded, shape, ArrayRef(strides).drop_front(),
              sample * strides[0]);
}

/// Puts what lies below `axis` of `from` into the larger tensor `to`.
static void paste(Tensor &to, ArrayRef<int64_t> toStrides, int64_t at,
                  const Tensor &from, ArrayRef<int64_t> fromStrides,
                  int64_t fromAt, int64_t axis) {
  if (axis == from.rank())
    return to.copy(at, from, fromAt);
  for (int64_t i = 0; i < from.shape[axis]; ++i)
    paste(to, toStrides, at + i * toStrides[axis], from, fromStrides,
          fromAt + i * fromStrides[axis], axis + 1);
}

static void pasteSample(Tensor &padded, int64_t sample, const Tensor &tensor) {
  const auto strides = padded.strides();
  paste(padded, ArrayRef(strides).drop_front(), sample * strides[0], tensor,
        tensor.strides(), 0, 0);
}

static void addTo(Tensor &sum, const Tensor &addend) {
  for (auto [total, number] : llvm::zip_equal(sum.numbers, addend.numbers))
    total += number;
}

/// An unpadded sample of a dimension inside another is a tensor only if that
/// dimension is full.
static LogicalResult checkNested(Call &call) {
  for (auto [dimension, lengths] : llvm::enumerate(call.batch.lengths)) {
    auto isFull = [size = call.padded[dimension]](int64_t length) {
      return length == size;
    };
    if (call.isNested(dimension) && !llvm::all_of(lengths, isFull))
      return call.fail("the reference interpreter runs `" +
                       call.signature.dims[dimension] +
                       "`, a dimension inside another, only in full");
  }
  return success();
}

static Sizes sizesOfSample(const Call &call, int64_t sample) {
  Sizes sizes = call.padded;
  for (auto [dimension, lengths] : llvm::enumerate(call.batch.lengths))
    if (!lengths.empty() && !call.isNested(dimension))
      sizes[dimension] = lengths[sample];
  setDerived(call.signature, sizes);
  return sizes;
}

static Draws drawsOfSample(const Draws &draws, int64_t sample) {
  const bool isGiven = !draws.sampleIds.empty();
  return {draws.seed, draws.step, {isGiven ? draws.sampleIds[sample] : sample}};
}

static LogicalResult runSample(Call &call, ArrayRef<Tensor> initialStates,
                               int64_t sample, BatchResults &results) {
  const Sizes sizes = sizesOfSample(call, sample);
  std::vector<std::unique_ptr<Tensor>> cuts; // until the sample has run
  auto cutFrom = [&](ArrayRef<TensorSpec> specs, ArrayRef<Tensor> tensors,
                     size_t index) {
    cuts.push_back(std::make_unique<Tensor>(
        cut(tensors[index], sample, shapeOf(specs[index], sizes))));
    return cuts.back().get();
  };
  auto bind = [&](StringRef role, Attribute value) -> const Tensor * {
    if (role == "param")
      return call.param(value);
    const auto &specs =
        role == "input" ? call.signature.inputs : call.signature.states;
    auto name = dyn_cast<StringAttr>(value);
    const auto index = name ? indexOf(specs, name) : std::nullopt;
    if (!index)
      return nullptr;
    if (role == "input")
      return cutFrom(specs, call.batch.inputs, *index);
    return call.batch.states.empty()
               ? &initialStates[*index]
               : cutFrom(specs, call.batch.states, *index);
  };
  auto values = call.run("main", bind, ProgramOf::Sample,
                         drawsOfSample(call.batch.draws, sample));
  if (failed(values))
    return failure();
  return call.keepResults(
      "main", *values, results,
      [&](const TensorSpec &spec, bool hasBatch, Tensor &place,
          const Tensor &value) {
        if (failed(call.checkShape(spec, value, shapeOf(spec, sizes))))
          return failure();
        if (hasBatch)
          pasteSample(place, sample, value);
        else
          addTo(place, value);
        return success();
      });
}

FailureOr<BatchResults> runSamples(ModuleOp module,
                                   const runtime::Signature &signature,
                                   const Batch &batch, RunError &error) {
  Call call(module, signature, batch, error);
  if (failed(call.check()) || failed(checkNested(call)))
    return failure();
  std::vector<Tensor> initialStates;
  if (!signature.states.empty() && batch.states.empty()) {
    auto states = call.initialStates();
    if (failed(states))
      return failure();
    initialStates = std::move(*states);
  }
  BatchResults results = call.emptyResults();
  for (int64_t sample = 0; sample < batch.size; ++sample)
    if (failed(runSample(call, initialStates, sample, results))) {
      error.record.sample = sample;
      return failure();
    }
  return results;
}

} // namespace seqc::reference
