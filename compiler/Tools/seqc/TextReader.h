//===- TextReader.h - What a language model expects next ------------------===//
// Reads a text token by token. Owns what the model keeps from one to the next.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TEXTREADER_H
#define SEQC_COMPILER_TOOLS_SEQC_TEXTREADER_H

#include "compiler/Seqc.h"
#include "runtime/core/interface.h"

namespace seqc::tool {

class TextReader {
public:
  /// Of a model that takes one text, token<V>[T], and scores the next token at
  /// each position, f32[T, V]; throws runtime::Error, which names both, for any
  /// other. `model` has weights and must outlive the reader. Where its states
  /// do not say all of what has been read, `context` tokens of it are read anew
  /// each time; 0: all.
  TextReader(const Model &model, const runtime::Interface &interface,
             int64_t context, seqc_team *team);

  const runtime::InputSpec &text() const { return input; }

  /// The scores of each token that may stand behind all that has been read,
  /// `tokens` (one at least) at its end.
  std::vector<float> read(const std::vector<int64_t> &tokens);

private:
  bool findsStatesEnough() const;
  bool readsInParts(const std::vector<int64_t> &tokens) const;
  RunResult run(const std::vector<int64_t> &tokens,
                const runtime::ViewMap &states) const;
  std::vector<float> lastScores(const RunResult &result) const;

  const Model &model;
  int64_t context;
  seqc_team *team;
  runtime::InputSpec input;
  std::string output;
  /// Whether the states say all of what has been read; else it is read anew.
  bool carries = false;
  runtime::TensorMap states;
  std::vector<int64_t> before;
};

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TEXTREADER_H
