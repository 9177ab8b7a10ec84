//===- Judging.cpp - How good a model is, and where it is wrong -----------===//
// Losses and answers of each sample, put together.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Judging.h"

#include "runtime/data/utf8.h"
#include "runtime/fit/batch_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace seqc::tool {
namespace {

constexpr size_t kWorst = 12;
constexpr size_t kExcerpt = 280;

/// Loss and metrics of all samples, and the loss of each.
struct Losses {
  runtime::Numbers means;
  std::vector<double> each;
};

Losses measure(Trainer &trainer, const data::Samples &samples, int64_t batch) {
  Losses losses;
  losses.each.resize(static_cast<size_t>(samples.count()));
  runtime::Measures total;
  for (const std::vector<int64_t> &rows :
       fit::batchesByLength(samples, batch)) {
    const runtime::TensorMap tensors = samples.batch(rows);
    const std::vector<runtime::Measures> found =
        trainer.measureEach(runtime::viewsOf(tensors));
    for (size_t i = 0; i < rows.size(); ++i) {
      losses.each[static_cast<size_t>(rows[i])] = found[i].front().mean();
      add(total, found[i]);
    }
  }
  losses.means = trainer.means(total);
  return losses;
}

class Judge {
public:
  Judge(const data::Recipe &recipe, const data::Part &part,
        const std::string &target, std::vector<fit::Prediction> predictions)
      : classes(recipe.classesFor(target)), part(part),
        predictions(std::move(predictions)) {
    if (!classes.empty())
      labels = part.samples.numbers(target).value_or(
          std::vector<std::vector<double>>());
  }

  fit::Confusion confusion() const;
  fit::Forecast forecast() const;
  std::vector<fit::WorstSample> worst(const std::vector<double> &losses) const;

private:
  std::optional<data::Outcome> outcome(size_t sample) const {
    return part.source->outcome(part.addresses[sample]);
  }

  /// Of the target; empty where it is no class.
  std::vector<std::string> classes;
  const data::Part &part;
  std::vector<fit::Prediction> predictions;
  /// Of what was said of a sample, the class or those of its steps.
  std::vector<int64_t> saidLabels(size_t sample) const;
  std::string truth(size_t sample) const;
  std::string answer(size_t sample) const;

  /// The class of each sample, or those of its steps; empty where there are
  /// none.
  std::vector<std::vector<double>> labels;
};

} // namespace

fit::Confusion Judge::confusion() const {
  fit::Confusion made;
  if (labels.empty())
    return made;
  const size_t count = classes.size();
  made.classes = classes;
  made.counts.assign(count, std::vector<int64_t>(count));
  for (size_t sample = 0; sample < labels.size(); ++sample) {
    const std::vector<int64_t> said = saidLabels(sample);
    for (size_t i = 0; i < std::min(said.size(), labels[sample].size()); ++i) {
      const auto is = static_cast<size_t>(labels[sample][i]);
      const auto taken = static_cast<size_t>(said[i]);
      if (is < count && taken < count)
        ++made.counts[is][taken];
    }
  }
  return made;
}

std::vector<int64_t> Judge::saidLabels(size_t sample) const {
  const fit::Prediction &said = predictions[sample];
  if (!said.labels.empty())
    return said.labels;
  return said.label ? std::vector{*said.label} : std::vector<int64_t>();
}

std::string Judge::truth(size_t sample) const {
  const std::vector<double> &all = labels[sample];
  return data::shortened(classNames({all.begin(), all.end()}, classes),
                         kExcerpt);
}

std::string Judge::answer(size_t sample) const {
  const fit::Prediction &said = predictions[sample];
  if (!said.labels.empty())
    return data::shortened(classNames(said.labels, classes), kExcerpt);
  return fmt::format("{} ({:.3f})", className(*said.label, classes),
                     said.probability);
}

fit::Forecast Judge::forecast() const {
  fit::Forecast made;
  double squares = 0, ofLast = 0;
  for (size_t i = 0; i < predictions.size(); ++i) {
    const std::optional<data::Outcome> came = outcome(i);
    if (!came || predictions[i].values.empty())
      continue;
    made.truth.push_back(came->truth);
    made.forecast.push_back(predictions[i].values.back());
    squares += std::pow(made.forecast.back() - came->truth, 2);
    ofLast += std::pow(came->last - came->truth, 2);
  }
  const auto count = static_cast<double>(made.truth.size());
  made.rmse = count == 0 ? 0 : std::sqrt(squares / count);
  made.persistence = count == 0 ? 0 : std::sqrt(ofLast / count);
  return made;
}

std::vector<fit::WorstSample>
Judge::worst(const std::vector<double> &losses) const {
  std::vector<size_t> order(losses.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t count = std::min(kWorst, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
      order.end(), [&](size_t a, size_t b) {
        return losses[a] != losses[b] ? losses[a] > losses[b] : a < b;
      });
  std::vector<fit::WorstSample> made;
  for (size_t sample : std::vector(order.begin(), order.begin() + count)) {
    fit::WorstSample &worst = made.emplace_back();
    const fit::Prediction &said = predictions[sample];
    worst.place = part.source->place(part.addresses[sample]);
    worst.excerpt =
        data::shortened(part.source->excerpt(part.addresses[sample]), kExcerpt);
    worst.loss = losses[sample];
    if (!labels.empty() && said.label) {
      worst.truth = truth(sample);
      worst.answer = answer(sample);
    } else if (const auto came = outcome(sample)) {
      worst.truth = fmt::format("{:.4g}", came->truth);
      worst.answer = fmt::format("{:.4g}", said.values.back());
    }
  }
  return made;
}

Judgement judge(Trainer &trainer, const Model &model,
                const runtime::Interface &interface, const data::Recipe &recipe,
                const data::Part &part, int64_t batch, seqc_team *team) {
  const fit::PredictionReader reader(interface,
                                     part.source->targetScales(recipe));
  const Losses losses = measure(trainer, part.samples, batch);
  const Judge judge(recipe, part, reader.result().target,
                    predictAll(model, interface, reader, part.samples, team));
  return {losses.means, judge.confusion(), judge.forecast(),
          judge.worst(losses.each)};
}

std::string toText(const fit::Forecast &forecast) {
  return forecast.truth.empty()
             ? std::string()
             : fmt::format("; in the data's units rmse {:.4g} (persistence "
                           "{:.4g})",
                           forecast.rmse, forecast.persistence);
}

} // namespace seqc::tool
