//===- schedule.h - What changes from step to step ------------------------===//
// Owns the optimizer's run-time scalars, and the metrics that are functions of
// means. Both may come from a compiled program that is called between steps.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_SCHEDULE_H
#define SEQC_RUNTIME_SERVICES_SCHEDULE_H

#include "runtime/services/measures.h"
#include "runtime/services/program.h"
#include "runtime/services/session.h"

#include <optional>

namespace seqc::runtime {

using Numbers = std::map<std::string, double>;

/// The schedule's program is a cell over steps. Its inputs are scalars: `step`,
/// the number of the step from 0, and measures by name, each a mean. Its results
/// are run-time scalars, for which the means are those of the step before
/// (infinite before the first), and metrics, for which they are whatever is
/// being reported.
class Schedule {
public:
  /// Without a program all scalars are constants and all metrics are means.
  Schedule(const TrainingSpec &spec, std::optional<Program> program);

  /// Sets a run-time scalar that is a constant; throws Error for every other
  /// name.
  void setScalar(const std::string &name, double value);
  /// Throws Error where one of `names` has no value.
  void requireScalars(const std::vector<std::string> &names) const;

  /// What a step is made with, and what comes behind it.
  struct Plan {
    Numbers scalars;
    TensorMap states;
  };
  Plan plan(int64_t step) const;
  /// Goes on to the next step: `plan` is that of this one, `measures` is what
  /// it measured.
  void advance(Plan plan, const Measures &measures);
  /// What is to be reported of these measures.
  Numbers metrics(int64_t step, const Measures &measures) const;

  /// The states and the last step's means by name, and the way back; the caller
  /// has checked names and shapes. None where there is no program.
  ViewMap states() const;
  void setStates(const ViewMap &tensors);
  void reset();

private:
  RunResult call(int64_t step, const Tensor &means) const;
  Numbers scalarsOf(const RunResult &called) const;
  bool isMetric(const std::string &name) const;

  TrainingSpec spec;
  Numbers constants;
  std::optional<Session> session;
  /// With the batch, of 1.
  TensorMap current;
  /// Of the last step, in the order of the measures.
  Tensor last;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_SCHEDULE_H
