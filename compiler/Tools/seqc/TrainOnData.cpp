//===- TrainOnData.cpp - seqc train --data --------------------------------===//
// Data decides dimensions, so it is read before the model is compiled.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/TrainOnData.h"

#include "compiler/Driver/Interface.h"
#include "compiler/Driver/Training.h"
#include "compiler/Tools/seqc/Interrupts.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "compiler/Tools/seqc/ProgressLines.h"
#include "runtime/fit/model_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

namespace seqc::tool {
namespace {

/// Held out of the training part where nobody says otherwise.
constexpr double kValidationShare = 0.1;
/// How a process ends that was interrupted.
constexpr int kInterrupted = 130;

std::string fileName(const std::string &path) {
  return std::filesystem::path(path).filename().string();
}

/// In the current folder, after the model's text. What is there stays there.
std::string defaultOut(const std::string &model) {
  const std::string path =
      std::filesystem::path(model).stem().string() + ".safetensors";
  std::error_code error;
  if (std::filesystem::exists(path, error))
    throw Error(fmt::format("`{}` is there already: --out says where the model "
                            "goes, and may be the same file",
                            path));
  return path;
}

void checkFiles(const TrainingOptions &training, const DataTraining &options) {
  const std::vector<GivenPath> given = {{"FILE", training.model.file},
                                        {"--weights", training.weights},
                                        {"--data", options.data},
                                        {"--test", options.test.path}};
  const std::string &out = options.fit.out;
  checkOutputs({{"--out", out},
                {"the last model of --out", fit::lastPath(out)},
                {"the checkpoint of --out", fit::checkpointPath(out)},
                {"--log", options.log}},
               given);
  checkOutputs({{"--out", out},
                {"the last model of --out", fit::lastPath(out)},
                {"--log", options.log}},
               {{"--resume", options.resume}});
}

data::DataSetOptions dataSetOptions(const DataTraining &options) {
  data::DataSetOptions made;
  made.path = options.data;
  made.reading = options.reading.get();
  made.test = options.test;
  made.validation = options.validation.value_or(data::HeldOut());
  return made;
}

/// A share of its own where the data has no such part.
data::DataSet readData(const runtime::Interface &interface,
                       const DataTraining &options, int64_t seed) {
  data::Warnings warnings;
  data::DataSetOptions reading = dataSetOptions(options);
  reading.defaultValidation = options.validation ? 0 : kValidationShare;
  data::DataSet set = data::readDataSet(interface, reading, seed, warnings);
  printWarnings(warnings);
  return set;
}

std::string describe(const data::DataSet &set,
                     const std::vector<std::string> &decided) {
  std::string text = fmt::format("{} samples", set.training.samples.count());
  if (set.validation)
    text += fmt::format(", {} for validation", set.validation.samples.count());
  if (set.test)
    text += fmt::format(", {} for the test", set.test.samples.count());
  if (!decided.empty())
    text += fmt::format("; {}", fmt::join(decided, ", "));
  return text + "\n";
}

std::string describe(const fit::FitResult &result, const std::string &out) {
  switch (result.ending) {
  case fit::Ending::Complete:
    return fmt::format("the best of {} epochs is {}: `{}`\n",
                       result.epochs.size(), result.best, out);
  case fit::Ending::Early:
    return fmt::format("stopped early: the best of {} epochs is {}: `{}`\n",
                       result.epochs.size(), result.best, out);
  case fit::Ending::Stopped:
    return fmt::format("interrupted: the same command with `--resume {}` goes "
                       "on from here\n",
                       fit::checkpointPath(out));
  }
  return "";
}

} // namespace

void DataTraining::addTo(CLI::App &command) {
  command
      .add_option("--data", data,
                  "what to learn from: a folder or archive of texts by class, "
                  "a table (.csv, .tsv), series (.ts), a long text (.txt)")
      ->type_name("PATH");
  reading.addTo(command);
  command
      .add_option_function<std::string>(
          "--valid",
          [this](const std::string &text) { validation = parseHeldOut(text); },
          "what each epoch is judged by: a share of --data or a path; 0 for "
          "nothing (default: the data's own part, or 0.1)")
      ->type_name("SHARE|PATH");
  command
      .add_option_function<std::string>(
          "--test",
          [this](const std::string &text) { test = parseHeldOut(text); },
          "what the best epoch is judged by in the end: a share of --data or "
          "a path (default: the data's own part, if there is one)")
      ->type_name("SHARE|PATH");
  const CLI::Range positive(int64_t{1}, int64_t{1} << 31);
  command.add_option("--epochs", fit.epochs, "how many epochs (default: 5)")
      ->check(positive);
  command
      .add_option("--patience", fit.patience,
                  "stop after so many epochs without a better validation loss")
      ->check(positive);
  command
      .add_option("--checkpoint-every", fit.checkpointBatches,
                  "batches between checkpoints (default: 500); there is one "
                  "after each epoch in any case")
      ->check(positive);
  command.add_option("--log", log, "a line of JSON for each batch and epoch")
      ->type_name("FILE.jsonl");
}

void trainOnData(const TrainingOptions &training, DataTraining options) {
  const SourceText source = withImports(readSource(training.model.file));
  const runtime::Interface interface =
      readInterface(source, training.model.compile);
  if (options.fit.out.empty())
    options.fit.out = defaultOut(training.model.file);
  checkFiles(training, options);
  const int64_t seed = options.resume.empty() ? training.train.seed
                                              : Trainer::seedOf(options.resume);
  const data::DataSet set = readData(interface, options, seed);

  TrainingOptions decided = training;
  const std::vector<std::string> settings =
      data::settingsFor(interface, set.recipe, set.training.samples);
  decided.model.compile.settings.insert(decided.model.compile.settings.end(),
                                        settings.begin(), settings.end());
  print(describe(set, settings));
  fit::ModelDescription description;
  description.text.file = fileName(source.name);
  description.text.source = source.text;
  description.text.imports = *source.imports;
  description.text.settings = decided.model.compile.settings;
  description.text.model = interface.model;
  description.text.precision =
      kPrecisionNames[static_cast<size_t>(decided.model.compile.precision)];
  description.recipe = set.recipe;
  options.fit.metadata = fit::toMetadata(description);

  Trainer trainer =
      decided.start(compileTraining(source, decided.model.compile));
  const Interrupts interrupts;
  options.fit.stop = &Interrupts::wasAsked();
  fit::FitResult result;
  {
    ProgressLines lines(options.fit.epochs, options.log);
    result = fit::fit(trainer, set.training.samples,
                      set.validation ? &set.validation.samples : nullptr,
                      options.fit, lines, options.resume);
  }
  print(describe(result, options.fit.out));
  if (result.ending == fit::Ending::Stopped)
    throw CLI::RuntimeError(kInterrupted);
  if (set.test)
    print("test " +
          toText(fit::measure(trainer, set.test.samples, options.fit.batch)) +
          "\n");
}

} // namespace seqc::tool
