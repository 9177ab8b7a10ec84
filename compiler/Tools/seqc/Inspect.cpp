//===- Inspect.cpp - seqc inspect -----------------------------------------===//
// Looks into a model: how far back its loss is felt.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Interface.h"
#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/DataOptions.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "compiler/Tools/seqc/TrainedModel.h"
#include "runtime/core/random.h"
#include "runtime/fit/batch_loader.h"
#include "runtime/fit/gradient_flow.h"
#include "runtime/fit/plot.h"
#include "runtime/services/atomic_file.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace seqc::tool {
namespace {

struct InspectCommand {
  std::vector<std::string> files;
  CompileOptions compile;
  std::vector<std::string> models;
  std::string data;
  std::vector<std::string> states;
  std::string out;
  int64_t batch = 32;
  int64_t length = 100;
  int64_t seed = 0;
  bool gradientFlow = false;
};

/// A model's gradients by its states, and what to call it.
struct Inspected {
  std::string name, file;
  StateGradients gradients;
  runtime::TensorMap batch;
};

bool isTrained(const std::string &file) {
  return !file.ends_with(".seq") && !file.ends_with(".mlir");
}

/// Made-up values of an input: normal numbers, tokens of equal chance.
class MadeUp {
public:
  MadeUp(int64_t seed, int64_t batch, int64_t length)
      : seed(seed), batch(batch), length(length) {}

  runtime::Tensor of(const runtime::InputSpec &input, uint32_t site) const {
    runtime::Shape shape = {batch};
    for (const runtime::SizeSpec &axis : input.axes)
      shape.push_back(axis.isLength ? length : sizeOf(axis, input));
    runtime::Tensor tensor(input.element, shape,
                           runtime::quoteName(input.name));
    const runtime::Stream stream(static_cast<uint64_t>(seed), 0, site,
                                 runtime::Purpose::Order);
    for (int64_t i = 0; i < tensor.size(); ++i) {
      const auto place = static_cast<uint64_t>(i);
      if (input.element == runtime::ElementType::F32)
        tensor.data<float>()[i] = static_cast<float>(stream.normal(place));
      else if (input.element == runtime::ElementType::Token)
        tensor.data<int64_t>()[i] =
            stream.bits(place) %
            static_cast<uint64_t>(sizeOf(input.tokens, input));
      else
        tensor.data<bool>()[i] = stream.bits(place) % 2 == 1;
    }
    return tensor;
  }

private:
  static int64_t sizeOf(const runtime::SizeSpec &size,
                        const runtime::InputSpec &input) {
    if (!size.value || *size.value < 1)
      throw Error(fmt::format("the size {} of {} has no value: --set gives it "
                              "one",
                              runtime::quoteName(size.text),
                              runtime::quoteName(input.name)));
    return *size.value;
  }

  int64_t seed, batch, length;
};

runtime::TensorMap makeUp(const runtime::Interface &interface,
                          const InspectCommand &options) {
  const MadeUp made(options.seed, options.batch, options.length);
  runtime::TensorMap batch;
  for (const runtime::InputSpec &input : interface.inputs)
    batch.emplace(input.name,
                  made.of(input, static_cast<uint32_t>(batch.size())));
  return batch;
}

/// With its first weights, on made-up data.
Inspected inspectText(const InspectCommand &options, const std::string &file,
                      const std::string &model) {
  CompileOptions compile = options.compile;
  compile.model = model;
  const SourceText source = readSource(file);
  const runtime::Interface interface = readInterface(source, compile);
  StateGradients gradients = StateGradients::fromSource(source, compile);
  gradients.initializeWeights(options.seed);
  return {interface.model, file, std::move(gradients),
          makeUp(interface, options)};
}

/// With what it has learnt, on the data that is named.
Inspected inspectTrained(const InspectCommand &options,
                         const std::string &file) {
  const TrainedModel trained(file, options.compile);
  if (options.data.empty())
    return {trained.interface().model, file, trained.stateGradients(),
            makeUp(trained.interface(), options)};
  data::DataSetOptions reading;
  reading.path = options.data;
  reading.reading = trained.recipe().options;
  data::Warnings warnings;
  const data::Part part = data::readTestPart(trained.interface(), reading,
                                             trained.recipe(), warnings);
  printWarnings(warnings);
  return {trained.interface().model, file, trained.stateGradients(),
          part.samples.batch(
              fit::batchesByLength(part.samples, options.batch).front())};
}

/// Adds a line for each state, or for those that are asked for; these are then
/// in `found`.
void addLines(const Inspected &inspected,
              const std::vector<std::string> &states, bool hasSeveral,
              fit::Plot &plot, std::set<std::string> &found) {
  std::string known;
  bool isFound = false;
  for (const auto &[name, of] :
       inspected.gradients.run(runtime::viewsOf(inspected.batch))) {
    known += (known.empty() ? "" : ", ") + runtime::quoteName(name);
    if (!states.empty() &&
        std::find(states.begin(), states.end(), name) == states.end())
      continue;
    isFound = true;
    found.insert(name);
    const std::vector<double> flow =
        fit::gradientFlow(of.gradient, of.lengths, of.isBackward);
    fit::PlotLine line;
    line.name = hasSeveral ? inspected.name + " " + name : name;
    line.colour = static_cast<int>(plot.lines.size() % 6);
    for (size_t back = 0; back < flow.size(); ++back)
      line.points.emplace_back(back, flow[back]);
    plot.lines.push_back(std::move(line));
  }
  if (!isFound)
    throw Error(
        known.empty()
            ? fmt::format("the model {} has no recurrence over a length",
                          runtime::quoteName(inspected.name))
            : fmt::format("the model {} has no state `{}`: it has {}",
                          runtime::quoteName(inspected.name),
                          fmt::join(states, "` and no `"), known));
}

/// `rnn.h_l0: 1.2 at the last step, 3.4e-09 100 steps before`.
std::string describe(const fit::PlotLine &line) {
  return fmt::format("{}: {:.3g} at the last step, {:.3g} {} steps before\n",
                     line.name, line.points.front().second,
                     line.points.back().second, line.points.size() - 1);
}

/// Gives models of one name, as one that was trained twice, names of their own:
/// their files', or numbers.
void tellApart(std::vector<Inspected> &all) {
  std::map<std::string, int64_t> count, next;
  for (const Inspected &each : all)
    ++count[each.name];
  for (Inspected &each : all)
    if (count[each.name] > 1)
      each.name += fmt::format(
          " ({})", std::filesystem::path(each.file).stem().string());
  for (Inspected &each : all)
    if (const int64_t number = ++next[each.name]; number > 1)
      each.name += fmt::format(" {}", number);
}

/// One model for each trained file, and for each that is asked for of a text.
std::vector<Inspected> inspectAll(const InspectCommand &options) {
  std::vector<Inspected> all;
  for (const std::string &file : options.files) {
    if (isTrained(file))
      all.push_back(inspectTrained(options, file));
    else if (options.models.empty())
      all.push_back(inspectText(options, file, ""));
    else
      for (const std::string &model : options.models)
        all.push_back(inspectText(options, file, model));
  }
  tellApart(all);
  return all;
}

void inspect(const InspectCommand &options) {
  std::vector<GivenPath> given = {{"--data", options.data}};
  for (const std::string &file : options.files)
    given.push_back({"MODEL", file});
  checkOutputs({{"--out", options.out}}, given);
  fit::Plot plot = {
      "Gradient of the loss by a state, by how long before the end",
      "steps back",
      "norm",
      {}};
  plot.isLogarithmic = true;
  const std::vector<Inspected> all = inspectAll(options);
  std::set<std::string> found;
  for (const Inspected &each : all)
    addLines(each, options.states, all.size() > 1, plot, found);
  for (const std::string &state : options.states)
    if (!found.count(state))
      throw Error(
          fmt::format("no model has a state {}", runtime::quoteName(state)));
  for (const fit::PlotLine &line : plot.lines)
    print(describe(line));
  if (!options.out.empty())
    runtime::writeFileAtomically(options.out, {fit::toSvgFile(plot)});
}

} // namespace

void addInspect(CLI::App &app) {
  CLI::App *command = app.add_subcommand("inspect", "look into a model");
  auto options = std::make_shared<InspectCommand>();
  command
      ->add_option(
          "MODEL", options->files,
          "a .seq file, with its first weights and on made-up data; or "
          "what `seqc train --data` wrote; several make one picture")
      ->required();
  command
      ->add_flag("--gradient-flow", options->gradientFlow,
                 "the norm of the loss's gradient by each recurrence's states, "
                 "by how many steps they are before the end: how far back the "
                 "model can learn from")
      ->required();
  command
      ->add_option("--model", options->models,
                   "which model of a .seq file; may be repeated, for one "
                   "picture of several (default: the last)")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--state", options->states,
                   "only this state, as `encoder.h_l0`; may be repeated "
                   "(default: all)")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--set", options->compile.settings,
                   "the value of a dimension of a .seq file")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--data", options->data,
                   "data as the model was trained on, in place of made-up")
      ->type_name("PATH");
  command->add_option("--out", options->out, "where the picture goes")
      ->type_name("FILE.svg");
  const CLI::Range positive(int64_t{1}, int64_t{1} << 20);
  command->add_option("--batch", options->batch, "samples (default: 32)")
      ->check(positive);
  command
      ->add_option("--length", options->length,
                   "steps of made-up data (default: 100)")
      ->check(positive);
  command
      ->add_option("--seed", options->seed, "of first weights and made-up data")
      ->check(fits64Bits());
  addCache(*command, options->compile);
  command->footer("Example:\n"
                  "  seqc inspect examples/gradient_flow/memory.seq "
                  "--gradient-flow --model RNNMemory --model LSTMMemory "
                  "--out flow.svg\n"
                  "  seqc inspect first.safetensors second.safetensors "
                  "--gradient-flow --data aclImdb --out flow.svg");
  command->callback([options] { inspect(*options); });
}

} // namespace seqc::tool
