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
using runtime::ResultSpec;

/// The model's only input, if that is a text; its targets do not matter.
static const InputSpec *findText(const runtime::Interface &interface) {
  const InputSpec *found = nullptr;
  for (const InputSpec &input : interface.inputs) {
    if (input.isTarget)
      continue;
    if (found || !data::takesText(input))
      return nullptr;
    found = &input;
  }
  return found;
}

/// Whether a result has scores of a token for each position of the text.
static bool scoresNext(const ResultSpec &result, const InputSpec &text) {
  return result.axes.size() == 2 &&
         result.axes[0].text == text.axes.front().text &&
         result.axes[1].text == text.tokens.text;
}

/// `takes `x` (f32[T]) and gives `y` (f32)`
static std::string describe(const runtime::Interface &interface) {
  std::vector<std::string> takes, gives;
  for (const InputSpec &input : interface.inputs)
    if (!input.isTarget)
      takes.push_back(fmt::format("`{}` ({})", input.name, input.type));
  for (const ResultSpec &result : interface.results)
    gives.push_back(fmt::format("`{}` ({})", result.name, result.type));
  return fmt::format("takes {} and gives {}", fmt::join(takes, ", "),
                     fmt::join(gives, ", "));
}

TextReader::TextReader(const Model &model, const runtime::Interface &interface,
                       int64_t context, seqc_team *team)
    : model(model), context(context), team(team) {
  const InputSpec *text = findText(interface);
  const auto scores =
      std::find_if(interface.results.begin(), interface.results.end(),
                   [&](const ResultSpec &result) {
                     return text && scoresNext(result, *text);
                   });
  if (scores == interface.results.end())
    throw Error(fmt::format(
        "`{}` {}: to go on with a text, a model takes that alone (token<V>[T]) "
        "and gives scores of the next token at each position (f32[T, V])",
        interface.model, describe(interface)));
  input = *text;
  output = scores->name;
  carries = findsStatesEnough();
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
/// that looks at earlier positions besides, must see the whole: it is tried on
/// tokens that differ from each other and from what may stand before a text.
bool TextReader::findsStatesEnough() const {
  const int64_t size = input.tokens.value.value_or(1);
  std::vector<int64_t> tokens;
  for (int64_t token : {size - 1, size / 2, int64_t{1}, size / 3, size - 1})
    tokens.push_back(std::clamp<int64_t>(token, 0, size - 1));
  try {
    return readsInParts(tokens);
  } catch (const Error &) {
    // One position may be too few for it.
    return false;
  }
}

RunResult TextReader::run(const std::vector<int64_t> &tokens,
                          const runtime::ViewMap &states) const {
  const auto length = static_cast<int64_t>(tokens.size());
  RunOptions options;
  options.states = states;
  options.team = team;
  return model.run({{input.name, TensorView(tokens.data(), {1, length})}},
                   options);
}

std::vector<float> TextReader::lastScores(const RunResult &result) const {
  const Tensor &scores = result.outputs.at(output);
  const int64_t size = scores.shape().back();
  const float *end = scores.data<float>() + scores.size();
  return {end - size, end};
}

std::vector<float> TextReader::read(const std::vector<int64_t> &tokens) {
  if (!carries) {
    before.insert(before.end(), tokens.begin(), tokens.end());
    if (context > 0 && context < std::ssize(before))
      before.erase(before.begin(), before.end() - context);
    return lastScores(run(before, {}));
  }
  RunResult result = run(tokens, runtime::viewsOf(states));
  states = std::move(result.states);
  return lastScores(result);
}

} // namespace seqc::tool
