//===- source.h - Data that samples are made of ---------------------------===//
// One face for all that can be read: what it takes to make samples is learnt
// from some of it, and samples are made of any of it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_SOURCE_H
#define SEQC_RUNTIME_DATA_SOURCE_H

#include "runtime/core/interface.h"
#include "runtime/data/recipe.h"
#include "runtime/data/samples.h"
#include "runtime/data/warnings.h"

#include <memory>
#include <optional>

namespace seqc::data {

/// What came in truth of a sample of a series, and the same number when its
/// window ended, which persistence takes for it; in the data's units.
struct Outcome {
  double truth;
  double last;
};

/// Data that was read and bound to the inputs of a model by name and type. An
/// address stands for one of its samples: a text, a row, where a window ends.
class Source {
public:
  virtual ~Source() = default;

  /// All addresses in their order.
  virtual std::vector<int64_t> addresses() const = 0;

  /// Samples whose targets have not come yet: 0 stands for them.
  virtual std::vector<int64_t> future() const { return {}; }

  /// Whether that order is one of time: what is held out is then cut off at the
  /// end and not drawn.
  virtual bool isInTime() const { return false; }

  /// Adds to the recipe what these samples teach: vocabularies, classes,
  /// scales.
  virtual void learn(const std::vector<int64_t> &training,
                     Recipe &recipe) const = 0;

  /// The samples at some addresses, in their order. Warns of texts that are
  /// longer than the recipe takes.
  virtual Samples samples(const std::vector<int64_t> &addresses,
                          const Recipe &recipe, Warnings &warnings) const = 0;

  /// The outcome of a sample whose target has come; nothing where it is no
  /// number of a series.
  virtual std::optional<Outcome> outcome(int64_t) const { return std::nullopt; }

  /// How each of the target's numbers was scaled; empty where they are none of
  /// a series.
  virtual std::vector<Scale> targetScales(const Recipe &) const { return {}; }

  /// Which sample it is, for people: a file, a line.
  virtual std::string place(int64_t address) const = 0;

  /// What it is, for people: a text, as it was read. Empty where it is numbers.
  virtual std::string excerpt(int64_t) const { return {}; }
};

using SourcePtr = std::unique_ptr<Source>;

/// Data as a path gives it: a part to learn from, and parts that were held out
/// by whoever made it.
struct Sources {
  SourcePtr training, validation, test;
};

/// Reads what `path` names: a folder or an archive of texts by class, a table
/// (`.csv`, `.tsv`, and `.txt` whose columns are
/// named), series (`.ts`), a text (`.txt`). A tree that has one part
/// only is trained on, whatever it is called. Throws runtime::Error for what
/// readers do, and where data and model do not fit, in the names of both.
Sources readSources(const std::string &path,
                    const runtime::Interface &interface,
                    const DataOptions &options, Warnings &warnings);

/// Values of those dimensions of the model that data decide: as many tokens as
/// a vocabulary has, as many classes, as many numbers a step. Those that the
/// user gave are not among them.
std::vector<std::string> settingsFor(const runtime::Interface &interface,
                                     const Recipe &recipe,
                                     const Samples &samples);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_SOURCE_H
