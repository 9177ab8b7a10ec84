//===- measures.cpp - What a training program measures --------------------===//
// Sums over the batch.
//===----------------------------------------------------------------------===//

#include "runtime/services/measures.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

namespace seqc::runtime {

void add(Measures &total, const Measures &more) {
  total.resize(more.size());
  for (size_t i = 0; i < more.size(); ++i) {
    total[i].sum += more[i].sum;
    total[i].weight += more[i].weight;
  }
}

static size_t findOutput(const Signature &signature, const std::string &name) {
  for (size_t i = 0; i < signature.outputs.size(); ++i)
    if (signature.outputs[i].name == name)
      return i;
  throw Error(fmt::format("{} is not a training program: it has no result {}",
                          quoteName(signature.model), quoteName(name)));
}

MeasureReader::MeasureReader(const Signature &signature,
                             const std::vector<std::string> &measures) {
  for (const std::string &measure : measures)
    pairs.push_back({findOutput(signature, measure + ".sum"),
                     findOutput(signature, measure + ".weight")});
}

static double sumOf(const Tensor &tensor) {
  double sum = 0;
  for (int64_t i = 0; i < tensor.size(); ++i)
    sum += tensor.data<float>()[i];
  return sum;
}

Measures MeasureReader::read(const std::vector<Tensor> &outputs) const {
  Measures measures;
  for (const Pair &pair : pairs)
    measures.push_back({sumOf(outputs[pair.sum]), sumOf(outputs[pair.weight])});
  return measures;
}

std::vector<Measures>
MeasureReader::readEach(const std::vector<Tensor> &outputs) const {
  std::vector<Measures> samples(
      static_cast<size_t>(outputs[pairs.front().sum].size()));
  for (size_t i = 0; i < samples.size(); ++i)
    for (const Pair &pair : pairs)
      samples[i].push_back({outputs[pair.sum].data<float>()[i],
                            outputs[pair.weight].data<float>()[i]});
  return samples;
}

} // namespace seqc::runtime
