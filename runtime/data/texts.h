//===- texts.h - Texts as an input's tokens -------------------------------===//
// What all readers of text share: learning a vocabulary, and numbering tokens.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TEXTS_H
#define SEQC_RUNTIME_DATA_TEXTS_H

#include "runtime/data/recipe.h"
#include "runtime/data/slots.h"
#include "runtime/data/warnings.h"

namespace seqc::data {

/// Adds the vocabulary of an input's tokens: that of the file that was given,
/// else of what was counted. It has as many tokens as the user or the model
/// says, at most. An input whose tokens have a vocabulary already keeps it.
void learnVocabulary(const InputSpec &input, const TokenCounts &counts,
                     Recipe &recipe);

/// The vocabulary of an input's tokens; throws runtime::Error where the recipe
/// has none.
const Vocabulary &vocabularyOf(const InputSpec &input, const Recipe &recipe);

/// A text cut into tokens; one of a table whose rows are words at white space.
std::vector<std::string> cut(const std::string &text,
                             const DataOptions &options);

/// The numbers of a text's tokens, at most as many as the recipe takes, the one
/// that ends a text among them: where there are more, a warning. A text without
/// a token is one unknown token.
std::vector<int64_t> numbersOf(const std::string &text, const InputSpec &input,
                               const Recipe &recipe, const std::string &place,
                               Warnings &warnings);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TEXTS_H
