//===- data_set.cpp - Samples by what they are for ------------------------===//
// Splitting, learning, making samples.
//===----------------------------------------------------------------------===//

#include "runtime/data/data_set.h"

#include "runtime/services/batches.h"
#include "runtime/services/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqc::data {
namespace {

using runtime::Error;

/// Addresses that are kept, and those that are held out.
struct Split {
  std::vector<int64_t> kept, held;
};

/// Orders of samples in an epoch have sites 0 and 1.
enum class Site : uint32_t { Validation = 2, Test = 3 };

int64_t heldOf(const std::vector<int64_t> &addresses, double share) {
  return static_cast<int64_t>(share * static_cast<double>(addresses.size()) +
                              0.5);
}

double shareOf(const std::optional<HeldOut> &held) {
  return held ? held->share : 0;
}

Split split(std::vector<int64_t> addresses, double share, bool isInTime,
            int64_t seed, Site site) {
  const auto count = static_cast<int64_t>(addresses.size());
  const int64_t held = heldOf(addresses, share);
  if (share != 0 && (held <= 0 || held >= count))
    throw Error(fmt::format("{} of {} samples is {} of them", share, count,
                            held <= 0 ? "none" : "all"));
  if (!isInTime && held > 0) {
    std::vector<int64_t> mixed;
    for (int64_t place :
         runtime::shuffled(seed, 0, count, static_cast<uint32_t>(site)))
      mixed.push_back(addresses[place]);
    addresses = std::move(mixed);
  }
  Split made = {{addresses.begin(), addresses.end() - held},
                {addresses.end() - held, addresses.end()}};
  std::sort(made.kept.begin(), made.kept.end());
  std::sort(made.held.begin(), made.held.end());
  return made;
}

/// The part of a path that is meant where only the path is given.
SourcePtr &partFor(SourcePtr Sources::*wanted, Sources &sources) {
  for (SourcePtr Sources::*part :
       {wanted, &Sources::test, &Sources::validation})
    if (sources.*part)
      return sources.*part;
  return sources.training;
}

class DataSetReader {
public:
  DataSetReader(const runtime::Interface &interface,
                const DataSetOptions &options, Warnings &warnings)
      : interface(interface), options(options), warnings(warnings) {}

  Sources read(const std::string &path) const {
    return readSources(path, interface, options.reading, warnings);
  }

  /// A part that is there, or lies elsewhere; null where it is to be split off.
  std::shared_ptr<const Source>
  ownPart(SourcePtr Sources::*part, Sources &sources,
          const std::optional<HeldOut> &held) const {
    if (!held)
      return std::move(sources.*part);
    if (held->path.empty())
      return nullptr;
    Sources others = read(held->path);
    return std::move(partFor(part, others));
  }

  Part makePart(std::shared_ptr<const Source> source,
                std::vector<int64_t> addresses, const Recipe &recipe) const {
    Part part;
    if (addresses.empty())
      return part;
    part.samples = source->samples(addresses, recipe, warnings);
    part.source = std::move(source);
    part.addresses = std::move(addresses);
    return part;
  }

private:
  const runtime::Interface &interface;
  const DataSetOptions &options;
  Warnings &warnings;
};

} // namespace

/// Tells of tokens that the user has given and the model does not take.
static void warnOfRest(const Recipe &recipe, Warnings &warnings) {
  for (const auto &[name, vocabulary] : recipe.vocabularies)
    if (vocabulary.leftOut() > 0)
      warnings.add(fmt::format("has {} tokens more than the {} that the model "
                               "takes, <unk> among them: they are left out",
                               vocabulary.leftOut(), vocabulary.size()),
                   fmt::format("`{}`", recipe.options.vocabularyFile));
}

DataSet readDataSet(const runtime::Interface &interface,
                    const DataSetOptions &options, int64_t seed,
                    Warnings &warnings) {
  const DataSetReader reader(interface, options, warnings);
  Sources sources = reader.read(options.path);
  const std::shared_ptr<const Source> training = std::move(sources.training);
  if (!training)
    throw Error(fmt::format("`{}` has no part to train on", options.path));
  if (training->addresses().empty())
    throw Error(fmt::format("`{}` has no sample with a target", options.path));
  const auto test = reader.ownPart(&Sources::test, sources, options.test);
  const auto validation =
      reader.ownPart(&Sources::validation, sources, options.validation);

  const Split outer = split(training->addresses(), shareOf(options.test),
                            training->isInTime(), seed, Site::Test);
  double share = shareOf(options.validation);
  // Of few samples the default share may be none.
  if (!validation && !options.validation &&
      heldOf(outer.kept, options.defaultValidation) > 0)
    share = options.defaultValidation;
  const Split inner =
      split(outer.kept, share, training->isInTime(), seed, Site::Validation);
  DataSet set;
  set.recipe.options = options.reading;
  training->learn(inner.kept, set.recipe);
  warnOfRest(set.recipe, warnings);
  set.training = reader.makePart(training, inner.kept, set.recipe);
  set.validation =
      validation
          ? reader.makePart(validation, validation->addresses(), set.recipe)
          : reader.makePart(training, inner.held, set.recipe);
  set.test = test ? reader.makePart(test, test->addresses(), set.recipe)
                  : reader.makePart(training, outer.held, set.recipe);
  return set;
}

Part readTestPart(const runtime::Interface &interface,
                  const DataSetOptions &options, const Recipe &recipe,
                  Warnings &warnings) {
  const DataSetReader reader(interface, options, warnings);
  Sources sources = reader.read(options.path);
  const std::shared_ptr<const Source> source =
      std::move(partFor(&Sources::test, sources));
  if (!source)
    throw Error(fmt::format("`{}` has no samples", options.path));
  std::vector<int64_t> addresses = source->addresses();
  if (addresses.empty())
    throw Error(fmt::format("`{}` has no sample with a target", options.path));
  if (const double share = shareOf(options.test); share > 0) {
    if (!source->isInTime())
      throw Error(fmt::format("`{}` is in no order of time, so that a share of "
                              "it may have been trained on: give the path of "
                              "what was not",
                              options.path));
    addresses = split(std::move(addresses), share, /*isInTime=*/true,
                      /*seed=*/0, Site::Test)
                    .held;
  }
  return reader.makePart(source, std::move(addresses), recipe);
}

SourcePtr readTestSource(const runtime::Interface &interface,
                         const DataSetOptions &options, Warnings &warnings) {
  const DataSetReader reader(interface, options, warnings);
  Sources sources = reader.read(options.path);
  return std::move(partFor(&Sources::test, sources));
}

} // namespace seqc::data
