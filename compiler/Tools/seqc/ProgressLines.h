//===- ProgressLines.h - How a training tells where it is -----------------===//
// A bar on a terminal, plain lines elsewhere; and a log for programs.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_PROGRESSLINES_H
#define SEQC_COMPILER_TOOLS_SEQC_PROGRESSLINES_H

#include "runtime/fit/fit.h"

#include <chrono>
#include <fstream>

namespace seqc::tool {

/// `loss 0.4127  accuracy 0.8134`, the loss first.
std::string toText(const runtime::Numbers &numbers);

/// Prints a line for each epoch to stdout. Between them there is a bar on
/// stderr, if that is a terminal, and else a line in half a minute.
class ProgressLines : public fit::Listener {
public:
  /// `log` gets a line of JSON for each batch and each epoch; empty: none. A
  /// training that goes on adds its lines to those that are there. Throws
  /// runtime::Error where it cannot be written.
  ProgressLines(int64_t epochs, const std::string &log, bool isResumed);
  ~ProgressLines() override;

  void onBatch(const fit::Progress &progress) override;
  void onEpoch(const fit::Epoch &epoch) override;

private:
  using Clock = std::chrono::steady_clock;

  std::string describe(const fit::Progress &progress) const;
  void clearBar();
  void log(const std::string &line);

  int64_t epochs;
  bool isTerminal;
  std::string logPath;
  std::ofstream logFile;

  Clock::time_point begin;
  Clock::time_point shown;
  bool isBarShown = false;
  /// Since the training was begun, or gone on with.
  int64_t samples = 0;
  int64_t batches = 0;
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_PROGRESSLINES_H
