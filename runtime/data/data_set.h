//===- data_set.h - Samples by what they are for --------------------------===//
// Owns which samples a model is trained on, and which are kept from it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_DATA_SET_H
#define SEQC_RUNTIME_DATA_DATA_SET_H

#include "runtime/data/source.h"

namespace seqc::data {

/// What is held out: a path of its own, or a share of the data; for validation
/// a share of what the test leaves.
struct HeldOut {
  std::string path;
  double share = 0;
};

struct DataSetOptions {
  std::string path;
  DataOptions reading;
  /// Nothing: the data's own part, if it has one.
  std::optional<HeldOut> validation, test;
  /// The share for validation where there is neither.
  double defaultValidation = 0;
};

/// A part of the data, with the source that can tell where it comes from.
struct Part {
  std::shared_ptr<const Source> source;
  std::vector<int64_t> addresses;
  Samples samples;

  explicit operator bool() const { return source != nullptr; }
};

struct DataSet {
  Recipe recipe;
  /// The latter two may be empty.
  Part training, validation, test;
};

/// Reads and splits. Shares are drawn by the seed; of a series or a long text
/// they are its end, the test part behind the validation part. The recipe is
/// learnt from the training part alone. Throws runtime::Error as readSources
/// does, and where a share is no sample or all.
DataSet readDataSet(const runtime::Interface &interface,
                    const DataSetOptions &options, int64_t seed,
                    Warnings &warnings);

/// What there is to judge a model by, which has been trained with `recipe`: the
/// part called `test`, else all; of a series the share that `options.test`
/// says.
Part readTestPart(const runtime::Interface &interface,
                  const DataSetOptions &options, const Recipe &recipe,
                  Warnings &warnings);

/// The same data without samples: for what has no target yet.
SourcePtr readTestSource(const runtime::Interface &interface,
                         const DataSetOptions &options, Warnings &warnings);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_DATA_SET_H
