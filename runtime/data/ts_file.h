//===- ts_file.h - Time series of the UEA and UCR archives ----------------===//
// Reads .ts files (Bagnall et al., The UEA multivariate time series
// classification archive, 2018): several series of one sample on a line, with
// the sample's class behind them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TS_FILE_H
#define SEQC_RUNTIME_DATA_TS_FILE_H

#include <cstdint>
#include <string>
#include <vector>

namespace seqc::data {

struct LabelledSeries {
  /// [length, dimensions], step by step.
  std::vector<float> values;
  int64_t length;
  /// The number of its class.
  int64_t label;
  /// Of the file, from 1.
  int64_t line;
};

struct TsFile {
  /// As the header lists them.
  std::vector<std::string> classes;
  int64_t dimensions;
  std::vector<LabelledSeries> samples;

  /// Throws runtime::Error, with file and line, where the header lists no
  /// classes or says that there are time stamps, samples have different numbers
  /// of series or a series another length than the first of its sample, a value
  /// is missing (`?`) or no number, or a class is not in the header.
  static TsFile read(const std::string &path);
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TS_FILE_H
