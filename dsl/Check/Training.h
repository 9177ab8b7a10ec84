//===- Training.h - A checked `train` block -------------------------------===//
// What checking makes of it: the program that is differentiated, as a
// definition like any other, and what happens between its calls.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_TRAINING_H
#define SEQC_DSL_CHECK_TRAINING_H

#include "dsl/Check/Program.h"

namespace seqc::dsl {

struct Training {
  const Definition *model = nullptr;
  SourceRange range; ///< of the model's name in the head

  /// From inputs and targets to the sum and the weight of each measure. It
  /// holds the model as its only, nameless instance, so that everything in it
  /// has the name that it has in the model.
  Definition step;
  DefinitionDecl stepDecl;
  /// What is summed, in the order of the step's pairs of results: the loss,
  /// then what the metrics are made of.
  std::vector<std::string> measures;

  /// A cell over steps: from the number of the step and the means that it has
  /// measured to the optimizer's run-time scalars, and to those metrics
  /// that are a function of means. Without results there is none.
  Definition schedule;
  DefinitionDecl scheduleDecl;
  struct Metric {
    std::string name;
    bool isScheduled; ///< a result of `schedule`, else a measure's mean
  };
  std::vector<Metric> metrics;

  const Definition *optimizer = nullptr; ///< null after a fault
  struct Argument {
    std::string name;
    TypedPtr constant; ///< null where `schedule` gives it
    /// Handed over in each call, and not a part of the compiled code.
    bool isAtRunTime;
  };
  std::vector<Argument> arguments; ///< behind the weight and its gradient

  /// A setting of the block; its value is null where it is not written.
  struct Setting {
    TypedPtr value;
    SourceRange range;
  };
  Setting clipNorm, clipValue, accumulate, truncate;
};

/// A training step with the values of the model's dimensions.
struct TrainingLayout {
  const Training *training = nullptr;
  /// From a weight's gradient to its next value: a cell over steps whose first
  /// state is the weight.
  Definition update;
  DefinitionDecl updateDecl;
  std::unique_ptr<Program> optimizer; ///< of `update`
  std::unique_ptr<Program> schedule;  ///< of the training's; may be null
  /// The optimizer's run-time scalars that are constants.
  std::vector<std::pair<std::string, double>> scalars;
  double clipNorm = 0;  ///< 0: none
  double clipValue = 0; ///< 0: none
  int64_t accumulate = 1;
  int64_t truncate = 0; ///< 0: whole sequences
};

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_TRAINING_H
