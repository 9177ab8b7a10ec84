//===- EvaluateRandom.cpp - Random numbers, and whose they are ------------===//
// By the runtime's generator, which defines them; in full precision, for they
// have 24 bits.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Evaluate.h"
#include "runtime/core/random.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::reference {

static uint32_t fold(int64_t time) {
  const auto bits = static_cast<uint64_t>(time);
  return static_cast<uint32_t>(bits) +
         static_cast<uint32_t>(bits >> 32) * 0x9E3779B9u;
}

static LogicalResult evalUniform(UniformOp op, Frame &frame) {
  const Draws &draws = frame.run.draws;
  const runtime::Stream stream(draws.seed, draws.step,
                               static_cast<uint32_t>(op.getSite()),
                               runtime::Purpose::Dropout);
  const Tensor &time = frame.get(op.getTime());
  const ArrayRef<int64_t> elements =
      op.getType().getShape().drop_front(time.rank());
  SmallVector<int64_t> shape(time.shape);
  llvm::append_range(shape, elements);
  Tensor result = Tensor::zeros(ElementKind::F32, shape);
  const int64_t count = sizeOf(elements);
  const int64_t one = draws.sampleIds.empty() ? 0 : draws.sampleIds.front();
  for (int64_t at = 0; at < time.size(); ++at) {
    const int64_t sample =
        op.getSample() ? frame.get(op.getSample()).integers[at] : one;
    for (int64_t element = 0; element < count; ++element)
      result.numbers[at * count + element] =
          stream.uniform(element, fold(time.integers[at]), sample);
  }
  frame.set(op, std::move(result));
  return success();
}

static LogicalResult evalSampleIds(SampleIdsOp op, Frame &frame) {
  const std::vector<int64_t> &given = frame.run.draws.sampleIds;
  const int64_t size = frame.get(op.getSize()).integers[0];
  Tensor result = Tensor::zeros(ElementKind::Token, size);
  if (!given.empty() && static_cast<int64_t>(given.size()) != size)
    return frame.fail(op, "there is not one number for each sample");
  for (int64_t at = 0; at < size; ++at)
    result.integers[at] = given.empty() ? at : given[at];
  frame.set(op, std::move(result));
  return success();
}

void addRandomEvaluations(Evaluations &table) {
  addEvaluation<UniformOp>(table, evalUniform);
  addEvaluation<SampleIdsOp>(table, evalSampleIds);
}

} // namespace seqc::reference
