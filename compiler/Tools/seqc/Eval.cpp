//===- Eval.cpp - seqc eval -----------------------------------------------===//
// Loss and metrics of a trained model on data that it has not seen.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/DataOptions.h"
#include "compiler/Tools/seqc/Judging.h"
#include "compiler/Tools/seqc/ProgressLines.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace seqc::tool {
namespace {

struct EvalCommand {
  std::string model;
  CompileOptions compile;
  data::DataSetOptions data;
  int64_t batch = 32;
  int32_t threads = 1;
  bool json = false;
};

std::string toJson(int64_t samples, const Judgement &judgement) {
  nlohmann::ordered_json json = {{"samples", samples}};
  for (const auto &[name, value] : judgement.means)
    json[name] = value;
  if (!judgement.forecast.truth.empty())
    json["forecast"] = {{"rmse", judgement.forecast.rmse},
                        {"persistence", judgement.forecast.persistence}};
  if (!judgement.confusion.classes.empty())
    json["confusion"] = {{"classes", judgement.confusion.classes},
                         {"counts", judgement.confusion.counts}};
  return json.dump() + "\n";
}

void evaluate(EvalCommand &options) {
  const TrainedModel trained(options.model, options.compile);
  options.data.reading = trained.recipe().options;
  data::Warnings warnings;
  const data::Part part = data::readTestPart(trained.interface(), options.data,
                                             trained.recipe(), warnings);
  printWarnings(warnings);
  Trainer trainer = trained.trainer(options.threads);
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  const Judgement judgement =
      judge(trainer, trained.model(), trained.interface(), trained.recipe(),
            part, options.batch, team.get());
  const int64_t samples = part.samples.count();
  print(options.json
            ? toJson(samples, judgement)
            : fmt::format("{} samples: {}{}\n", samples,
                          toText(judgement.means), toText(judgement.forecast)));
}

} // namespace

void addEval(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "eval", "judge a trained model by data that it has not seen");
  auto options = std::make_shared<EvalCommand>();
  addTrainedModel(*command, options->model);
  command
      ->add_option("--data", options->data.path,
                   "data as it was trained on; of a tree with parts the one "
                   "called `test`")
      ->type_name("PATH")
      ->required();
  command
      ->add_option_function<std::string>(
          "--test",
          [options](const std::string &text) {
            options->data.test = parseHeldOut(text);
            if (!options->data.test->path.empty())
              throw CLI::ValidationError("--test is a share of --data here");
          },
          "of a series or a long text only so much of the end")
      ->type_name("SHARE");
  command->add_option("--batch", options->batch, "samples of a batch")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  command->add_option("--threads", options->threads, "how many threads work")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--json", options->json, "print JSON");
  addCache(*command, options->compile);
  command->footer("Example:\n"
                  "  seqc eval sentiment.safetensors --data aclImdb");
  command->callback([options] { evaluate(*options); });
}

} // namespace seqc::tool
