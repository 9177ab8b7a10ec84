//===- Document.h - What definitions say of themselves --------------------===//
// Markdown of definitions: signatures, doc comments, what they hold. It comes
// from the text, so that it reads as its author wrote it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_DOCUMENT_H
#define SEQC_DSL_DOCUMENT_H

#include "dsl/Frontend.h"

namespace seqc::dsl {

/// All definitions of a file. Parses and checks it, but gives its dimensions
/// no values; empty if anything was reported.
std::string document(const SourcePtr &file, DiagnosticEngine &engine);

/// The library's definitions, a section for each of its files.
std::string documentLibrary();

/// The first sentence of a doc comment.
struct Remark {
  std::string kind; ///< `cell`, `layer`, `model`
  std::string name;
  std::string text; ///< may be empty
};

/// What is said of the program's model, then of each layer and cell that it
/// uses, once, in the order in which they are met. A model without a comment
/// takes that of its file.
std::vector<Remark> remarks(const Program &program);

} // namespace seqc::dsl

#endif // SEQC_DSL_DOCUMENT_H
