//===- Parser.h - Tokens to a syntax tree ---------------------------------===//
// Recursive descent with one token of lookahead (two where a name may begin a
// keyword argument). After a fault it goes on at the next member or
// definition, so that one run reports several. Depth is limited, so that no
// text can overflow the stack, here or in any later phase.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_PARSE_PARSER_H
#define SEQC_DSL_PARSE_PARSER_H

#include "dsl/Diag/Diagnostic.h"
#include "dsl/Parse/Ast.h"

namespace seqc::dsl {

/// Parses a file. Faults go to the engine; the tree holds what is well formed.
Module parse(SourcePtr file, DiagnosticEngine &engine);

} // namespace seqc::dsl

#endif // SEQC_DSL_PARSE_PARSER_H
