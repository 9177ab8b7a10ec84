//===- TextReader.cpp - What a language model expects next ----------------===//
// Calls with the states of the call before, or with the whole text.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/TextReader.h"

#include "runtime/data/slots.h"
#include "runtime/fit/prediction.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace seqc::tool {

using runtime::Error;
using runtime::InputSpec;
using runtime::Interface;
using runtime::ResultSpec;

//===----------------------------------------------------------------------===//
// What a model takes and gives
//===----------------------------------------------------------------------===//

/// The model's inputs, if they are one text or two; its targets do not matter.
static std::vector<InputSpec> textsOf(const Interface &interface) {
  std::vector<InputSpec> texts;
  for (const InputSpec &input : interface.inputs) {
    if (input.isTarget)
      continue;
    if (!data::takesText(input) || texts.size() == 2)
      return {};
    texts.push_back(input);
  }
  return texts;
}

/// Whose tokens a result scores at each position of a text: its own, or those
/// of what the result is compared with; null where it does not.
static const InputSpec *scoredBy(const Interface &interface,
                                 const ResultSpec &result,
                                 const InputSpec &text) {
  if (result.axes.size() != 2 || result.axes[0].text != text.axes.front().text)
    return nullptr;
  const std::string &count = result.axes[1].text;
  if (count == text.tokens.text)
    return &text;
  for (const InputSpec &target : interface.inputs)
    if (target.name == result.target && count == target.tokens.text)
      return &target;
  return nullptr;
}

/// `takes `x` (f32[T]) and gives `y` (f32)`
static std::string describe(const Interface &interface) {
  std::vector<std::string> takes, gives;
  for (const InputSpec &input : interface.inputs)
    if (!input.isTarget)
      takes.push_back(fmt::format("`{}` ({})", input.name, input.type));
  for (const ResultSpec &result : interface.results)
    gives.push_back(fmt::format("`{}` ({})", result.name, result.type));
  return fmt::format("takes {} and gives {}", fmt::join(takes, ", "),
                     fmt::join(gives, ", "));
}

TextModel textModelOf(const Interface &interface) {
  std::vector<InputSpec> texts = textsOf(interface);
  // The text that is gone on with is the last one that has scores.
  for (size_t i = texts.size(); i-- > 0;)
    for (const ResultSpec &result : interface.results) {
      const InputSpec *scored = scoredBy(interface, result, texts[i]);
      if (!scored)
        continue;
      TextModel kind{texts[i], std::nullopt, result.name, *scored};
      if (texts.size() == 2)
        kind.given = texts[1 - i];
      return kind;
    }
  throw Error(fmt::format(
      "`{}` {}: to go on with a text, a model takes that (token<V>[T]), "
      "another "
      "text at most, and gives scores of a token at each position (f32[T, V])",
      interface.model, describe(interface)));
}

//===----------------------------------------------------------------------===//
// How a model is read
//===----------------------------------------------------------------------===//

TextReader::TextReader(const Model &model, TextModel kind, int64_t context,
                       seqc_team *team)
    : model(model), kind(std::move(kind)), context(context), team(team) {}

void TextReader::begin(std::vector<int64_t> text) {
  given = std::move(text);
  states.clear();
  before.clear();
  if (isTried)
    return;
  isTried = true;
  isInPlace = scoresInPlace();
  carries = !isInPlace && findsStatesEnough();
}

/// Tokens that differ from each other and from what may stand before a text.
std::vector<int64_t> TextReader::triedTokens() const {
  const int64_t size = kind.text.tokens.value.value_or(1);
  std::vector<int64_t> tokens;
  for (int64_t token : {size - 1, size / 2, int64_t{1}, size / 3, size - 1})
    tokens.push_back(std::clamp<int64_t>(token, 0, size - 1));
  return tokens;
}

/// Whether the last scores are those of the last token, which the model does
/// not look at: one that is another changes nothing.
bool TextReader::scoresInPlace() const {
  std::vector<int64_t> tokens = triedTokens();
  try {
    const std::vector<float> scores = lastScores(run(tokens, {}));
    tokens.back() = 0;
    return lastScores(run(tokens, {})) == scores;
  } catch (const Error &) {
    // A text of few positions may be all that it takes.
    return false;
  }
}

/// Whether `tokens`, read one by one, end with the scores that they have when
/// they are read at once.
bool TextReader::readsInParts(const std::vector<int64_t> &tokens) const {
  const std::vector<float> whole = lastScores(run(tokens, {}));
  runtime::TensorMap kept;
  std::vector<float> parted;
  for (int64_t token : tokens) {
    RunResult result = run({token}, runtime::viewsOf(kept));
    kept = std::move(result.states);
    if (kept.empty())
      return false;
    parted = lastScores(result);
  }
  constexpr float kRounding = 1e-4f;
  return std::equal(whole.begin(), whole.end(), parted.begin(),
                    [](float a, float b) {
                      return std::abs(a - b) <= kRounding * (1 + std::abs(a));
                    });
}

/// Whether a text may be read token by token. A model without states, or one
/// that looks at earlier positions besides, must see the whole: it is tried.
bool TextReader::findsStatesEnough() const {
  try {
    return readsInParts(triedTokens());
  } catch (const Error &) {
    // One position may be too few for it.
    return false;
  }
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

RunResult TextReader::run(const std::vector<int64_t> &tokens,
                          const runtime::ViewMap &states) const {
  RunOptions options;
  options.states = states;
  options.team = team;
  runtime::ViewMap inputs = {
      {kind.text.name, TensorView(tokens.data(), {1, std::ssize(tokens)})}};
  if (kind.given)
    inputs.emplace(kind.given->name,
                   TensorView(given.data(), {1, std::ssize(given)}));
  return model.run(inputs, options);
}

std::vector<float> TextReader::lastScores(const RunResult &result) const {
  const Tensor &scores = result.outputs.at(kind.scores);
  const int64_t size = scores.shape().back();
  const float *end = scores.data<float>() + scores.size();
  return {end - size, end};
}

std::vector<float> TextReader::read(const std::vector<int64_t> &tokens) {
  if (carries) {
    RunResult result = run(tokens, runtime::viewsOf(states));
    states = std::move(result.states);
    return lastScores(result);
  }
  before.insert(before.end(), tokens.begin(), tokens.end());
  // One position is that of the token which is scored.
  const int64_t seen = isInPlace ? context - 1 : context;
  if (context > 0 && seen < std::ssize(before))
    before.erase(before.begin(), before.end() - seen);
  if (!isInPlace)
    return lastScores(run(before, {}));
  std::vector<int64_t> text = before;
  // Stands where the scored token will.
  text.push_back(0);
  return lastScores(run(text, {}));
}

} // namespace seqc::tool
