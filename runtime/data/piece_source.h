//===- piece_source.h - Samples from one long text ------------------------===//
// What a language model learns from: pieces of a text, and each token's next.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_PIECE_SOURCE_H
#define SEQC_RUNTIME_DATA_PIECE_SOURCE_H

#include "runtime/data/source.h"

namespace seqc::data {

/// Of a file of text: `text`, token<V>[T], are `options.maxTokens` tokens, and
/// `next`, token<V>[T], if the model learns from it, the one after each. Pieces
/// follow each other without a gap; an address is the token with which one
/// begins. What is held out is cut off at the end.
SourcePtr readPieceSource(const std::string &path,
                          const runtime::Interface &interface,
                          const DataOptions &options, Warnings &warnings);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_PIECE_SOURCE_H
