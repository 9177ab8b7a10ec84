//===- TrainOnData.h - seqc train --data ----------------------------------===//
// From files of data to one file with a trained model.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TRAINONDATA_H
#define SEQC_COMPILER_TOOLS_SEQC_TRAINONDATA_H

#include "compiler/Tools/seqc/DataOptions.h"
#include "compiler/Tools/seqc/TrainingOptions.h"
#include "runtime/fit/fit.h"

namespace seqc::tool {

struct DataTraining {
  std::string data;
  ReadingOptions reading;
  std::optional<data::HeldOut> validation;
  std::optional<data::HeldOut> test;
  fit::FitOptions fit;
  std::string resume;
  std::string log;
  std::string report;

  /// Adds the options of data, of epochs and of files, but for --out, --batch
  /// and --resume, which other ways to train share.
  void addTo(CLI::App &command);
};

/// Reads, compiles, trains, validates, tests, writes. Throws CLI::RuntimeError
/// where it was interrupted.
void trainOnData(const TrainingOptions &training, DataTraining options);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TRAINONDATA_H
