//===- Generate.cpp - seqc generate ---------------------------------------===//
// Goes on with a text as a trained language model expects it to go on.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/DataOptions.h"
#include "compiler/Tools/seqc/TextReader.h"
#include "compiler/Tools/seqc/TrainedModel.h"
#include "runtime/data/texts.h"
#include "runtime/data/utf8.h"
#include "runtime/fit/token_sampler.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqc::tool {
namespace {

struct GenerateCommand {
  std::string model;
  std::string prompt;
  int64_t tokens = 200, context = 0;
  fit::SamplerOptions sampling;
  CompileOptions compile;
  int32_t threads = 1;
};

/// The tokens of the prompt; without one, the token that is seen most.
std::vector<int64_t> promptTokens(const GenerateCommand &options,
                                  const data::Recipe &recipe,
                                  const data::Vocabulary &vocabulary) {
  data::Warnings warnings;
  std::vector<int64_t> numbers;
  for (const std::string &token :
       data::tokensOf(recipe.options.tokenizer, options.prompt)) {
    numbers.push_back(vocabulary.numberOf(token));
    if (numbers.back() < vocabulary.special())
      warnings.add("is no token that the model knows", "`" + token + "`");
  }
  printWarnings(warnings);
  if (numbers.empty())
    numbers.push_back(std::min(vocabulary.special(), vocabulary.size() - 1));
  return numbers;
}

/// Prints tokens as text, while they come.
class TextPrinter {
public:
  TextPrinter(data::Tokenizer tokenizer, const data::Vocabulary &vocabulary)
      : tokenizer(tokenizer), vocabulary(vocabulary) {}

  void add(int64_t token) {
    print(data::spellingOf(
        tokenizer, vocabulary.tokens()[static_cast<size_t>(token)], isFirst));
    isFirst = false;
  }

private:
  data::Tokenizer tokenizer;
  const data::Vocabulary &vocabulary;
  bool isFirst = true;
};

void checkPrompt(const std::string &prompt, data::Tokenizer tokenizer) {
  bool isBroken = false;
  data::repaired(prompt, isBroken);
  if (isBroken && tokenizer != data::Tokenizer::Bytes)
    throw Error("the prompt has bytes that are no valid UTF-8");
}

void generate(const GenerateCommand &options) {
  const TrainedModel trained(options.model, options.compile);
  checkPrompt(options.prompt, trained.recipe().options.tokenizer);
  const Model model = trained.model();
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  TextReader reader(model, trained.interface(), options.context, team.get());
  const data::Vocabulary &vocabulary =
      data::vocabularyOf(reader.text(), trained.recipe());
  const std::vector<int64_t> prompt =
      promptTokens(options, trained.recipe(), vocabulary);

  fit::SamplerOptions sampling = options.sampling;
  sampling.special = vocabulary.special();
  fit::TokenSampler sampler(sampling);
  TextPrinter printer(trained.recipe().options.tokenizer, vocabulary);
  for (int64_t token : prompt)
    printer.add(token);
  std::vector<int64_t> read = prompt;
  try {
    for (int64_t made = 0; made < options.tokens; ++made) {
      std::vector<float> scores = reader.read(read);
      // The model may have room for more tokens than the text had.
      scores.resize(std::min(scores.size(), vocabulary.tokens().size()));
      read = {sampler.draw(scores)};
      printer.add(read.front());
    }
  } catch (const Error &error) {
    print("\n");
    throw Error(fmt::format("the text ends here: {}", error.what()));
  }
  print("\n");
}

} // namespace

void addGenerate(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "generate", "go on with a text as a trained language model would");
  auto options = std::make_shared<GenerateCommand>();
  addTrainedModel(*command, options->model);
  command
      ->add_option("PROMPT", options->prompt,
                   "how the text begins (default: with the token that is seen "
                   "most)")
      ->type_name("TEXT");
  command
      ->add_option("--tokens", options->tokens,
                   "how many tokens are made (default: 200)")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  command
      ->add_option("--temperature", options->sampling.temperature,
                   "below 1 likely tokens become likelier; 0 takes the "
                   "likeliest each time (default: 1)")
      ->type_name("NUMBER")
      ->check(CLI::Range(0.0, 100.0));
  command
      ->add_option("--top", options->sampling.most,
                   "draw from so many of the likeliest tokens (default: all)")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  command
      ->add_option("--context", options->context,
                   "tokens that a model sees whose states do not say what it "
                   "has read (default: all)")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  command
      ->add_option("--seed", options->sampling.seed,
                   "of what is drawn (default: 0)")
      ->check(fits64Bits());
  command->add_option("--threads", options->threads, "how many threads work")
      ->check(CLI::Range(1, 1024));
  addCache(*command, options->compile);
  command->footer("Of a model that takes a text and scores each token's next "
                  "one.\n\n"
                  "Example:\n"
                  "  seqc generate plays.safetensors \"ROMEO:\" --tokens 500 "
                  "--temperature 0.8");
  command->callback([options] { generate(*options); });
}

} // namespace seqc::tool
