//===- Predict.cpp - seqc predict -----------------------------------------===//
// What a trained model says of new texts, or of samples in files.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/DataOptions.h"
#include "compiler/Tools/seqc/TrainedModel.h"
#include "runtime/data/slots.h"
#include "runtime/data/texts.h"
#include "runtime/data/utf8.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <iostream>

namespace seqc::tool {
namespace {

using Json = nlohmann::ordered_json;

struct PredictCommand {
  std::string model;
  std::vector<std::string> texts;
  std::string data;
  CompileOptions compile;
  int32_t threads = 1;
  bool json = false;
};

/// What is predicted, and what to call it.
struct Asked {
  data::Samples samples;
  std::vector<std::string> names;
  /// Names are texts, which may be long.
  bool areTexts = false;
  std::vector<data::Scale> scales;
};

/// The model without what it only learns from.
runtime::Interface inputsOf(const runtime::Interface &interface) {
  runtime::Interface inputs = interface;
  std::erase_if(inputs.inputs,
                [](const runtime::InputSpec &input) { return input.isTarget; });
  return inputs;
}

std::vector<std::string> readLines() {
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);)
    lines.push_back(line);
  if (lines.empty())
    throw Error("standard input is empty: there is nothing to predict");
  return lines;
}

Asked askTexts(const TrainedModel &trained, std::vector<std::string> texts,
               data::Warnings &warnings) {
  const runtime::Interface inputs = inputsOf(trained.interface());
  data::Slots slots(inputs, "there are texts (`text`)");
  const runtime::InputSpec text =
      slots.take("text", data::takesText, "text: --data says where data is");
  slots.finish();
  std::vector<std::vector<int64_t>> numbers;
  for (std::string &each : texts) {
    bool isBroken = false;
    each = data::repaired(each, isBroken);
    const std::string place = fmt::format("text {}", numbers.size() + 1);
    if (isBroken)
      warnings.add("has bytes that are no valid UTF-8", place);
    numbers.push_back(
        data::numbersOf(each, text, trained.recipe(), place, warnings));
  }
  Asked asked;
  asked.samples.addTokens(text.name, numbers);
  asked.names = std::move(texts);
  asked.areTexts = true;
  return asked;
}

/// Of a series what comes next, of anything else all samples.
Asked askData(const TrainedModel &trained, const std::string &path,
              data::Warnings &warnings) {
  const data::DataOptions &reading = trained.recipe().options;
  const bool isSeries = reading.window > 0;
  data::DataSetOptions options;
  options.path = path;
  options.reading = reading;
  if (!isSeries)
    for (const runtime::InputSpec &input : trained.interface().inputs)
      if (input.isTarget)
        options.reading.columns.erase(input.name);
  const data::SourcePtr source = data::readTestSource(
      isSeries ? trained.interface() : inputsOf(trained.interface()), options,
      warnings);
  const std::vector<int64_t> addresses =
      isSeries ? source->future() : source->addresses();
  Asked asked;
  for (int64_t address : addresses)
    asked.names.push_back(source->place(address));
  asked.scales = source->targetScales(trained.recipe());
  asked.samples = source->samples(addresses, trained.recipe(), warnings);
  return asked;
}

/// Whether each step has a class, which the model has learnt to tell; what a
/// language model expects is one of its vocabulary's tokens.
bool areOfSteps(const fit::Prediction &prediction,
                const std::vector<std::string> &classes) {
  return !prediction.labels.empty() && !classes.empty();
}

Json toJson(const std::string &name, const fit::Prediction &prediction,
            const std::vector<std::string> &classes) {
  Json json = {{"input", name}};
  if (!prediction.label) {
    json["values"] = prediction.values;
    return json;
  }
  if (areOfSteps(prediction, classes)) {
    for (int64_t label : prediction.labels)
      json["classes"].push_back(className(label, classes));
    return json;
  }
  json["class"] = className(*prediction.label, classes);
  json["probability"] = prediction.probability;
  for (size_t i = 0; i < classes.size(); ++i)
    json["probabilities"][classes[i]] =
        i < prediction.probabilities.size() ? prediction.probabilities[i] : 0;
  return json;
}

/// Of a long text its beginning.
std::string shownName(const Asked &asked, size_t place) {
  constexpr size_t kShown = 60;
  const std::string &name = asked.names[place];
  return asked.areTexts ? data::shortened(name, kShown) : name;
}

std::string toText(const std::string &name, const fit::Prediction &prediction,
                   const std::vector<std::string> &classes) {
  if (!prediction.label)
    return fmt::format("{:.6g}  {}\n", fmt::join(prediction.values, " "), name);
  if (areOfSteps(prediction, classes))
    return fmt::format("{}  {}\n", classNames(prediction.labels, classes),
                       name);
  return fmt::format("{}  {:.3f}  {}\n", className(*prediction.label, classes),
                     prediction.probability, name);
}

void predictAsked(const PredictCommand &options) {
  const TrainedModel trained(options.model, options.compile);
  data::Warnings warnings;
  const Asked asked =
      !options.data.empty()
          ? askData(trained, options.data, warnings)
          : askTexts(trained,
                     options.texts.empty() ? readLines() : options.texts,
                     warnings);
  printWarnings(warnings);
  const Model model = trained.model();
  const fit::PredictionReader reader(trained.interface(), asked.scales);
  const std::vector<std::string> classes =
      trained.recipe().classesFor(reader.result().target);
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  const std::vector<fit::Prediction> predictions =
      predictAll(model, trained.interface(), reader, asked.samples, team.get());
  for (size_t i = 0; i < predictions.size(); ++i)
    print(options.json
              ? toJson(asked.names[i], predictions[i], classes)
                        .dump(-1, ' ', false, Json::error_handler_t::replace) +
                    "\n"
              : toText(shownName(asked, i), predictions[i], classes));
}

/// What stands behind the model. No option of CLI11's: that would take `[a, b]`
/// for two texts.
std::vector<std::string> textsOf(const CLI::App &command) {
  std::vector<std::string> texts = command.remaining();
  for (const std::string &text : texts)
    if (text.size() > 1 && text[0] == '-')
      throw Error(
          fmt::format("there is no option `{}`; a text that begins with "
                      "a dash is a line of standard input",
                      text));
  return texts;
}

} // namespace

void addPredict(CLI::App &app) {
  CLI::App *command =
      app.add_subcommand("predict", "what a trained model says of new data");
  auto options = std::make_shared<PredictCommand>();
  addTrainedModel(*command, options->model);
  command
      ->add_option(
          "--data", options->data,
          "data as the model was trained on, in place of texts: a line "
          "for each sample; of a series what comes next")
      ->type_name("PATH");
  command->add_option("--threads", options->threads, "how many threads work")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--json", options->json, "print a line of JSON for each");
  addCache(*command, options->compile);
  command->allow_extras();
  command->footer(
      "Behind MODEL stand texts; without any, the lines of standard "
      "input are. Prints the class and how probable it is, or "
      "numbers.\n\n"
      "Example:\n"
      "  seqc predict sentiment.safetensors \"A quiet wonder.\"");
  command->callback([options, command] {
    options->texts = textsOf(*command);
    if (!options->data.empty() && !options->texts.empty())
      throw Error("there are texts and --data: only one of them is predicted");
    predictAsked(*options);
  });
}

} // namespace seqc::tool
