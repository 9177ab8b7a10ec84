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
  /// Of the samples, in each dynamic dimension; empty: all full.
  std::vector<int64_t> lengths;
  bool training = false;
  bool onDemand = false;
  bool json = false;
};

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start);

/// Values that are cheap to make and neither equal nor extreme.
void fillInput(runtime::Tensor &tensor, int64_t tokens);

/// The products that a program makes of the samples, told of one by its length.
double flopsOf(const BenchOptions &options, const Compilation &compilation);

/// How many runs are timed: at least so many, and so long.
struct RunLength {
  int64_t least = 5;
  double milliseconds = 500;

  /// As many as are asked for; otherwise, for 0, half a second of them.
  static RunLength of(int32_t repeat) {
    return repeat > 0 ? RunLength{repeat, 0} : RunLength{};
  }
};

/// Sorted times, in milliseconds, behind one that is not counted.
std::vector<double> timeRuns(const std::function<void()> &run,
                             RunLength length);

/// `bench --training`: what is printed.
std::string benchTraining(const BenchOptions &options);

/// `bench --training --on-demand`.
void answerTrainingRounds(const BenchOptions &options);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_BENCH_H
