//===- TextReader.h - What a language model expects next ------------------===//
// Reads a text token by token. Owns what the model keeps from one to the next.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TEXTREADER_H
#define SEQC_COMPILER_TOOLS_SEQC_TEXTREADER_H

#include "compiler/Seqc.h"
#include "runtime/core/interface.h"

namespace seqc::tool {

/// The inputs and the result by which a model goes on with a text.
struct TextModel {
  /// That text: token<V>[T].
  runtime::InputSpec text;
  /// Another text, which it answers or translates: token<W>[S].
  std::optional<runtime::InputSpec> given;
  /// The result with a score of each token at each position, f32[T, U].
  std::string scores;
  /// The text, or the target whose tokens these are: token<U>[T].
  runtime::InputSpec scored;
};

/// Throws runtime::Error, which says what the model takes and gives, where it
/// is no such model.
TextModel textModelOf(const runtime::Interface &interface);

class TextReader {
public:
  /// `model` has weights and must outlive the reader. Where its states do not
  /// say all of what has been read, `context` tokens of it are read anew each
  /// time; 0: all.
  TextReader(const Model &model, TextModel kind, int64_t context,
             seqc_team *team);

  /// Begins a text, with the tokens of the one that is given.
  void begin(std::vector<int64_t> given = {});

  /// The scores of each token that may stand behind all that has been read,
  /// `tokens` at its end.
  std::vector<float> read(const std::vector<int64_t> &tokens);

  /// Whether a text may begin with nothing: what the model says at a position
  /// is of the token there, which it does not look at.
  bool beginsWithNothing() const { return isInPlace; }

private:
  bool findsStatesEnough() const;
  bool readsInParts(const std::vector<int64_t> &tokens) const;
  bool scoresInPlace() const;
  std::vector<int64_t> triedTokens() const;
  RunResult run(const std::vector<int64_t> &tokens,
                const runtime::ViewMap &states) const;
  std::vector<float> lastScores(const RunResult &result) const;

  const Model &model;
  TextModel kind;
  int64_t context;
  seqc_team *team;
  /// Scores at a position are those of its own token, not of the next one.
  bool isInPlace = false;
  /// Whether the states say all of what has been read; else it is read anew.
  bool carries = false;
  bool isTried = false;
  std::vector<int64_t> given;
  runtime::TensorMap states;
  std::vector<int64_t> before;
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TEXTREADER_H
