//===- ReportRecorder.h - The curves of a training's report ---------------===//
// Listens while a training runs.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_REPORTRECORDER_H
#define SEQC_COMPILER_TOOLS_SEQC_REPORTRECORDER_H

#include "runtime/fit/report.h"

#include <chrono>

namespace seqc::tool {

class ReportRecorder : public fit::Listener {
public:
  void onBatch(const fit::Progress &progress) override;
  void onEpoch(const fit::Epoch &epoch) override;

  /// A report with the curves, and nothing else yet.
  fit::Report take() { return std::move(report); }

private:
  using Clock = std::chrono::steady_clock;

  fit::Report report;
  /// Of the epoch at hand: its samples, and the time without validation.
  int64_t samples = 0;
  Clock::time_point begin = Clock::now();
  Clock::time_point lastBatch = begin;
};

/// Tells several.
class Listeners : public fit::Listener {
public:
  explicit Listeners(std::vector<fit::Listener *> all) : all(std::move(all)) {}

  void onBatch(const fit::Progress &progress) override {
    for (fit::Listener *each : all)
      each->onBatch(progress);
  }
  void onEpoch(const fit::Epoch &epoch) override {
    for (fit::Listener *each : all)
      each->onEpoch(epoch);
  }

private:
  std::vector<fit::Listener *> all;
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_REPORTRECORDER_H
