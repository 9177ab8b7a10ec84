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
#include <iostream>

namespace seqc::tool {
namespace {

struct GenerateCommand {
  std::string model;
  std::string prompt;
  std::optional<std::string> given;
  int64_t tokens = 200, context = 0;
  fit::SamplerOptions sampling;
  CompileOptions compile;
  int32_t threads = 1;
};

void checkText(const std::string &text, const char *what,
               data::Tokenizer tokenizer) {
  bool isBroken = false;
  data::repaired(text, isBroken);
  if (isBroken && tokenizer != data::Tokenizer::Bytes)
    throw Error(fmt::format("{} has bytes that are no valid UTF-8", what));
}

/// Prints tokens as text, while they come.
class TextPrinter {
public:
  TextPrinter(data::Tokenizer tokenizer, const data::Vocabulary &vocabulary,
              bool isFirst = true)
      : tokenizer(tokenizer), vocabulary(vocabulary), isFirst(isFirst) {}

  void add(int64_t token) {
    print(data::spellingOf(
        tokenizer, vocabulary.tokens()[static_cast<size_t>(token)], isFirst));
    isFirst = false;
  }

private:
  data::Tokenizer tokenizer;
  const data::Vocabulary &vocabulary;
  bool isFirst;
};

/// Makes texts with one model.
class Generator {
public:
  Generator(const GenerateCommand &options, const TrainedModel &trained,
            const Model &model, TextModel kind, seqc_team *team)
      : options(options), recipe(trained.recipe()), kind(std::move(kind)),
        read(data::vocabularyOf(this->kind.text, recipe)),
        scored(data::vocabularyOf(this->kind.scored, recipe)),
        reader(model, this->kind, options.context, team),
        end(scored.numberOfSpecial(recipe.options.endToken)),
        sampler(sampling()) {}

  /// Prints the prompt and what comes behind it, with the text that is given,
  /// if the model takes one.
  void generate(const std::string &given);

private:
  fit::SamplerOptions sampling() const {
    fit::SamplerOptions sampling = options.sampling;
    sampling.special = scored.special();
    sampling.end = end;
    return sampling;
  }
  std::vector<int64_t> givenTokens(const std::string &given) const;
  std::vector<int64_t> promptTokens() const;
  /// Of a token that was drawn the number as the model reads it.
  int64_t asRead(int64_t token) const {
    return &read == &scored
               ? token
               : read.numberOf(scored.tokens()[static_cast<size_t>(token)]);
  }

  const GenerateCommand &options;
  const data::Recipe &recipe;
  TextModel kind;
  const data::Vocabulary &read, &scored;
  TextReader reader;
  std::optional<int64_t> end;
  fit::TokenSampler sampler;
};

std::vector<int64_t> Generator::givenTokens(const std::string &given) const {
  if (!kind.given)
    return {};
  checkText(given, "the text that is given", recipe.options.tokenizer);
  data::Warnings warnings;
  std::vector<int64_t> numbers = data::numbersOf(
      given, *kind.given, recipe, "the text that is given", warnings);
  printWarnings(warnings);
  return numbers;
}

/// The tokens of the prompt; without one, the token that is seen most, where
/// the model cannot begin with nothing.
std::vector<int64_t> Generator::promptTokens() const {
  data::Warnings warnings;
  std::vector<int64_t> numbers;
  for (const std::string &token : data::cut(options.prompt, recipe.options)) {
    numbers.push_back(read.numberOf(token));
    if (numbers.back() < read.special())
      warnings.add("is no token that the model knows", "`" + token + "`");
  }
  printWarnings(warnings);
  if (numbers.empty() && !reader.beginsWithNothing())
    numbers.push_back(std::min(read.special(), read.size() - 1));
  return numbers;
}

void Generator::generate(const std::string &given) {
  reader.begin(givenTokens(given));
  std::vector<int64_t> next = promptTokens();
  TextPrinter begun(recipe.options.tokenizer, read);
  for (int64_t token : next)
    begun.add(token);
  TextPrinter made(recipe.options.tokenizer, scored, next.empty());
  try {
    for (int64_t count = 0; count < options.tokens; ++count) {
      std::vector<float> scores = reader.read(next);
      // The model may have room for more tokens than the text had.
      scores.resize(std::min(scores.size(), scored.tokens().size()));
      const int64_t token = sampler.draw(scores);
      if (token == end)
        break;
      made.add(token);
      next = {asRead(token)};
    }
  } catch (const Error &error) {
    print("\n");
    throw Error(fmt::format("the text ends here: {}", error.what()));
  }
  print("\n");
}

void generate(const GenerateCommand &options) {
  const TrainedModel trained(options.model, options.compile);
  checkText(options.prompt, "the prompt", trained.recipe().options.tokenizer);
  const TextModel kind = textModelOf(trained.interface());
  if (!trained.recipe().classesFor(kind.scored.name).empty())
    throw Error(fmt::format("`{}` tells the class of each token (`{}`), and "
                            "not which one comes next",
                            trained.interface().model, kind.scored.name));
  if (!kind.given && options.given)
    throw Error(fmt::format("--given is a second text, and `{}` takes one",
                            trained.interface().model));
  const Model model = trained.model();
  const std::shared_ptr<seqc_team> team = makeTeam(options.threads);
  Generator generator(options, trained, model, kind, team.get());
  if (!kind.given || options.given)
    return generator.generate(options.given.value_or(""));
  bool isEmpty = true;
  for (std::string line; std::getline(std::cin, line); isEmpty = false)
    generator.generate(line);
  if (isEmpty)
    throw Error("standard input is empty: --given is the text to go by");
}

} // namespace

void addGenerate(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "generate", "go on with a text as a trained language model would");
  auto options = std::make_shared<GenerateCommand>();
  addTrainedModel(*command, options->model);
  command
      ->add_option("PROMPT", options->prompt,
                   "how the text begins (default: with nothing, or the token "
                   "that is seen most)")
      ->type_name("TEXT");
  command
      ->add_option("--given", options->given,
                   "the text that is answered or translated, of a model that "
                   "takes two (default: each line of standard input)")
      ->type_name("TEXT");
  command
      ->add_option("--tokens", options->tokens,
                   "how many tokens are made, at most (default: 200)")
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
                  "one, or each token by those before it. A text ends at the "
                  "token that `train --end-token` put behind each.\n\n"
                  "Examples:\n"
                  "  seqc generate plays.safetensors \"ROMEO:\" --tokens 500 "
                  "--temperature 0.8\n"
                  "  seqc generate french.safetensors --given \"I am cold.\" "
                  "--temperature 0");
  command->callback([options] { generate(*options); });
}

} // namespace seqc::tool
