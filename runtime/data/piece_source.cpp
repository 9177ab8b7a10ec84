//===- piece_source.cpp - Samples from one long text ----------------------===//
// The text is cut into tokens once; they are numbered when there is a
// vocabulary.
//===----------------------------------------------------------------------===//

#include "runtime/data/piece_source.h"

#include "runtime/data/texts.h"
#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace seqc::data {
namespace {

using runtime::Error;

bool takesPiece(const InputSpec &input) {
  return !input.isTarget && takesText(input);
}

bool takesNext(const InputSpec &input) {
  return input.isTarget && takesText(input);
}

std::string readText(const std::string &path, Warnings &warnings) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  if (!file || (file.peek() != EOF && !(bytes << file.rdbuf())))
    throw Error(fmt::format("cannot read `{}`", path));
  bool isBroken = false;
  std::string text = repaired(bytes.str(), isBroken);
  if (isBroken)
    warnings.add("has bytes that are no valid UTF-8", path);
  return text;
}

class PieceSource : public Source {
public:
  PieceSource(const std::string &path, const runtime::Interface &interface,
              const DataOptions &options, Warnings &warnings)
      : path(path), length(options.maxTokens) {
    const std::string data = fmt::format("`{}` has a text (`text`) and each "
                                         "token's next one (`next`)",
                                         path);
    Slots slots(interface, data);
    text = slots.take("text", takesPiece, "text");
    if (!slots.left().empty())
      next = slots.take("next", takesNext, "token after each");
    slots.finish();
    if (next && next->tokens.text != text.tokens.text)
      throw Error(
          fmt::format("{} and {} have tokens of one text, and so of one "
                      "vocabulary",
                      describe(text), describe(*next)));
    if (!options.endToken.empty())
      throw Error(fmt::format("--end-token ends each of several texts, and "
                              "`{}` is one, of which pieces are read",
                              path));
    tokens = tokensOf(options.tokenizer, readText(path, warnings));
    if (tokens.size() < 2)
      throw Error(fmt::format("`{}` has {} tokens: there is nothing to learn "
                              "from",
                              path, tokens.size()));
  }

  std::vector<int64_t> addresses() const override {
    std::vector<int64_t> all;
    // The last token of all is only a next one.
    for (int64_t begin = 0; begin + 1 < std::ssize(tokens); begin += length)
      all.push_back(begin);
    return all;
  }

  bool isInTime() const override { return true; }

  void learn(const std::vector<int64_t> &training,
             Recipe &recipe) const override {
    TokenCounts counts;
    for (int64_t address : training)
      counts.add({tokens.begin() + address, tokens.begin() + endOf(address)});
    learnVocabulary(text, counts, recipe);
  }

  Samples samples(const std::vector<int64_t> &addresses, const Recipe &recipe,
                  Warnings &) const override {
    const Vocabulary &vocabulary = vocabularyOf(text, recipe);
    std::vector<std::vector<int64_t>> pieces, following;
    for (int64_t address : addresses) {
      std::vector<int64_t> numbers = vocabulary.numbersOf(
          {tokens.begin() + address, tokens.begin() + endOf(address) + 1});
      following.emplace_back(numbers.begin() + 1, numbers.end());
      numbers.pop_back();
      pieces.push_back(std::move(numbers));
    }
    Samples samples;
    samples.addTokens(text.name, pieces);
    if (next)
      samples.addTokens(next->name, following);
    return samples;
  }

  std::string place(int64_t address) const override {
    return fmt::format("{}: token {}", path, address);
  }

private:
  /// The token behind a piece, which is there.
  int64_t endOf(int64_t address) const {
    return std::min<int64_t>(address + length, std::ssize(tokens) - 1);
  }

  std::string path;
  int64_t length;
  std::vector<std::string> tokens;
  InputSpec text;
  std::optional<InputSpec> next;
};

} // namespace

SourcePtr readPieceSource(const std::string &path,
                          const runtime::Interface &interface,
                          const DataOptions &options, Warnings &warnings) {
  return std::make_unique<PieceSource>(path, interface, options, warnings);
}

} // namespace seqc::data
