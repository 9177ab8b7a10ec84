//===- report.h - A training on one page ----------------------------------===//
// Owns the page: curves, how well a part that was held out is judged, and where
// the model is most wrong.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_REPORT_H
#define SEQC_RUNTIME_FIT_REPORT_H

#include "runtime/fit/fit.h"

#include <string>
#include <vector>

namespace seqc::fit {

/// How often a sample of one class (row) was taken for another (column).
struct Confusion {
  std::vector<std::string> classes;
  std::vector<std::vector<int64_t>> counts;
};

/// What came and what was forecast, in the order of time and in the data's
/// units.
struct Forecast {
  std::vector<double> truth, forecast;
  /// Root mean squares of what they differ by, and what the last number that
  /// was seen differs by.
  double rmse = 0;
  double persistence = 0;
};

/// A sample of which the model is most wrong.
struct WorstSample {
  std::string place;
  /// What it was: the beginning of a text; may be empty.
  std::string excerpt;
  std::string truth, answer;
  double loss = 0;
};

struct Report {
  std::string title;
  /// Names and values: the model, the data, the options.
  std::vector<std::pair<std::string, std::string>> facts;
  /// By update.
  std::vector<std::pair<double, double>> losses, gradientNorms;
  /// Samples a second, by epoch; of a training that was gone on with, of the
  /// epochs since.
  std::vector<std::pair<double, double>> throughput;
  FitResult fit;

  /// Which part the rest is about: `test`, `validation`.
  std::string part;
  runtime::Numbers measures;
  Confusion confusion; ///< without classes: none
  Forecast forecast;   ///< without numbers: none
  std::vector<WorstSample> worst;
};

/// One HTML page that needs no other file.
std::string toHtml(const Report &report);

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_REPORT_H
