//===- Judging.h - How good a model is, and where it is wrong -------------===//
// What `eval`, the end of a training and its report say of samples.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_JUDGING_H
#define SEQC_COMPILER_TOOLS_SEQC_JUDGING_H

#include "compiler/Tools/seqc/TrainedModel.h"
#include "runtime/data/data_set.h"
#include "runtime/fit/report.h"

namespace seqc::tool {

struct Judgement {
  /// Loss and metrics.
  runtime::Numbers means;
  /// Of a classifier.
  fit::Confusion confusion;
  /// Of a series.
  fit::Forecast forecast;
  /// Those with the largest losses, the largest first.
  std::vector<fit::WorstSample> worst;
};

/// Judges a part of the data. `trainer` and `model` have the same weights.
Judgement judge(Trainer &trainer, const Model &model,
                const runtime::Interface &interface, const data::Recipe &recipe,
                const data::Part &part, int64_t batch, seqc_team *team);

/// `1.8 (persistence 2.0)` of a series, in its own units; else nothing.
std::string toText(const fit::Forecast &forecast);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_JUDGING_H
