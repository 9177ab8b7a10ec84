//===- ReportRecorder.cpp - The curves of a training's report -------------===//
// Points by update and by epoch.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/ReportRecorder.h"

namespace seqc::tool {

void ReportRecorder::onBatch(const fit::Progress &progress) {
  const runtime::StepResult &result = *progress.result;
  const auto step = static_cast<double>(result.step);
  report.losses.emplace_back(step, result.loss);
  if (result.updates > 0)
    report.gradientNorms.emplace_back(step, result.gradientNorm);
  samples += progress.samples;
  lastBatch = Clock::now();
}

void ReportRecorder::onEpoch(const fit::Epoch &epoch) {
  const double seconds =
      std::chrono::duration<double>(lastBatch - begin).count();
  if (seconds > 0)
    report.throughput.emplace_back(static_cast<double>(epoch.number),
                                   static_cast<double>(samples) / seconds);
  samples = 0;
  begin = Clock::now();
}

} // namespace seqc::tool
