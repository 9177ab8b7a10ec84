//===- Bench.h - What the benchmarks share --------------------------------===//
// Options, made-up inputs, and the clock.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_BENCH_H
#define SEQC_COMPILER_TOOLS_SEQC_BENCH_H

#include "compiler/Tools/seqc/TrainingOptions.h"

#include <chrono>
#include <functional>

namespace seqc::tool {

struct BenchOptions {
  ModelOptions model;
  int64_t batch = 1;
  int64_t length = 1;
  int32_t threads = 1;
  int32_t repeat = 0;
  bool training = false;
  bool json = false;
};

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start);

/// Values that are cheap to make and neither equal nor extreme.
void fillInput(runtime::Tensor &tensor, int64_t tokens);

/// Sorted times, in milliseconds, behind one that is not counted: at least five
/// runs, and for half a second; or as many as asked for.
std::vector<double> timeRuns(const std::function<void()> &run, int32_t repeat);

/// `bench --training`: what is printed.
std::string benchTraining(const BenchOptions &options);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_BENCH_H
