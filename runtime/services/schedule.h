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
/// the number of the step from 0, and measures by name, each the mean of that
/// step. Its results are run-time scalars and metrics by name.
class Schedule {
public:
  /// Without a program all scalars are constants and all metrics are means.
  Schedule(const TrainingSpec &spec, std::optional<Program> program);

  /// Sets a run-time scalar that is a constant; throws Error for every other
  /// name.
  void setScalar(const std::string &name, double value);
  /// Throws Error where one of `names` has no value.
  void requireScalars(const std::vector<std::string> &names) const;

  /// Run-time scalars and metrics of a step.
  struct Result {
    Numbers scalars;
    Numbers metrics;
  };
  /// What a step with these measures would have.
  Result look(int64_t step, const Measures &measures) const;
  /// The same, and goes on to the next step.
  Result advance(int64_t step, const Measures &measures);

  /// The states by name, and the way back; the caller has checked names and
  /// shapes.
  ViewMap states() const;
  void setStates(const ViewMap &tensors);
  void reset();

private:
  RunResult call(int64_t step, const Measures &measures) const;
  Result resultOf(const RunResult &called, const Measures &measures) const;

  TrainingSpec spec;
  Numbers constants;
  std::optional<Session> session;
  /// With the batch, of 1.
  TensorMap current;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_SCHEDULE_H
