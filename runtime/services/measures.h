//===- measures.h - What a training program measures ----------------------===//
// Owns losses and metrics between the programs that sum them and whoever reads
// them: pairs of a sum and a weight, divided once over whatever was added up.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_MEASURES_H
#define SEQC_RUNTIME_SERVICES_MEASURES_H

#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// A sum over samples or steps, and the sum of their weights.
struct Measure {
  double sum = 0;
  double weight = 0;

  /// 0 where nothing was measured.
  double mean() const { return weight == 0 ? 0 : sum / weight; }
};

/// In the order of TrainingSpec::measures, the loss first.
using Measures = std::vector<Measure>;

void add(Measures &total, const Measures &more);

/// Finds the pairs of a training program's results by name, and adds the
/// samples of a batch up, in double precision and in their order.
class MeasureReader {
public:
  /// Throws Error where the program lacks a result.
  MeasureReader(const Signature &signature,
                const std::vector<std::string> &measures);

  /// `outputs` are the program's, f32[B] each.
  Measures read(const std::vector<Tensor> &outputs) const;
  /// The same of each sample.
  std::vector<Measures> readEach(const std::vector<Tensor> &outputs) const;

private:
  struct Pair {
    size_t sum;
    size_t weight;
  };
  std::vector<Pair> pairs;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_MEASURES_H
