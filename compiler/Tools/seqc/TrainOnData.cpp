//===- TrainOnData.cpp - seqc train --data --------------------------------===//
// Data decides dimensions, so it is read before the model is compiled.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/TrainOnData.h"

#include "compiler/Driver/Interface.h"
#include "compiler/Driver/Training.h"
#include "compiler/Tools/seqc/Interrupts.h"
#include "compiler/Tools/seqc/Judging.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "compiler/Tools/seqc/ProgressLines.h"
#include "compiler/Tools/seqc/ReportRecorder.h"
#include "runtime/fit/model_file.h"
#include "runtime/services/atomic_file.h"

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

/// In the current folder, after the model's text. What is there stays there,
/// but for a training that goes on.
std::string defaultOut(const std::string &model, const std::string &resume) {
  const std::string path =
      std::filesystem::path(model).stem().string() + ".safetensors";
  std::error_code error;
  if (std::filesystem::equivalent(resume, fit::checkpointPath(path), error) &&
      !error)
    return path;
  for (const std::string &each :
       {path, fit::lastPath(path), fit::checkpointPath(path)})
    if (std::filesystem::exists(each, error))
      throw Error(fmt::format("`{}` is there already: --out says where the "
                              "model goes, and may be the same file",
                              each));
  return path;
}

void checkFiles(const TrainingOptions &training, const DataTraining &options,
                const SourceText &source) {
  std::vector<GivenPath> given = {
      {"FILE", training.model.file},
      {"--weights", training.weights},
      {"--data", options.data},
      {"--valid", options.validation ? options.validation->path : ""},
      {"--test", options.test ? options.test->path : ""},
      {"--vocabulary", options.reading.options.vocabularyFile}};
  const std::filesystem::path folder =
      std::filesystem::path(source.name).parent_path();
  for (const auto &[path, text] : *source.imports)
    given.push_back({"an imported file", (folder / path).string()});
  const std::string &out = options.fit.out;
  checkOutputs({{"--out", out},
                {"the last model of --out", fit::lastPath(out)},
                {"the checkpoint of --out", fit::checkpointPath(out)},
                {"--log", options.log},
                {"--report", options.report}},
               given);
  checkOutputs({{"--out", out},
                {"the last model of --out", fit::lastPath(out)},
                {"--log", options.log},
                {"--report", options.report}},
               {{"--resume", options.resume}});
}

data::DataSet readData(const runtime::Interface &interface,
                       const DataTraining &options, int64_t seed) {
  data::DataSetOptions reading;
  reading.path = options.data;
  reading.reading = options.reading.get();
  reading.test = options.test;
  reading.validation = options.validation;
  reading.defaultValidation = kValidationShare;
  data::Warnings warnings;
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
  command
      .add_option("--report", report,
                  "a page with curves, with how the test part is judged, and "
                  "where the model is most wrong")
      ->type_name("FILE.html");
}

namespace {

/// One training on its way from data to files.
class Run {
public:
  Run(const TrainingOptions &training, DataTraining options)
      : training(training), options(std::move(options)) {}

  void run();

private:
  void prepare();
  void describeModel();
  void finish(Trainer &trainer, const fit::FitResult &result,
              fit::Report report);
  void writeReport(const Judgement &judgement, const char *part,
                   const fit::FitResult &result, fit::Report report) const;

  TrainingOptions training;
  DataTraining options;
  SourceText source;
  runtime::Interface interface;
  data::DataSet set;
};

} // namespace

/// Reads the data, which decides what dimensions are left.
void Run::prepare() {
  source = withImports(readSource(training.model.file));
  interface = readInterface(source, training.model.compile);
  if (options.fit.out.empty())
    options.fit.out = defaultOut(training.model.file, options.resume);
  checkFiles(training, options, source);
  if (!options.resume.empty())
    training.train.seed = Trainer::seedOf(options.resume);
  set = readData(interface, options, training.train.seed);
  const std::vector<std::string> decided =
      data::settingsFor(interface, set.recipe, set.training.samples);
  std::vector<std::string> &settings = training.model.compile.settings;
  settings.insert(settings.end(), decided.begin(), decided.end());
  print(describe(set, decided));
  if (options.fit.patience > 0 && !set.validation)
    throw Error("--patience waits for a better validation loss, and nothing is "
                "held out for validation");
}

/// Into each file that is written.
void Run::describeModel() {
  fit::ModelDescription description;
  description.text.file = fileName(source.name);
  description.text.source = source.text;
  description.text.imports = *source.imports;
  description.text.settings = training.model.compile.settings;
  description.text.model = interface.model;
  description.text.precision =
      kPrecisionNames[static_cast<size_t>(training.model.compile.precision)];
  description.recipe = set.recipe;
  options.fit.metadata = fit::toMetadata(description);
}

void Run::writeReport(const Judgement &judgement, const char *part,
                      const fit::FitResult &result, fit::Report report) const {
  report.title = fmt::format("{}: {}", interface.model, fileName(options.data));
  report.facts = {
      {"model",
       fmt::format("{} of {}", interface.model, fileName(source.name))},
      {"dimensions",
       fmt::format("{}", fmt::join(training.model.compile.settings, ", "))},
      {"training",
       fmt::format("{} samples in batches of {}", set.training.samples.count(),
                   options.fit.batch)},
      {"held out",
       fmt::format("{} for validation, {} for the test",
                   set.validation.samples.count(), set.test.samples.count())},
      {"seed", fmt::format("{}", training.train.seed)},
      {"best epoch",
       fmt::format("{} of {}", result.best, result.epochs.size())}};
  std::erase_if(report.facts,
                [](const auto &fact) { return fact.second.empty(); });
  report.fit = result;
  report.part = part;
  report.measures = judgement.means;
  report.confusion = judgement.confusion;
  report.forecast = judgement.forecast;
  report.worst = judgement.worst;
  runtime::writeFileAtomically(options.report, {fit::toHtml(report)});
}

/// What the best epoch is worth, by the part that was kept for it.
void Run::finish(Trainer &trainer, const fit::FitResult &result,
                 fit::Report report) {
  const data::Part *judged = set.test         ? &set.test
                             : set.validation ? &set.validation
                                              : nullptr;
  Judgement judgement;
  if (judged && (set.test || !options.report.empty())) {
    CompileOptions compile = training.model.compile;
    Model model = Model::fromSource(source, compile);
    model.setWeights(trainer.weights());
    const std::shared_ptr<seqc_team> team = makeTeam(training.train.threads);
    judgement = judge(trainer, model, interface, set.recipe, *judged,
                      options.fit.batch, team.get());
  }
  if (set.test)
    print(fmt::format("test {}{}\n", toText(judgement.means),
                      toText(judgement.forecast)));
  if (!options.report.empty())
    writeReport(judgement, set.test ? "test" : "validation", result,
                std::move(report));
}

void Run::run() {
  prepare();
  describeModel();
  Trainer trainer =
      training.start(compileTraining(source, training.model.compile));
  fit::FitResult result;
  ReportRecorder recorder;
  {
    const Interrupts interrupts;
    options.fit.stop = &Interrupts::wasAsked();
    ProgressLines lines(options.fit.epochs, options.log,
                        /*isResumed=*/!options.resume.empty());
    Listeners listeners({&lines, &recorder});
    result = fit::fit(trainer, set.training.samples,
                      set.validation ? &set.validation.samples : nullptr,
                      options.fit, listeners, options.resume);
  }
  print(describe(result, options.fit.out));
  if (result.ending == fit::Ending::Stopped)
    throw CLI::RuntimeError(kInterrupted);
  finish(trainer, result, recorder.take());
}

void trainOnData(const TrainingOptions &training, DataTraining options) {
  Run(training, std::move(options)).run();
}

} // namespace seqc::tool
